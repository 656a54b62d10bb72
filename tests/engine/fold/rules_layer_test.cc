// Rules laid over others, and wrong ones put right to see what else is wrong.
#include <gtest/gtest.h>

#include <string>

#include "engine/fold/rules_text.h"
#include "tests/kit/status_matchers.h"

namespace rapport::fold {
namespace {

using kit::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

constexpr absl::string_view kBase =
    "name: \"base\"\n"
    "fold {\n"
    "  ring { name: \"spend\" half_life_days: 364 }\n"
    "  ring { name: \"dialogue\" half_life_days: 91 }\n"
    "  weight { kind: KIND_ENQUIRY_MADE ring: \"dialogue\" add: 500 }\n"
    "}\n"
    "evaluate {\n"
    "  advocacy { weight: 120000 half: 2000 }\n"
    "  stages { bond { days: 364 kind: KIND_ADVOCACY_SHOWN kind: KIND_REFERRAL_MADE } }\n"
    "  policy { id: \"a\" by: \"1d\" until: \"9d\" done { kind: KIND_THANKS_GIVEN }\n"
    "           when { stage: STAGE_EXPANSION } }\n"
    "  policy { id: \"b\" by: \"2d\" }\n"
    "  policy { id: \"c\" by: \"3d\" }\n"
    "}\n";

RulesText Base() { return RulesText::Parse(kBase, "base").value(); }

absl::StatusOr<RulesText> LaidOver(absl::string_view text) {
  return RulesText::Parse(text, "mine").value().Over(Base());
}

TEST(RulesLayerTest, ASingleValueTakesThePlaceOfTheOneBelowEvenIfItIsNought) {
  const RulesText rules = LaidOver("evaluate { advocacy { weight: 0 } }").value();
  EXPECT_EQ(rules.rules().evaluate().advocacy().weight(), 0);
  EXPECT_EQ(rules.rules().evaluate().advocacy().half(), 2000);
}

TEST(RulesLayerTest, WhatHasANameIsLaidOverItsNamesakeOrAdded) {
  const RulesText rules =
      LaidOver(
          "fold { ring { name: \"dialogue\" half_life_days: 30 }\n"
          "  weight { kind: KIND_ENQUIRY_MADE ring: \"dialogue\" add: 700 } }\n"
          "evaluate { policy { id: \"b\" until: \"5d\" } policy { id: \"d\" } }")
          .value();
  EXPECT_EQ(rules.rules().fold().ring_size(), 2);
  EXPECT_EQ(rules.rules().fold().ring(1).half_life_days(), 30);
  ASSERT_EQ(rules.rules().fold().weight_size(), 1);
  EXPECT_EQ(rules.rules().fold().weight(0).add(), 700);
  ASSERT_EQ(rules.rules().evaluate().policy_size(), 4);
  EXPECT_EQ(rules.rules().evaluate().policy(1).by(), "2d");
  EXPECT_EQ(rules.rules().evaluate().policy(1).until(), "5d");
  EXPECT_EQ(rules.rules().evaluate().policy(3).id(), "d");
}

TEST(RulesLayerTest, OtherValuesOfSeveralAndConditionsAreTakenAsAWhole) {
  const RulesText rules = LaidOver(
                              "evaluate { stages { bond { kind: KIND_JOINT_GOAL_SET } }\n"
                              "  policy { id: \"a\" done { kind: KIND_GIFT_GIVEN }\n"
                              "           when { purchase_days_min: 2 } } }")
                              .value();
  const v1::RecencyRule& bond = rules.rules().evaluate().stages().bond();
  ASSERT_EQ(bond.kind_size(), 1);
  EXPECT_EQ(bond.kind(0), v1::KIND_JOINT_GOAL_SET);
  EXPECT_EQ(bond.days(), 364);
  const v1::PolicyRule& policy = rules.rules().evaluate().policy(0);
  ASSERT_EQ(policy.done_size(), 1);
  EXPECT_EQ(policy.done(0).kind(), v1::KIND_GIFT_GIVEN);
  EXPECT_EQ(policy.when().stage(), v1::STAGE_UNSPECIFIED);
  EXPECT_EQ(policy.when().purchase_days_min(), 2u);
}

TEST(RulesLayerTest, TwoOfOneNameInOneFileStayTwo) {
  const RulesText rules =
      LaidOver("evaluate { policy { id: \"b\" by: \"5d\" } policy { id: \"b\" by: \"6d\" } }")
          .value();
  EXPECT_EQ(rules.rules().evaluate().policy_size(), 4) << "whoever compiles them refuses them";
}

TEST(RulesLayerTest, PoliciesCanBeLeftOut) {
  const RulesText rules = LaidOver("without_policy: \"b\"").value();
  ASSERT_EQ(rules.rules().evaluate().policy_size(), 2);
  EXPECT_EQ(rules.rules().evaluate().policy(1).id(), "c");
  // What stands behind it is still found where it is written.
  EXPECT_THAT(rules.Error(rules.rules().evaluate().policy(1), "by", 0, "x"),
              StatusIs(kInvalid, "RULES_INVALID: base:13:20: x"));
  EXPECT_THAT(LaidOver("\nwithout_policy: \"z\"").status(),
              StatusIs(kInvalid, "mine:2:1: base has no policy `z`"));
}

TEST(RulesLayerTest, AnErrorNamesTheFileThatTheValueIsWrittenIn) {
  const RulesText rules = LaidOver("evaluate {\n  policy { id: \"b\" until: \"5d\" } }").value();
  const v1::PolicyRule& policy = rules.rules().evaluate().policy(1);
  EXPECT_THAT(rules.Error(policy, "until", 0, "x"),
              StatusIs(kInvalid, "RULES_INVALID: mine:2:20: x"));
  EXPECT_THAT(rules.Error(policy, "by", 0, "x"), StatusIs(kInvalid, "RULES_INVALID: mine:2:3: x"))
      << "what lies below is right by itself";
  EXPECT_THAT(rules.Error(rules.rules().evaluate().policy(0), "by", 0, "x"),
              StatusIs(kInvalid, "RULES_INVALID: base:10:20: x"));
}

TEST(RulesLayerTest, NothingLaidOverSaysTheSame) {
  const RulesText rules = LaidOver("").value();
  EXPECT_EQ(rules.fold_digest(), Base().fold_digest());
  EXPECT_EQ(rules.evaluate_digest(), Base().evaluate_digest());
}

TEST(RulesErrorTest, IsReadOffAStatus) {
  const auto error = RulesErrorOf(Base().Error(Base().rules(), "name", 0, "a: b"));
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->file, "base");
  EXPECT_EQ(error->line, 1);
  EXPECT_EQ(error->what, "a: b");
  EXPECT_FALSE(RulesErrorOf(absl::NotFoundError("RULES_UNKNOWN: x")).has_value());
}

TEST(RulesErrorTest, OfAPolicyLeavesTheOthersWhenPutRight) {
  const RulesText rules = Base();
  const RulesError wrong =
      *RulesErrorOf(rules.Error(rules.rules().evaluate().policy(1), "by", 0, "wrong"));
  const std::optional<RulesText> righted = rules.PutRight(wrong, rules);
  ASSERT_TRUE(righted.has_value());
  EXPECT_EQ(righted->rules().evaluate().policy(1).id(), "b") << "others may name it";
  EXPECT_EQ(righted->rules().evaluate().policy(1).by(), "1d") << "as the first good one says";
  EXPECT_EQ(righted->rules().evaluate().policy(2).by(), "3d");
}

}  // namespace
}  // namespace rapport::fold
