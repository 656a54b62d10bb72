// Sets of rules by name, and what is told about wrong ones: where it stands, what is wrong, the
// cure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "projections/catalog.h"
#include "tests/kit/status_matchers.h"

namespace rapport::projections {
namespace {

using kit::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// `line:column what` of all that is wrong with rules laid over the standard ones.
std::vector<std::string> Wrong(const std::string& text) {
  std::vector<std::string> told;
  for (const fold::RulesError& error : WrongRules(text, "mine", "standard")) {
    told.push_back(absl::StrCat(error.file == "mine" ? "" : error.file + ":", error.line, ":",
                                error.column, " ", error.what));
  }
  return told;
}

std::string DigestOf(const fold::RulesText& rules) {
  const auto projection = Catalog(rules).value();
  return fold::RulesDigest(projection->fold_digest(), projection->evaluate_digest());
}

TEST(RuleSetsTest, AllThatComeWithTheProgramCanBeUsed) {
  ASSERT_FALSE(AllBuiltInRules().empty());
  EXPECT_EQ(AllBuiltInRules().front().name, "standard");
  for (const BuiltInRules& set : AllBuiltInRules()) {
    SCOPED_TRACE(std::string(set.name));
    EXPECT_THAT(WrongRules(set.text, set.name), IsEmpty());
    const auto rules = ReadRules(set.text, set.name);
    ASSERT_OK(rules.status());
    EXPECT_EQ(rules->rules().name(), set.name) << "it is found by the name that it calls itself";
    EXPECT_OK(Catalog(*rules).status());
  }
}

TEST(RuleSetsTest, NoTwoThatComeWithTheProgramSayTheSame) {
  std::vector<std::string> digests;
  for (const BuiltInRules& set : AllBuiltInRules()) {
    const auto rules = ReadRules(set.text, set.name).value();
    digests.push_back(DigestOf(rules));
  }
  std::sort(digests.begin(), digests.end());
  EXPECT_EQ(std::unique(digests.begin(), digests.end()), digests.end());
}

TEST(RuleSetsTest, AParentIsASetOfTheProgram) {
  const auto rules =
      ReadRules("parent: \"standard\" evaluate { friction { closed_unanswered: 600 } }", "mine");
  ASSERT_OK(rules.status());
  EXPECT_EQ(rules->rules().evaluate().friction().closed_unanswered(), 600);
  EXPECT_EQ(rules->rules().evaluate().friction().closed_refused(), 1000);
  EXPECT_TRUE(rules->rules().parent().empty()) << "they are whole";
  EXPECT_THAT(ReadRules("name: \"x\"\nparent: \"offise\"", "mine").status(),
              StatusIs(kInvalid,
                       "RULES_INVALID: mine:2:1: there are no rules `offise` to lie over; "
                       "write one of standard, repair"));
  EXPECT_THAT(ReadRules("without_policy: \"answer\"", "mine").status(),
              StatusIs(kInvalid,
                       "mine:1:1: these rules are whole, so there is nothing to leave "
                       "out; add parent: \"standard\""));
}

TEST(RuleSetsTest, AParentThatChangedIsTold) {
  const std::string digest = DigestOf(ReadRules(StandardRulesText(), "standard").value());
  EXPECT_OK(ReadRules("parent: \"standard\" parent_digest: \"" + digest + "\"", "mine").status());
  EXPECT_THAT(ReadRules("parent: \"standard\"\nparent_digest: \"r-000000000000\"", "mine").status(),
              StatusIs(kInvalid,
                       "mine:2:1: these rules were written to lie over r-000000000000, but "
                       "standard is " +
                           digest + " by now"));
}

TEST(RuleSetsTest, ASetMayLieOverOneThatLiesOverAnother) {
  const auto rules = ReadRules("parent: \"repair\" evaluate { horizon_days: 90 }", "mine");
  ASSERT_OK(rules.status());
  EXPECT_EQ(rules->rules().evaluate().friction().closed_unanswered(), 700);
  EXPECT_EQ(rules->rules().evaluate().horizon_days(), 90);
}

TEST(WrongRulesTest, AllThatCanBeToldApartIsToldByPlace) {
  EXPECT_THAT(
      Wrong("fold {\n"
            "  ring { name: \"dialogue\" half_life_days: 0 }\n"
            "  list { name: \"asks\" keep: 257 }\n"
            "}\n"
            "evaluate {\n"
            "  prior { r: 0 }\n"
            "  stages { dormant { silence_days: 0 } }\n"
            "  policy { id: \"answer\" by: \"1w\" }\n"
            "  policy { id: \"thank_you\" by: \"20d\" }\n"
            "}\n"),
      ElementsAre("2:27 `half_life_days` is 0; write a number from 1 to 36500",
                  "3:23 `keep` is 257; write a number from 1 to 256",
                  "6:11 prior.r must be 1..1000000000, is 0",
                  "7:22 stages.dormant.silence_days must be 1..3650, is 0",
                  testing::StartsWith("8:25 policy answer: by: \"1w\" is not a moment"),
                  "9:3 policy thank_you: until is before the moment above it; write from <= by <= "
                  "until"));
}

TEST(WrongRulesTest, UnknownNamesAreToldWithThoseThereAre) {
  EXPECT_THAT(Wrong("evaluate {\n  polices { }\n}"),
              ElementsAre(testing::HasSubstr("\"polices\"")));
  EXPECT_THAT(
      Wrong("evaluate {\n  stages { bond { kind: KIND_BOUGHT } }\n}"),
      ElementsAre(testing::AllOf(testing::StartsWith("2:"), testing::HasSubstr("KIND_BOUGHT"))));
  EXPECT_THAT(Wrong("fold {\n  ring { name: \"talk\" half_life_days: 3 }\n}"),
              ElementsAre(testing::StartsWith("2:10 there is no ring `talk`; write one of spend")));
  EXPECT_THAT(
      Wrong("fold {\n  list { name: \"talks\" keep: 3 }\n}"),
      ElementsAre(testing::StartsWith("2:10 there is no list `talks`; write one of orders")));
}

TEST(WrongRulesTest, AbsurdNumbersAreTold) {
  EXPECT_THAT(Wrong("evaluate { horizon_days: 99999 }"),
              ElementsAre("1:12 horizon_days must be 1..3650, is 99999"));
  EXPECT_THAT(Wrong("evaluate {\n  rhythm { weight: -1 }\n}"),
              ElementsAre("2:12 rhythm.weight must be 0..1000000, is -1"));
  EXPECT_THAT(Wrong("evaluate {\n  horizon_days: 99999999999999999999\n}"),
              ElementsAre(testing::StartsWith("2:17 Integer out of range")));
  EXPECT_THAT(Wrong("fold {\n  weight { kind: KIND_ENQUIRY_MADE ring: \"dialogue\" add: 0 }\n}"),
              ElementsAre("2:53 `add` is 0; write a number from 1 to 1000000000"));
  EXPECT_THAT(Wrong("fold {\n  rate { currency: \"GBP\" millionths: -5 }\n}"),
              ElementsAre("2:26 `millionths` is -5; write a number from 1 to 1000000000000"));
}

TEST(WrongRulesTest, OffsetsSpansAndHolidaysAreTold) {
  EXPECT_THAT(Wrong("evaluate { calendar {\n"
                    "  offset { begins: \"2026-03-29T01:00:00Z\" minutes: 120 }\n"
                    "  offset { begins: \"2025-10-26T01:00:00Z\" minutes: 60 }\n"
                    "} }"),
              ElementsAre("3:12 begins before the offset above it; write offsets by their "
                          "beginning"));
  EXPECT_THAT(Wrong("evaluate { calendar {\n"
                    "  span { weekday: WEEKDAY_MONDAY from: 540 to: 720 }\n"
                    "  span { weekday: WEEKDAY_MONDAY from: 700 to: 900 }\n"
                    "} }"),
              ElementsAre("3:10 already has a span that overlaps this one; join the two"));
  EXPECT_THAT(
      Wrong("evaluate { calendar {\n  span { weekday: WEEKDAY_MONDAY from: 900 to: 540 }\n} }"),
      ElementsAre("2:44 must be after `from` and at most 1440 minutes after midnight, is "
                  "540"));
  EXPECT_THAT(Wrong("evaluate { calendar {\n  holiday: \"Christmas\"\n} }"),
              ElementsAre("2:3 \"Christmas\" is not a date; write 2026-12-25"));
}

TEST(WrongRulesTest, PoliciesAreToldWithTheirIdAndPlace) {
  EXPECT_THAT(Wrong("evaluate {\n  policy { id: \"answer\" from: \"2d\" by: \"1d\" clock: "
                    "POLICY_CLOCK_UNSPECIFIED }\n}"),
              ElementsAre(testing::StartsWith("2:")));
  EXPECT_THAT(Wrong("evaluate {\n  policy { id: \"answer\" by: \"3d\" }\n}"),
              ElementsAre(testing::StartsWith("2:25 policy answer: by: ")))
      << "days are no open hours";
  EXPECT_THAT(
      Wrong("evaluate {\n  policy { id: \"thank_you\" trigger { kind: KIND_PROFILE_RECORDED "
            "} }\n}"),
      ElementsAre(testing::StartsWith("2:38 policy thank_you: ")));
  EXPECT_THAT(
      Wrong("evaluate {\n  policy { id: \"thank_you\" done { kind: KIND_ISSUE_PREVENTED } }\n"
            "}"),
      ElementsAre(testing::StartsWith("2:35 policy thank_you: ")));
}

TEST(WrongRulesTest, TwoPoliciesOfOneIdInOneFileAreTold) {
  const std::string one =
      "  policy { id: \"x\" class: FOLLOW_UP_CLASS_WORK priority: 1 anchor: POLICY_ANCHOR_EVENT\n"
      "    title: \"x\" trigger { kind: KIND_PURCHASE_MADE } by: \"1d\"\n"
      "    done { kind: KIND_THANKS_GIVEN } }\n";
  EXPECT_THAT(Wrong("evaluate {\n" + one + one + "}"),
              ElementsAre("5:12 policy x: there are two of this id"));
}

TEST(WrongRulesTest, AnErrorOfTheSetBelowNamesItsFile) {
  // What is laid over takes the closers' list away from what the standard rules say.
  const auto told = Wrong("fold {\n  list { name: \"referrals\" kind: KIND_REFERRAL_RECEIVED }\n}");
  ASSERT_FALSE(told.empty());
  for (const std::string& one : told) {
    EXPECT_TRUE(absl::StartsWith(one, "projections/rules/standard.textproto:")) << one;
  }
}

}  // namespace
}  // namespace rapport::projections
