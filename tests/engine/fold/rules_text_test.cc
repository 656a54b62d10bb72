#include "engine/fold/rules_text.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/kit/status_matchers.h"

namespace rapport::fold {
namespace {

using kit::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// Two parts, each value in a known place.
constexpr absl::string_view kText =
    "name: \"small\"\n"
    "fold {\n"
    "  base_currency: \"EUR\"\n"
    "  ring { name: \"spend\" half_life_days: 364 }\n"
    "  ring { name: \"dialogue\"\n"
    "         half_life_days: 91 }\n"
    "  list { name: \"orders\" kind: KIND_PURCHASE_MADE kind: KIND_PRAISE_GIVEN }\n"
    "}\n"
    "evaluate { prior { r: 250 } }\n";

RulesText Small() {
  absl::StatusOr<RulesText> text = RulesText::Parse(kText, "small.textproto");
  EXPECT_OK(text);
  return *std::move(text);
}

TEST(RulesTextTest, ReadsBothParts) {
  const RulesText text = Small();
  EXPECT_EQ(text.rules().name(), "small");
  EXPECT_EQ(text.rules().fold().ring_size(), 2);
  EXPECT_EQ(text.rules().evaluate().prior().r(), 250);
}

TEST(RulesTextTest, NamesThePlaceOfAnUnknownField) {
  EXPECT_THAT(RulesText::Parse("name: \"x\"\nfold {\n  rings: 3\n}\n", "mine.textproto").status(),
              StatusIs(kInvalid, "RULES_INVALID: mine.textproto:3:8: "));
}

TEST(RulesTextTest, NamesThePlaceOfAnUnknownKind) {
  EXPECT_THAT(
      RulesText::Parse("fold {\n  list { kind: KIND_BOUGHT }\n}", "mine.textproto").status(),
      StatusIs(kInvalid, "mine.textproto:2:"));
}

TEST(RulesTextTest, RefusesTextThatIsNoRuleSetForItsSize) {
  const std::string long_text(300 * 1024, '#');
  EXPECT_THAT(RulesText::Parse(long_text, "log.txt").status(),
              StatusIs(kInvalid, "log.txt:1:1: the text has 307200 bytes"));
}

TEST(RulesTextTest, RefusesConditionsThatGoTooDeep) {
  std::string text = "evaluate { policy { when {";
  for (int depth = 0; depth < 20; ++depth) text += "not{";
  EXPECT_OK(RulesText::Parse(text + std::string(23, '}'), "deep").status());
  for (int depth = 0; depth < 50'000; ++depth) text += "not{";
  EXPECT_THAT(RulesText::Parse(text, "deep").status(),
              StatusIs(kInvalid, "RULES_INVALID: deep:1:"));
}

TEST(RulesTextTest, PlacesAnErrorAtTheField) {
  const RulesText text = Small();
  const auto& ring = text.rules().fold().ring(1);
  EXPECT_THAT(text.Error(ring, "half_life_days", 0, "too short"),
              StatusIs(kInvalid, "RULES_INVALID: small.textproto:6:10: too short"));
}

TEST(RulesTextTest, PlacesAnErrorAtTheValueOfARepeatedField) {
  const RulesText text = Small();
  const auto& list = text.rules().fold().list(0);
  EXPECT_THAT(text.Error(list, "kind", 1, "twice"), StatusIs(kInvalid, "small.textproto:7:50: "));
}

TEST(RulesTextTest, PlacesAnErrorAboutAMissingFieldAtItsMessage) {
  const RulesText text = Small();
  const auto& list = text.rules().fold().list(0);
  EXPECT_THAT(text.Error(list, "keep", 0, "must be given"),
              StatusIs(kInvalid, "small.textproto:7:3: must be given"));
  EXPECT_THAT(text.Error(text.rules(), "parent_digest", 0, "must be given"),
              StatusIs(kInvalid, "small.textproto:1:1: "));
}

TEST(RulesTextTest, TellsEqualMessagesApart) {
  absl::StatusOr<RulesText> text = RulesText::Parse(
      "fold {\n ring { name: \"a\" }\n ring { name: \"a\" }\n}", "twice.textproto");
  ASSERT_OK(text);
  EXPECT_THAT(text->Error(text->rules().fold().ring(1), "name", 0, "twice"),
              StatusIs(kInvalid, "twice.textproto:3:9: twice"));
}

TEST(RulesTextTest, DigestsSeeMeaningNotLayout) {
  const RulesText small = Small();
  std::string relaid = "# a comment\n" + std::string(kText);
  relaid.replace(relaid.find("half_life_days: 91"), 18, "half_life_days:91 # short\n");
  const absl::StatusOr<RulesText> text = RulesText::Parse(relaid, "relaid.textproto");
  ASSERT_OK(text);
  EXPECT_EQ(text->fold_digest(), small.fold_digest());
  EXPECT_EQ(text->evaluate_digest(), small.evaluate_digest());
  EXPECT_EQ(small.fold_digest().size(), 32u);
}

TEST(RulesTextTest, EachPartHasItsOwnDigest) {
  const RulesText small = Small();
  std::string changed(kText);
  changed.replace(changed.find("r: 250"), 6, "r: 251");
  const absl::StatusOr<RulesText> text = RulesText::Parse(changed, "changed.textproto");
  ASSERT_OK(text);
  EXPECT_EQ(text->fold_digest(), small.fold_digest());
  EXPECT_NE(text->evaluate_digest(), small.evaluate_digest());
}

TEST(RulesTextTest, ShortDigestDependsOnBothParts) {
  const std::string digest = RulesDigest("aa", "bb");
  EXPECT_EQ(digest.size(), 14u);
  EXPECT_EQ(digest.substr(0, 2), "r-");
  EXPECT_NE(digest, RulesDigest("aa", "bc"));
  EXPECT_NE(digest, RulesDigest("aab", "b"));
}

}  // namespace
}  // namespace rapport::fold
