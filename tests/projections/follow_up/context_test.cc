// What follow-ups show, and which events share one.
#include "projections/follow_up/context.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/kit/follow_up_world.h"

namespace rapport::follow_up {
namespace {

using kit::EventBuilder;
using kit::FollowUpWorld;

// `NAME key@event`, separated by `;`, of each follow-up; events by their number.
std::vector<std::string> Contexts(const FollowUpWorld& world, int64_t hour) {
  std::vector<std::string> all;
  for (const FollowUpState& state : world.States(hour)) {
    v1::FollowUp out;
    WriteContext(state, world.facts(), hour * kMicrosPerHour, out);
    all.push_back(
        absl::StrJoin(out.context(), ";", [](std::string* text, const v1::FollowUpContext& one) {
          const std::string& id = one.event_id();
          absl::StrAppend(text, one.name(), " ", one.key(), "@",
                          id.substr(std::min(id.size(), id.find_last_of('0') + 1)));
        }));
  }
  return all;
}

std::string Policy(absl::string_view trigger_and_more) {
  return absl::StrCat(
      "policy { id: \"p\" class: FOLLOW_UP_CLASS_INTERNAL by: \"1d\" until: \"14d\" ",
      trigger_and_more, " }");
}

constexpr absl::string_view kRun =
    "anchor: POLICY_ANCHOR_RUN trigger { kind: KIND_FULFILMENT_STEP_DONE } "
    "done { kind: KIND_OUTREACH_MADE purpose: OUTREACH_PURPOSE_REASSURE }";

using Lines = std::vector<std::string>;

TEST(RunTest, StepsShareOneUntilItIsClosed) {
  FollowUpWorld world(kit::OnlyPolicies(Policy(kRun)));
  world.Add(
      "360000 FulfilmentStepDone A -;360001 FulfilmentStepDone A -;360002 FulfilmentStepDone B -;"
      "360005 OutreachMade:REASSURE o -;360006 FulfilmentStepDone A -");
  EXPECT_EQ(Contexts(world, 360010), (Lines{"FulfilmentStepDone A@1;FulfilmentStepDone A@2",
                                            "FulfilmentStepDone B@3", "FulfilmentStepDone A@5"}));
}

TEST(RunTest, AStepAtTheInstantOfTheClosingBeginsAnother) {
  FollowUpWorld world(kit::OnlyPolicies(Policy(kRun)));
  world.Add(
      "360000 FulfilmentStepDone A -;360005 FulfilmentStepDone A -;360005 OutreachMade:REASSURE o "
      "-");
  EXPECT_EQ(world.At(360006),
            "p event:00000000000000000000000000000001 DONE - 360000 360000 360024 360336;"
            "p event:00000000000000000000000000000002 DUE - 360005 360005 360029 360341");
  EXPECT_EQ(Contexts(world, 360006), (Lines{"FulfilmentStepDone A@1", "FulfilmentStepDone A@2"}))
      << "each step is shown once";
}

TEST(RunTest, WhatCameTooLateEndsTheRunAsWell) {
  FollowUpWorld world(kit::OnlyPolicies(Policy(kRun)));
  // Expired at 360336; the words come later, and then another step.
  world.Add(
      "360000 FulfilmentStepDone A -;360340 OutreachMade:REASSURE o -;"
      "360350 FulfilmentStepDone A -");
  EXPECT_EQ(world.At(360351),
            "p event:00000000000000000000000000000001 EXPIRED - 360000 360000 360024 360336;"
            "p event:00000000000000000000000000000003 DUE - 360350 360350 360374 360686");
  EXPECT_EQ(Contexts(world, 360351), (Lines{"FulfilmentStepDone A@1", "FulfilmentStepDone A@3"}));
}

TEST(ContextTest, ABlockShowsItsOwnTriggersOnly) {
  FollowUpWorld world(
      kit::OnlyPolicies(Policy("anchor: POLICY_ANCHOR_BLOCK trigger { kind: KIND_PURCHASE_MADE } "
                               "done { kind: KIND_THANKS_GIVEN } carry: \"LAST_PURCHASE\"")));
  // Block 500 ends with hour 360719.
  world.Add("360001 PurchaseMade A -;360719 PurchaseMade B -;360720 PurchaseMade C -");
  EXPECT_EQ(Contexts(world, 360721), (Lines{"PurchaseMade A@1;PurchaseMade B@2;LAST_PURCHASE C@3",
                                            "PurchaseMade C@3;LAST_PURCHASE C@3"}));
}

TEST(ContextTest, CarriesTheLatestNeedThatIsOpen) {
  FollowUpWorld world(
      kit::OnlyPolicies(Policy("anchor: POLICY_ANCHOR_EVENT trigger { kind: KIND_PURCHASE_MADE } "
                               "done { kind: KIND_THANKS_GIVEN } carry: \"NEED\"")));
  world.Add("360000 NeedHeard price -;360001 NeedHeard speed -;360002 PurchaseMade A -");
  EXPECT_EQ(Contexts(world, 360003), (Lines{"PurchaseMade A@3;NEED speed@2"}));
  world.Add("360004 NeedHeard price -");
  EXPECT_EQ(Contexts(world, 360005), (Lines{"PurchaseMade A@3;NEED price@4"}));
  world.Add("360006 QuestionAnswered price -");
  EXPECT_EQ(Contexts(world, 360007), (Lines{"PurchaseMade A@3;NEED speed@2"}));
  world.Add("360008 QuestionAnswered speed -");
  EXPECT_EQ(Contexts(world, 360009), (Lines{"PurchaseMade A@3"}));
}

TEST(ContextTest, CarriesObjectivesAndExpectationsThatAreOpen) {
  FollowUpWorld world(kit::OnlyPolicies(
      Policy("anchor: POLICY_ANCHOR_EVENT trigger { kind: KIND_PURCHASE_MADE } "
             "done { kind: KIND_THANKS_GIVEN } carry: \"OBJECTIVE\" carry: \"EXPECTATIONS\"")));
  world.Add(
      "360000 ObjectiveSet o -;360001 ObjectiveSet q -;360002 ExpectationSet e -;"
      "360003 ExpectationSet f -;360004 ExpectationMissed f -;360005 ObjectiveReached q -;"
      "360006 PurchaseMade A -");
  EXPECT_EQ(Contexts(world, 360007), (Lines{"PurchaseMade A@7;OBJECTIVE o@1;EXPECTATIONS e@3"}));
  world.Add("360008 ObjectiveSet q -");
  EXPECT_EQ(Contexts(world, 360009),
            (Lines{"PurchaseMade A@7;OBJECTIVE o@1;OBJECTIVE q@8;EXPECTATIONS e@3"}))
      << "set again";
  world.Add("360010 ObjectiveSet o -");
  EXPECT_EQ(Contexts(world, 360011),
            (Lines{"PurchaseMade A@7;OBJECTIVE q@8;OBJECTIVE o@9;EXPECTATIONS e@3"}))
      << "of several of one key the latest";
}

TEST(ContextTest, AnExpectationShowsWhatWasSetUnderItsKey) {
  FollowUpWorld world(
      kit::OnlyPolicies(Policy("anchor: POLICY_ANCHOR_KEY trigger { kind: KIND_EXPECTATION_MET } "
                               "done { kind: KIND_THANKS_GIVEN } carry: \"EXPECTATIONS\"")));
  world.Add("360000 ExpectationSet e -;360001 ExpectationSet f -;360002 ExpectationMet e -");
  EXPECT_EQ(Contexts(world, 360003), (Lines{"ExpectationMet e@3;EXPECTATIONS e@1"}));
}

TEST(ContextTest, WhatReachedNobodyIsNoPartOfASeries) {
  FollowUpWorld world(
      kit::OnlyPolicies(Policy("anchor: POLICY_ANCHOR_EVENT trigger { kind: KIND_PURCHASE_MADE } "
                               "done { kind: KIND_OUTREACH_MADE purpose: OUTREACH_PURPOSE_NOTE } "
                               "carry: \"POSITION\"")));
  EventBuilder first = kit::EventOfText("360000 OutreachMade:NOTE a -", 1);
  first.Set("position", 3);
  EventBuilder lost = kit::EventOfText("360001 OutreachMade:NOTE b -", 2);
  lost.Set("position", 4).Set("reached", 0);
  world.Add(std::move(first)).Add(std::move(lost)).Add("360002 PurchaseMade A -");
  EXPECT_EQ(Contexts(world, 360003), (Lines{"PurchaseMade A@3;POSITION 4@1"}));
}

TEST(ContextTest, ShowsPeopleWhoAreThere) {
  FollowUpWorld world(
      kit::OnlyPolicies(Policy("anchor: POLICY_ANCHOR_EVENT trigger { kind: KIND_PURCHASE_MADE } "
                               "done { kind: KIND_THANKS_GIVEN } carry: \"PERSON\"")));
  world.Add("360000 ContactPersonRecorded ada -");
  EventBuilder left = kit::EventOfText("360001 ContactPersonRecorded bob -", 2);
  left.Set("left", 1);
  world.Add(std::move(left)).Add("360002 PurchaseMade A -");
  EXPECT_EQ(Contexts(world, 360003), (Lines{"PurchaseMade A@3;PERSON ada@1"}));
}

TEST(ContextTest, TheLastRungStays) {
  FollowUpWorld world(kit::OnlyPolicies(
      Policy("anchor: POLICY_ANCHOR_BLOCK trigger { kind: KIND_OUTREACH_MADE reached: false } "
             "done { kind: KIND_OUTREACH_MADE } rung: \"call\" rung: \"visit\"")));
  world.Add("360001 OutreachMade:CHECK a 0");
  EXPECT_EQ(Contexts(world, 360010), (Lines{"OutreachMade a@1;RUNG call@1"}));
  world.Add("360002 OutreachMade:CHECK b 0");
  EXPECT_EQ(Contexts(world, 360010), (Lines{"OutreachMade a@1;OutreachMade b@2;RUNG visit@2"}));
  world.Add("360003 OutreachMade:CHECK c 0");
  EXPECT_EQ(Contexts(world, 360010),
            (Lines{"OutreachMade a@1;OutreachMade b@2;OutreachMade c@3;RUNG visit@3"}));
}

TEST(ContextTest, ThePositionFollowsTheLastThatWasSent) {
  FollowUpWorld world(kit::OnlyPolicies(
      Policy("anchor: POLICY_ANCHOR_EVENT trigger { kind: KIND_PURCHASE_MADE } mailings: true "
             "done { kind: KIND_OUTREACH_MADE purpose: OUTREACH_PURPOSE_NEWSLETTER } "
             "carry: \"POSITION\"")));
  world.Add("360001 PurchaseMade A -");
  EXPECT_EQ(Contexts(world, 360010), (Lines{"PurchaseMade A@1;POSITION 1@"}));
  EventBuilder sent = kit::EventOfText("360000 OutreachMade:NEWSLETTER n -", 2);
  sent.Set("position", 3);
  world.Add(std::move(sent)).Add("360002 OutreachMade:PROMOTION o -");
  EXPECT_EQ(Contexts(world, 360010), (Lines{"PurchaseMade A@1;POSITION 4@2"}));
}

TEST(ContextTest, TextsOfTheRulesComeLast) {
  FollowUpWorld world(
      kit::OnlyPolicies(Policy("anchor: POLICY_ANCHOR_EVENT trigger { kind: KIND_PURCHASE_MADE } "
                               "done { kind: KIND_GIFT_GIVEN } carry: \"preference.business\" "
                               "text { name: \"limit\" value: \"30 EUR\" }")));
  EventBuilder business = kit::EventOfText("360000 PreferenceRecorded business -", 1);
  business.Set("value", "bakery");
  world.Add(std::move(business)).Add("360001 PurchaseMade A -");
  EXPECT_EQ(Contexts(world, 360010),
            (Lines{"PurchaseMade A@2;preference.business bakery@1;limit 30 EUR@"}));
}

}  // namespace
}  // namespace rapport::follow_up
