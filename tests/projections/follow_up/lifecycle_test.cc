// What opens follow-ups, what closes them, and when they exist; beyond the golden vectors.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/base/time.h"
#include "tests/kit/follow_up_world.h"
#include "tests/kit/standard_rules.h"

namespace rapport::follow_up {
namespace {

using kit::FollowUpWorld;

// The standard rules with one more policy.
std::string StandardWith(const std::string& policy) {
  return absl::StrReplaceAll(kit::StandardRulesText(),
                             {{"  budget { contacts: 2", policy + "\n  budget { contacts: 2"}});
}

class LifecycleTest : public testing::Test {
 protected:
  FollowUpWorld world_{kit::PoliciesOf(kit::StandardRulesText())};
};

TEST_F(LifecycleTest, NobodyIsOwedNothing) {
  EXPECT_EQ(world_.At(360000), "");
  EXPECT_EQ(world_.NextChangeHour(360000), std::nullopt);
}

TEST_F(LifecycleTest, AftercareFollowsEachResolution) {
  world_.Add("360000 ComplaintRaised C1 3;360010 ComplaintResolved C1 -");
  EXPECT_EQ(
      world_.At(360010, "aftercare"),
      "aftercare event:00000000000000000000000000000002 PENDING - 360010 360082 360178 360730");
  world_.Add("360050 ResolutionAnswered C2 1");
  EXPECT_EQ(world_.StatusAt(360100, "aftercare"), "DUE -") << "another case's answer";
  world_.Add("360060 ResolutionAnswered C1 0");
  EXPECT_EQ(world_.StatusAt(360100, "aftercare"), "DONE -");
}

TEST_F(LifecycleTest, ReferralIsThankedForTwice) {
  world_.Add("360000 ReferralMade R -;360001 ThanksGiven - -;360100 ReferralConverted R -");
  std::vector<v1::FollowUpStatus> statuses;
  for (const FollowUpState& one : world_.States(360101)) {
    if (one.policy->id == "referral_thanks") statuses.push_back(one.status);
  }
  EXPECT_EQ(statuses,
            (std::vector<v1::FollowUpStatus>{v1::FOLLOW_UP_STATUS_DONE, v1::FOLLOW_UP_STATUS_DUE}));
}

TEST_F(LifecycleTest, GreetingIsForPeopleWhoHaveBought) {
  world_.Add("360000 DateRecorded birthday 229");
  EXPECT_EQ(world_.At(360700, "greeting"), "");
  world_.Add("360001 PurchaseMade - -");
  EXPECT_EQ(world_.StatusAt(360700, "greeting"), "DUE -");
}

TEST_F(LifecycleTest, PromiseBeginsWhenItSays) {
  kit::EventBuilder promise = kit::EventOfText("360000 PromiseMade p 360200", 1);
  promise.Set("due_from_us", 360050 * kMicrosPerHour);
  world_.Add(std::move(promise));
  EXPECT_EQ(world_.At(360000, "promise"), "promise key:p PENDING - 360000 360050 360200 -");
}

TEST_F(LifecycleTest, ConditionsDecideWhetherItExists) {
  FollowUpWorld world(kit::PoliciesOf(StandardWith(
      "policy { id: \"explore\" class: FOLLOW_UP_CLASS_WORK anchor: POLICY_ANCHOR_EVENT "
      "trigger { kind: KIND_PURCHASE_MADE } by: \"400d\" done { kind: KIND_MEETING_HELD } "
      "when { any { stage: STAGE_EXPLORATION } any { stage: STAGE_COMMITMENT } "
      "not { flag: FLAG_DAMAGED } } }")));
  world.Add("360000 PurchaseMade - -");
  EXPECT_EQ(world.StatusAt(360010, "explore"), "DUE -");
  // 182 days of silence are EXPLORATION still, then it is DISSOLUTION.
  EXPECT_EQ(world.StatusAt(360000 + 182 * 24 + 23, "explore"), "DUE -");
  EXPECT_EQ(world.StatusAt(360000 + 183 * 24, "explore"), "");
  EXPECT_EQ(world.NextChangeHour(360000 + 180 * 24), 360000 + 182 * 24)
      << "second_purchase has expired";
  EXPECT_EQ(world.NextChangeHour(360000 + 182 * 24), 360000 + 183 * 24);
  world.Add("360020 ComplaintRaised C1 4");
  EXPECT_EQ(world.StatusAt(360021, "explore"), "") << "DAMAGED";
}

TEST_F(LifecycleTest, ConditionsReadWhatIsKnown) {
  FollowUpWorld world(kit::PoliciesOf(StandardWith(
      "policy { id: \"known\" class: FOLLOW_UP_CLASS_WORK anchor: POLICY_ANCHOR_EVENT "
      "trigger { kind: KIND_PURCHASE_MADE } by: \"1d\" done { kind: KIND_MEETING_HELD } "
      "when { preference: \"channel\" consent: \"NEWSLETTER\" owner: true "
      "count { kind: KIND_PURCHASE_MADE min: 2 } purchase_days_max: 1 } }")));
  world.Add(
      "360000 PurchaseMade - -;360001 PurchaseMade - -;360002 PreferenceRecorded channel -;"
      "360003 ConsentChanged NEWSLETTER 1");
  EXPECT_EQ(world.At(360010, "known"), "") << "no owner";
  world.Add("360004 AccountManagerAssigned kim -");
  EXPECT_NE(world.At(360010, "known"), "");
  world.Add("360005 ConsentChanged NEWSLETTER 0");
  EXPECT_EQ(world.At(360010, "known"), "");
}

TEST_F(LifecycleTest, TriggersAreNarrowedByWhatTheySay) {
  FollowUpWorld world(kit::PoliciesOf(StandardWith(
      "policy { id: \"again\" class: FOLLOW_UP_CLASS_WORK anchor: POLICY_ANCHOR_EVENT "
      "trigger { kind: KIND_RESOLUTION_ANSWERED accepted: false } by: \"2d\" until: \"30d\" "
      "done { kind: KIND_COMPLAINT_RESOLVED same_key: true } }")));
  world.Add(
      "360000 ComplaintRaised C1 3;360010 ComplaintResolved C1 -;"
      "360020 ResolutionAnswered C1 1");
  EXPECT_EQ(world.At(360030, "again"), "");
  world.Add("360025 ResolutionAnswered C1 0");
  EXPECT_EQ(world.StatusAt(360030, "again"), "DUE -");
  world.Add("360028 ComplaintResolved C1 -");
  EXPECT_EQ(world.StatusAt(360030, "again"), "DONE -");
}

TEST_F(LifecycleTest, OutreachIsComparedByItsSubject) {
  FollowUpWorld world(kit::PoliciesOf(
      StandardWith("policy { id: \"state\" class: FOLLOW_UP_CLASS_WORK anchor: POLICY_ANCHOR_KEY "
                   "trigger { kind: KIND_PROMISE_KEPT } by: \"3d\" until: \"21d\" done { kind: "
                   "KIND_OUTREACH_MADE purpose: OUTREACH_PURPOSE_QUALITY same_key: true } }")));
  world.Add("360000 PromiseKept p -;360010 OutreachMade:QUALITY p -");
  EXPECT_EQ(world.StatusAt(360020, "state"), "DUE -") << "its key is its own";
  kit::EventBuilder letter = kit::EventOfText("360015 OutreachMade:QUALITY o -", 9);
  letter.envelope().set_subject("p");
  world.Add(std::move(letter));
  EXPECT_EQ(world.StatusAt(360020, "state"), "DONE -");
}

TEST_F(LifecycleTest, OpenHoursCountForAnswers) {
  // Hour 360000 is Wednesday, 2011-01-26, 00:00 UTC.
  FollowUpWorld world(kit::PoliciesOf(absl::StrReplaceAll(
      StandardWith(
          "calendar { span { weekday: WEEKDAY_WEDNESDAY weekday: WEEKDAY_THURSDAY from: 540 "
          "to: 1020 } }"),
      {{"by: \"24h\" until: \"30d\"", "by: \"8h\" until: \"30d\""}})));
  world.Add("360012 EnquiryMade Q -");
  EXPECT_EQ(world.At(360012, "answer"), "answer key:Q DUE - 360012 360012 360036 360732");
  world.Add("360014 QuestionAnswered Q 1");
  EXPECT_EQ(world.At(360020, "answer"),
            "answer key:Q SUPPRESSED WAITING 360012 360012 360039 360738")
      << "three open hours of the afternoon are not counted, six of Thursday are left";
  world.Add("360034 EnquiryMade Q -");
  EXPECT_EQ(world.At(360035, "answer"), "answer key:Q DUE - 360012 360012 360040 360752");
}

TEST_F(LifecycleTest, TimeEndsWith2100) {
  world_.Add("360000 PurchaseMade - -;360000 DateRecorded birthday 229");
  const int64_t last = kEndOfTimeMicros / kMicrosPerHour;
  EXPECT_EQ(world_.NextChangeHour(last - 24), std::nullopt);
}

TEST(TriggerTest, AnAnswerThatAsksBackOpensNothing) {
  kit::FollowUpWorld world(kit::OnlyPolicies(
      "policy { id: \"p\" class: FOLLOW_UP_CLASS_SERVICE anchor: POLICY_ANCHOR_EVENT by: \"7d\" "
      "until: \"30d\" trigger { kind: KIND_QUESTION_ANSWERED } done { kind: KIND_THANKS_GIVEN } "
      "}"));
  world.Add("360000 QuestionAnswered Q 1");
  EXPECT_EQ(world.At(360001), "");
  world.Add("360002 QuestionAnswered Q -");
  EXPECT_EQ(world.States(360003).size(), 1u);
}

TEST_F(LifecycleTest, NoSilenceOutlastsTime) {
  FollowUpWorld world(kit::PoliciesOf(kit::StandardRulesText()));
  world.Add("360000 PurchaseMade - -;360100 PurchaseMade - -;360200 ConsentChanged NEWSLETTER 1");
  constexpr int64_t kLastHour = INT64_MAX / kMicrosPerHour;
  EXPECT_EQ(world.At(kLastHour, "satisfaction"), "");
  EXPECT_EQ(world.NextChangeHour(kLastHour), std::nullopt);
  EXPECT_NE(world.At(360000 + 183 * 24, "satisfaction"), "");
}

}  // namespace
}  // namespace rapport::follow_up
