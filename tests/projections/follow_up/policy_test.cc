#include "projections/follow_up/policy.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/kit/follow_up_world.h"
#include "tests/kit/standard_rules.h"
#include "tests/kit/status_matchers.h"

namespace rapport::follow_up {
namespace {

using kit::StatusIs;

absl::StatusOr<Policies> Compile(absl::string_view evaluate) {
  absl::StatusOr<fold::RulesText> text =
      fold::RulesText::Parse(absl::StrCat("evaluate {\n", evaluate, "}\n"), "test.textproto");
  if (!text.ok()) return text.status();
  return Policies::Compile(*text, kit::Standard().fold, kit::Standard().evaluate);
}

// A policy in which the given words stand behind what is right.
std::string With(absl::string_view words) {
  return absl::StrCat(
      "policy { id: \"p\" class: FOLLOW_UP_CLASS_COURTESY anchor: POLICY_ANCHOR_EVENT\n", words,
      " }\n");
}
constexpr absl::string_view kTrigger = "trigger { kind: KIND_PURCHASE_MADE } ";
constexpr absl::string_view kDone = "done { kind: KIND_THANKS_GIVEN } ";

void ExpectRefused(absl::string_view evaluate, absl::string_view what) {
  EXPECT_THAT(Compile(evaluate), StatusIs(absl::StatusCode::kInvalidArgument, std::string(what)))
      << evaluate;
}

const Policy& Find(const Policies& policies, absl::string_view id) {
  for (const Policy& policy : policies.all()) {
    if (policy.id == id) return policy;
  }
  ADD_FAILURE() << "there is no policy " << id;
  return policies.all()[0];
}

TEST(PolicyTest, StandardRulesHaveTheirPolicies) {
  const Policies policies = kit::PoliciesOf(kit::StandardRulesText());
  std::vector<std::string> ids;
  for (const Policy& policy : policies.all()) ids.push_back(policy.id);
  const std::vector<std::string> expected = {"account_review",
                                             "aftercare",
                                             "answer",
                                             "cadence",
                                             "check_in",
                                             "complaint_acknowledge",
                                             "complaint_resolve",
                                             "confirm",
                                             "contact_referred",
                                             "cross_sell",
                                             "escalate_1",
                                             "escalate_2",
                                             "feedback_ask",
                                             "feedback_chase",
                                             "feedback_relay",
                                             "gift",
                                             "greeting",
                                             "growth_alert",
                                             "hand_over",
                                             "interest",
                                             "key_enquiry",
                                             "late",
                                             "lead_ask",
                                             "newsletter",
                                             "note",
                                             "preference",
                                             "promise",
                                             "quality",
                                             "reach_again",
                                             "reassure",
                                             "reference_ask",
                                             "referral_ask",
                                             "referral_thanks",
                                             "refused",
                                             "reinforce",
                                             "remind",
                                             "root_cause",
                                             "sales_alert",
                                             "satisfaction",
                                             "second_purchase",
                                             "successor",
                                             "thank_you",
                                             "training",
                                             "upsell",
                                             "win_back"};
  EXPECT_EQ(ids, expected);
  ASSERT_TRUE(policies.budget().has_value());
  EXPECT_EQ(policies.budget()->contacts, 2);
  EXPECT_TRUE(Find(policies, "lead_ask").in_yes_window);
  EXPECT_TRUE(Find(policies, "thank_you").in_yes_window);
  EXPECT_TRUE(Find(policies, "reinforce").in_yes_window);
  EXPECT_FALSE(Find(policies, "second_purchase").in_yes_window);
}

TEST(PolicyTest, ReadsTheListsOfTriggersAndClosersOnly) {
  const Policies policies = kit::PoliciesOf(kit::StandardRulesText());
  using facts::ListName;
  EXPECT_EQ(Find(policies, "thank_you").reads,
            MaskOf(ListName::kOrders) | MaskOf(ListName::kContacts) | MaskOf(ListName::kAsks));
  EXPECT_EQ(Find(policies, "lead_ask").reads,
            MaskOf(ListName::kOrders) | MaskOf(ListName::kReferrals));
  EXPECT_EQ(Find(policies, "second_purchase").reads,
            MaskOf(ListName::kContacts) | MaskOf(ListName::kDeals));
}

TEST(PolicyTest, ReadsMailingsWhereItSaysSo) {
  const absl::string_view done = "done { kind: KIND_OUTREACH_MADE } ";
  absl::StatusOr<Policies> without = Compile(With(absl::StrCat(kTrigger, "by: \"1d\" ", done)));
  absl::StatusOr<Policies> with =
      Compile(With(absl::StrCat(kTrigger, "by: \"1d\" mailings: true ", done)));
  ASSERT_OK(without);
  ASSERT_OK(with);
  const ListMask mailings = MaskOf(facts::ListName::kMailings);
  EXPECT_EQ(without->all()[0].reads & mailings, 0u);
  EXPECT_EQ(with->all()[0].reads & mailings, mailings);
}

TEST(PolicyTest, RoutesByClassUnlessItSaysWhere) {
  const Policies policies = kit::PoliciesOf(kit::StandardRulesText());
  EXPECT_EQ(Find(policies, "lead_ask").department, "sales");
  EXPECT_EQ(Find(policies, "thank_you").department, "service");
  EXPECT_EQ(Find(policies, "escalate_2").department, "management");
}

TEST(PolicyTest, NamesThePlaceOfAnError) {
  ExpectRefused(With(absl::StrCat(kTrigger, "\n  by: \"1w\" ", kDone)),
                "RULES_INVALID: test.textproto:4:3: policy p: by: \"1w\" is not a moment");
}

TEST(PolicyTest, RefusesTwoOfOneId) {
  const std::string one = With(absl::StrCat(kTrigger, "by: \"1d\" ", kDone));
  ExpectRefused(one + one, "test.textproto:4:10: policy p: there are two of this id");
}

TEST(PolicyTest, RefusesKindsThatNoListRemembers) {
  ExpectRefused(With(absl::StrCat("trigger { kind: KIND_INTEREST_SHOWN } by: \"1d\" ", kDone)),
                "InterestShown is remembered in no list, so it cannot open anything");
  ExpectRefused(With(absl::StrCat(kTrigger, "by: \"1d\" done { kind: KIND_CONCESSION_MADE }")),
                "ConcessionMade is remembered in no list, so it cannot close anything");
}

TEST(PolicyTest, LetsAMapsLastWriteClose) {
  absl::StatusOr<Policies> policies =
      Compile(With(absl::StrCat(kTrigger, "by: \"1d\" done { kind: KIND_PREFERENCE_RECORDED }")));
  ASSERT_OK(policies);
  EXPECT_EQ(policies->all()[0].closers[0].lists, MaskOf(facts::ListName::kPreferences));
}

TEST(PolicyTest, RefusesMomentsOutOfOrder) {
  ExpectRefused(With(absl::StrCat(kTrigger, "from: \"2d\" by: \"1d\" ", kDone)),
                "by is before the moment above it");
  ExpectRefused(With(absl::StrCat(kTrigger, "by: \"3d\" until: \"48h\" ", kDone)),
                "until is before the moment above it");
  ExpectRefused(With(absl::StrCat("trigger { kind: KIND_PROMISE_MADE } "
                                  "from: \"due_from or due+2d\" by: \"due+1d\" ",
                                  kDone)),
                "by is before the moment above it");
}

TEST(PolicyTest, RefusesMomentsThatTheTriggerCannotSay) {
  ExpectRefused(With(absl::StrCat(kTrigger, "by: \"term\" ", kDone)),
                "only complaints have a term");
  ExpectRefused(With(absl::StrCat(kTrigger, "by: \"due\" ", kDone)),
                "only promises and expectations are due");
  ExpectRefused(With(absl::StrCat(kTrigger, "by: \"date+1d\" ", kDone)), "moments of a date");
  ExpectRefused(With(absl::StrCat(kTrigger, "opened: \"1d\" by: \"1d\" ", kDone)),
                "opened: write term or 2term");
  ExpectRefused(With(absl::StrCat(kTrigger, "by: \"1d\" done { case_closed: true }")),
                "only complaints close");
}

TEST(PolicyTest, RefusesDaysInOpenHours) {
  ExpectRefused(With(absl::StrCat(kTrigger, "by: \"1d\" clock: POLICY_CLOCK_BUSINESS ", kDone)),
                "open hours are written in h or s");
}

TEST(PolicyTest, RefusesHalfAPolicy) {
  ExpectRefused(With(absl::StrCat("by: \"1d\" ", kDone)), "needs a trigger");
  ExpectRefused(With(absl::StrCat(kTrigger, "by: \"1d\"")), "needs at least one `done`");
  ExpectRefused(With(absl::StrCat(kTrigger, kDone)), "needs `by`");
  ExpectRefused(With(absl::StrCat("trigger {} by: \"1d\" ", kDone)), "a trigger is one of");
  ExpectRefused(With(absl::StrCat(kTrigger, "by: \"1d\" done {}")), "a `done` is one of");
  ExpectRefused("policy { class: FOLLOW_UP_CLASS_WORK }", "the id must be");
  ExpectRefused("policy { id: \"p\" }", "needs a class");
  ExpectRefused("policy { id: \"p\" class: FOLLOW_UP_CLASS_WORK }", "needs an anchor");
  ExpectRefused(With(absl::StrCat(kTrigger, "priority: 10 by: \"1d\" ", kDone)),
                "priority must be 0..9, is 10");
}

TEST(PolicyTest, RefusesAnchorsThatDoNotFitTheTrigger) {
  ExpectRefused(With(absl::StrCat("trigger { purchase_day: 1 } by: \"1d\" ", kDone)),
                "POLICY_ANCHOR_ONCE");
  ExpectRefused(With(absl::StrCat("trigger { date: \"*\" } by: \"date+1d\" ", kDone)),
                "POLICY_ANCHOR_DATE");
  ExpectRefused(
      absl::StrCat("policy { id: \"p\" class: FOLLOW_UP_CLASS_COURTESY anchor: POLICY_ANCHOR_DATE ",
                   "trigger { date: \"*\" } by: \"date+1d\" ", kDone, "}"),
      "a date comes again");
}

TEST(PolicyTest, RefusesWordsThatAKindLacks) {
  ExpectRefused(With(absl::StrCat("trigger { kind: KIND_PURCHASE_MADE purpose: "
                                  "OUTREACH_PURPOSE_CHECK } by: \"1d\" ",
                                  kDone)),
                "have a purpose");
  ExpectRefused(
      With(absl::StrCat(kTrigger, "by: \"1d\" done { kind: KIND_THANKS_GIVEN level_min: 1 }")),
      "only ComplaintEscalated has a level");
}

TEST(PolicyTest, RefusesBudgetAndYesWindowThatCannotBe) {
  ExpectRefused("budget { contacts: 101 window: \"7d\" }", "budget.contacts must be 0..100");
  ExpectRefused("budget { contacts: 2 window: \"week\" }", "budget.window: \"week\"");
  ExpectRefused("yes_window { lasts: \"3d\" policy: \"lead_ask\" }",
                "yes_window.policy: there is no policy lead_ask");
}

TEST(PolicyTest, RefusesWhatDriftsWithoutAnEnd) {
  const std::string open = absl::StrCat(kTrigger, "by: \"1d\" ", kDone);
  for (const absl::string_view when :
       {"points_min: 200", "not { points_max: 10 }",
        "any { content: true } any { flag: FLAG_AT_RISK }", "type: RELATIONSHIP_TYPE_ADVOCACY",
        "mode: SERVICE_MODE_PERSONAL"}) {
    const std::string condition = absl::StrCat("when { ", when, " } ");
    ExpectRefused(With(absl::StrCat(open, condition)),
                  "RULES_INVALID: test.textproto:2:1: policy p: its `when` asks for points, type, "
                  "mode or content, which drift by the day; write until, such as until: \"30d\"");
    EXPECT_OK(Compile(With(absl::StrCat(open, condition, "until: \"731d\""))));
    ExpectRefused(
        With(absl::StrCat(open, condition, "\n  until: \"732d\"")),
        "test.textproto:4:3: policy p: its `when` asks for points, type, mode or content, "
        "which drift by the day; write an until of at most 731d");
  }
  EXPECT_OK(Compile(With(absl::StrCat(open, "when { flag: FLAG_AT_RISK purchase_days_min: 2 }"))));
}

TEST(PolicyTest, RefusesToAskOfATriggerThatIsNoEvent) {
  const absl::string_view state =
      "policy { id: \"p\" class: FOLLOW_UP_CLASS_COURTESY anchor: POLICY_ANCHOR_DAY\n"
      "trigger { state { flag: FLAG_AT_RISK } } by: \"1d\" when {\n";
  for (const absl::string_view asked :
       {"severity_min", "escalated", "exceeded_min", "after", "after_same_key", "objective",
        "role_vacant", "topic_welcome"}) {
    const absl::string_view value = absl::StartsWith(asked, "after") ? "KIND_NEED_HEARD"
                                    : absl::EndsWith(asked, "min")   ? "3"
                                                                     : "true";
    ExpectRefused(absl::StrCat(state, "  ", asked, ": ", value, " } }"),
                  absl::StrCat("test.textproto:4:3: policy p: ", asked,
                               " asks about the event that opens it, and no event does; leave it "
                               "out, or trigger on a kind"));
    ExpectRefused(
        absl::StrCat(state, "any { not {\n ", asked, ": ", value, " } } any { owner: true } } }"),
        absl::StrCat("test.textproto:5:2: policy p: ", asked, " asks about the event"));
  }
  EXPECT_OK(Compile(absl::StrCat(state, "area: AREA_SALES consent: \"CHECK\" } }")));
}

TEST(PolicyTest, RefusesOneConditionOnTheEventAndOnWhatComesLaterWhereEventsShareIt) {
  const auto blocks = [](absl::string_view anchor, absl::string_view when) {
    return absl::StrCat("policy { id: \"p\" class: FOLLOW_UP_CLASS_COURTESY anchor: POLICY_ANCHOR_",
                        anchor, "\n", kTrigger, "by: \"1d\" until: \"9d\" ", kDone, "\n  when { ",
                        when, " } }");
  };
  for (const absl::string_view later : {"stage: STAGE_EXPLORATION", "points_min: 200"}) {
    const std::string either = absl::StrCat("any { after: KIND_NEED_HEARD } any { ", later, " }");
    for (const absl::string_view anchor : {"BLOCK", "KEY", "RUN"}) {
      for (const std::string& when :
           {either, absl::StrCat("not { after: KIND_NEED_HEARD ", later, " }"),
            absl::StrCat("all { all { ", either, " } }")}) {
        ExpectRefused(blocks(anchor, when),
                      "test.textproto:4:3: policy p: one `any` or `not` asks about the event that "
                      "opens it and about stage, flags or what drifts, while several events may "
                      "open one follow-up; write a policy for each, or anchor: "
                      "POLICY_ANCHOR_EVENT");
      }
      EXPECT_OK(
          Compile(blocks(anchor, absl::StrCat("all { after: KIND_NEED_HEARD ", later, " }"))));
    }
    EXPECT_OK(Compile(blocks("EVENT", either)));
  }
}

TEST(PolicyTest, RefusesOneConditionOnConsentBeforeADayOfTheMonthAndOnWhatComesLater) {
  const auto monthly = [](absl::string_view when) {
    return absl::StrCat(
        "policy { id: \"p\" class: FOLLOW_UP_CLASS_COURTESY anchor: POLICY_ANCHOR_DAY\n",
        "trigger { month_day: 1 } by: \"date+1d\" until: \"date+9d\" ", kDone, "\n  when { ", when,
        " } }");
  };
  ExpectRefused(monthly("any { consent: \"NEWSLETTER\" } any { flag: FLAG_KEY_ACCOUNT }"),
                "test.textproto:4:3: policy p: one `any` or `not` asks for consent");
  EXPECT_OK(Compile(monthly("consent: \"NEWSLETTER\" flag: FLAG_KEY_ACCOUNT")));
}

TEST(PolicyTest, RefusesNamesThatDoNotExist) {
  ExpectRefused(With(absl::StrCat("trigger { kind: KIND_PURCHASED } by: \"1d\" ", kDone)),
                "test.textproto:3:");
}

TEST(PolicyTest, CallsKindsAsTheContractDoes) {
  EXPECT_EQ(KindName(v1::KIND_PURCHASE_MADE), "PurchaseMade");
  EXPECT_EQ(KindName(v1::KIND_CASE_HANDED_OVER), "CaseHandedOver");
}

}  // namespace
}  // namespace rapport::follow_up
