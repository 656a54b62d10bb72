// Rules in words, what differs between two sets, and offsets of time zones.
#include "consumers/operations/rules_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/operations/rules_difference.h"
#include "consumers/operations/time_zone_offsets.h"
#include "projections/catalog.h"
#include "tests/kit/status_matchers.h"

namespace rapport::operations {
namespace {

using kit::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

v1::RuleSet Standard() {
  return projections::ReadRules(projections::StandardRulesText(), "standard")->rules();
}
v1::RuleSet With(const std::string& text) {
  return projections::ReadRules(text, "mine", "standard")->rules();
}

const v1::PolicyRule& Policy(const v1::RuleSet& rules, const std::string& id) {
  for (const v1::PolicyRule& policy : rules.evaluate().policy()) {
    if (policy.id() == id) return policy;
  }
  return v1::PolicyRule::default_instance();
}

TEST(RulesWordsTest, APolicyIsSaidWithItsTimesClosersAndWhatHoldsItBack) {
  EXPECT_EQ(
      PolicyInWords(Policy(Standard(), "answer")),
      "  answer: answer the question (service, WORK, priority 1)\n"
      "    After EnquiryMade or SupportRequested, once for each case, request or promise. Due "
      "by 24 hours of open hours. Worth nothing after 30 days.\n"
      "    Done by QuestionAnswered about the same. Nothing holds it back.\n");
  EXPECT_THAT(
      PolicyInWords(Policy(Standard(), "promise")),
      HasSubstr("From the beginning that was named, else the moment promised less 1 day on. "
                "Due by the moment promised."));
  EXPECT_THAT(PolicyInWords(Policy(Standard(), "second_purchase")),
              HasSubstr("while at most 1 purchase days. From 57 days on. Due by 64 days."));
}

TEST(RulesWordsTest, StagesAndScoreAreSaidWithTheirNumbers) {
  const v1::RuleSet rules = With(
      "evaluate { stages { dormant { silence_days: 77 } } rhythm { "
      "weight: 123000 } advocacy { weight: 0 } }");
  EXPECT_THAT(StagesInWords(rules.evaluate()), HasSubstr("for more than 77 days"));
  EXPECT_THAT(ScoreInWords(rules.evaluate()),
              HasSubstr("RHYTHM          up to 123 points, half of them at 2 purchase days"));
  EXPECT_THAT(ScoreInWords(rules.evaluate()), HasSubstr("ADVOCACY        not counted"));
}

TEST(RulesWordsTest, EveryPolicyOfEverySetIsSaidInFull) {
  for (const projections::BuiltInRules& set : projections::AllBuiltInRules()) {
    const v1::RuleSet rules = projections::ReadRules(set.text, set.name)->rules();
    for (const v1::PolicyRule& policy : rules.evaluate().policy()) {
      const std::string words = PolicyInWords(policy);
      EXPECT_THAT(words, HasSubstr(policy.title()));
      EXPECT_THAT(words, testing::Not(HasSubstr("_min"))) << words;
      EXPECT_THAT(words, testing::Not(HasSubstr(" ,"))) << words;
      EXPECT_THAT(words, testing::Not(HasSubstr("After ,"))) << words;
    }
  }
}

TEST(RulesDifferenceTest, NamesWhatDiffersByPath) {
  const v1::RuleSet mine = With(
      "without_policy: \"lead_ask\"\n"
      "fold { ring { name: \"dialogue\" half_life_days: 30 } }\n"
      "evaluate { friction { closed_unanswered: 700 } yes_window { policy: \"thank_you\" }\n"
      "  policy { id: \"answer\" by: \"8h\" } }");
  std::vector<std::string> told;
  for (const RulesDiffering& one : RulesDifference(Standard(), mine)) {
    told.push_back(one.path + (one.needs_refold ? "!" : "") + ": " + one.before.substr(0, 20) +
                   " -> " + one.after.substr(0, 20));
  }
  EXPECT_THAT(told, ElementsAre("fold.ring[dialogue].half_life_days!: 91 -> 30",
                                "evaluate.friction.closed_unanswered: 500 -> 700",
                                "evaluate.policy[answer].by: \"24h\" -> \"8h\"",
                                "evaluate.policy[lead_ask]: { id: \"lead_ask\" cla -> ",
                                testing::StartsWith("evaluate.yes_window.policy: ")));
  EXPECT_TRUE(RulesDifference(mine, mine).empty());
}

TEST(TimeZoneOffsetsTest, AreThoseOfTheZoneAtTheInstantsOfItsChanges) {
  EXPECT_EQ(TimeZoneOffsets("Europe/Madrid", 2026, 2026).value(),
            "# Europe/Madrid, 2026 to 2026: rapport rules time-zone Europe/Madrid --years "
            "2026-2026\n"
            "evaluate {\n"
            "  calendar {\n"
            "    offset { begins: \"2026-01-01T00:00:00Z\" minutes: 60 }\n"
            "    offset { begins: \"2026-03-29T01:00:00Z\" minutes: 120 }\n"
            "    offset { begins: \"2026-10-25T01:00:00Z\" minutes: 60 }\n"
            "  }\n"
            "}\n");
  EXPECT_THAT(TimeZoneOffsets("America/New_York", 2026, 2026).value(),
              HasSubstr("{ begins: \"2026-03-08T07:00:00Z\" minutes: -240 }"));
  EXPECT_THAT(TimeZoneOffsets("Asia/Kathmandu", 2020, 2035).value(), HasSubstr("minutes: 345 }"));
}

TEST(TimeZoneOffsetsTest, AreRulesThatCanBeLaidOver) {
  const std::string text = TimeZoneOffsets("Europe/Madrid", 2020, 2035).value();
  const v1::RuleSet rules = With(text);
  EXPECT_EQ(rules.evaluate().calendar().offset_size(), 33);
  EXPECT_TRUE(projections::WrongRules(text, "madrid", "standard").empty());
}

TEST(TimeZoneOffsetsTest, RefuseZonesAndYearsThatThereAreNot) {
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(TimeZoneOffsets("Europe/Madird", 2020, 2035).status(),
              StatusIs(kInvalid, "there is no time zone Europe/Madird on this machine; write one"));
  EXPECT_THAT(TimeZoneOffsets("localtime", 2020, 2035).status(),
              StatusIs(kInvalid, "no time zone"));
  EXPECT_THAT(TimeZoneOffsets("Europe/Madrid", 2035, 2020).status(), StatusIs(kInvalid, "--years"));
  EXPECT_THAT(TimeZoneOffsets("Europe/Madrid", 1, 2020).status(), StatusIs(kInvalid, "--years"));
}

}  // namespace
}  // namespace rapport::operations
