#include "projections/facts/evaluate_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/kit/standard_rules.h"
#include "tests/kit/status_matchers.h"

namespace rapport::facts {
namespace {

using kit::StandardRulesTextWith;
using kit::StatusIs;

// What loading says when `from` in the standard rules is replaced by `to`.
absl::Status Loaded(const std::string& from, const std::string& to) {
  const auto text = fold::RulesText::Parse(StandardRulesTextWith(from, to), "test.textproto");
  if (!text.ok()) return text.status();
  return EvaluateRules::From(*text).status();
}

// The line of `words` in the standard rules, as errors write it.
std::string PlaceOf(const std::string& words) {
  const std::string& text = kit::StandardRulesText();
  const size_t at = text.find(words);
  const auto line = std::count(text.begin(), text.begin() + static_cast<int64_t>(at), '\n') + 1;
  return "test.textproto:" + std::to_string(line) + ":";
}

TEST(EvaluateRulesTest, StandardRulesHaveTheNumbersOfTheSpecification) {
  const EvaluateRules& rules = kit::Standard().evaluate;
  EXPECT_EQ(rules.prior.r, 250);
  EXPECT_EQ(rules.prior.alpha, 30'000);
  EXPECT_EQ(rules.rhythm.half_life_days, 91);
  EXPECT_EQ(rules.friction.weight[4], 2'500);
  EXPECT_EQ(rules.friction.term_days[1], 30);
  EXPECT_EQ(rules.stages.dormant_cadences, 4);
  EXPECT_EQ(rules.flags.damaged_friction, 1'500);
  EXPECT_NE(rules.RolesOf(v1::KIND_ENQUIRY_MADE) & kInterest, 0);
  EXPECT_NE(rules.RolesOf(v1::KIND_ENQUIRY_MADE) & kAct, 0);
  EXPECT_EQ(rules.RolesOf(v1::KIND_OUTREACH_MADE), 0);
  EXPECT_EQ(rules.RolesOf(v1::KIND_REQUIREMENT_CHANGED), kLooking);
}

TEST(EvaluateRulesTest, ANumberOutOfRangeIsNamedWithItsPlaceAndWhatItMustBe) {
  const absl::Status status = Loaded("silence_days: 60", "silence_days: 0");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                               "stages.dormant.silence_days must be 1..3650, is 0"));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, PlaceOf("silence_days: 60")));
}

TEST(EvaluateRulesTest, APriorBelowOneIsRefused) {
  EXPECT_THAT(Loaded("r: 250", "r: 0"),
              StatusIs(absl::StatusCode::kInvalidArgument, "prior.r must be 1..1000000000, is 0"));
}

TEST(EvaluateRulesTest, AHalfLifeBelowADayIsRefused) {
  EXPECT_THAT(Loaded("half: 2000 half_life_days: 91", "half: 2000 half_life_days: 0"),
              StatusIs(absl::StatusCode::kInvalidArgument, "rhythm.half_life_days must be 1.."));
}

TEST(EvaluateRulesTest, AMissingNumberIsToldAsZero) {
  EXPECT_THAT(Loaded("horizon_days: 273", ""),
              StatusIs(absl::StatusCode::kInvalidArgument, "horizon_days must be 1..3650, is 0"));
}

TEST(EvaluateRulesTest, ThreeSeveritiesAreTooFew) {
  EXPECT_THAT(Loaded("severity { weight: 2500 term_days: 2 }", ""),
              StatusIs(absl::StatusCode::kInvalidArgument, "severity` four times"));
}

TEST(EvaluateRulesTest, AKindMayBeNamedOnce) {
  EXPECT_THAT(Loaded("kind: KIND_ENQUIRY_MADE kind:", "kind: KIND_INTEREST_SHOWN kind:"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "stages.interest names KIND_INTEREST_SHOWN twice"));
}

TEST(EvaluateRulesTest, AKindMustBeOne) {
  EXPECT_THAT(Loaded("kind: KIND_COMPETITOR_NOTICED", "kind: KIND_UNSPECIFIED"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "flags.looking_around.kind is no kind of event"));
}

TEST(EvaluateRulesTest, AWantedPreferenceIsNamedOnce) {
  EXPECT_THAT(Loaded("wanted_preference: \"business\"", "wanted_preference: \"channel\""),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "wanted_preference \"channel\" stands there twice"));
}

TEST(EvaluateRulesTest, AWantedPreferenceIsAKey) {
  EXPECT_THAT(Loaded("wanted_preference: \"business\"", "wanted_preference: \"\""),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "wanted_preference must be a key of 1..64 bytes, is 0"));
}

TEST(EvaluateRulesTest, AWaitThatIsAimedAtIsASensibleOne) {
  for (const char* absurd : {"0", "-5", "2592001"}) {
    EXPECT_THAT(Loaded("at_most_s: 60", absl::StrCat("at_most_s: ", absurd)),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         "targets.wait.at_most_s must be 1..2592000, is"));
  }
  EXPECT_THAT(Loaded("live_person_permille: 800", "live_person_permille: 1001"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "targets.live_person_permille must be 0..1000, is 1001"));
  EXPECT_THAT(Loaded("in_time_permille: 900", "in_time_permille: -1"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "targets.in_time_permille must be 0..1000, is -1"));
}

TEST(EvaluateRulesTest, AChannelHasOneTarget) {
  EXPECT_THAT(Loaded("channel: CHANNEL_CHAT at_most_s", "channel: CHANNEL_PHONE at_most_s"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "targets.wait names CHANNEL_PHONE twice; write it once"));
  EXPECT_THAT(Loaded("channel: CHANNEL_CHAT at_most_s", "at_most_s"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "targets.wait stands there twice without a channel"));
  EXPECT_THAT(Loaded("channel: CHANNEL_CHAT at_most_s", "channel: 77 at_most_s"),
              StatusIs(absl::StatusCode::kInvalidArgument, "targets.wait.channel is no channel"));
}

TEST(EvaluateRulesTest, ATargetElsewhereIsForAllThatHaveNoneOfTheirOwn) {
  const Targets& targets = kit::Standard().evaluate.targets;
  EXPECT_EQ(targets.WaitOn(v1::CHANNEL_PHONE), 180);
  EXPECT_EQ(targets.WaitOn(v1::CHANNEL_CHAT), 60);
  EXPECT_EQ(targets.WaitOn(v1::CHANNEL_EMAIL), 600);
  EXPECT_EQ(targets.WaitOn(v1::CHANNEL_UNSPECIFIED), 600);
  EXPECT_EQ(Targets().WaitOn(v1::CHANNEL_PHONE), std::nullopt);
}

TEST(EvaluateRulesTest, AWeightOfZeroTurnsALineOff) {
  EXPECT_OK(Loaded("advocacy { weight: 120000", "advocacy { weight: 0"));
}

}  // namespace
}  // namespace rapport::facts
