#include "projections/facts/fold_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/kit/standard_rules.h"
#include "tests/kit/status_matchers.h"

namespace rapport::facts {
namespace {

using kit::Standard;
using kit::StandardRulesTextWith;
using kit::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

absl::Status CompileWith(const std::string& from, const std::string& to) {
  const auto text = fold::RulesText::Parse(StandardRulesTextWith(from, to), "mine.textproto");
  if (!text.ok()) return text.status();
  return FoldRules::Compile(*text).status();
}

// The standard rules with `rule` added to the fold part.
absl::Status CompileAdding(const std::string& rule) {
  return CompileWith("unlisted_rate: 1000000", "unlisted_rate: 1000000 " + rule);
}

FoldRules CompiledWith(const std::string& from, const std::string& to) {
  const auto text = fold::RulesText::Parse(StandardRulesTextWith(from, to), "mine.textproto");
  EXPECT_OK(text);
  absl::StatusOr<FoldRules> rules = FoldRules::Compile(*text);
  EXPECT_OK(rules);
  return *std::move(rules);
}

v1::Money Money(int64_t micros, const char* currency) {
  v1::Money money;
  money.set_micros(micros);
  money.set_currency(currency);
  return money;
}

TEST(FoldRulesTest, StandardHalfLivesAndSizesAreThoseOfTheSpecification) {
  const FoldRules& rules = Standard().fold;
  EXPECT_EQ(rules.half_life(RingName::kSpend), 364);
  EXPECT_EQ(rules.half_life(RingName::kSentimentMinus), 182);
  EXPECT_EQ(rules.half_life(RingName::kDialogue), 91);
  EXPECT_EQ(rules.half_life(RingName::kModeCommunity), 182);
  EXPECT_EQ(rules.keep(ListName::kOrders), 8u);
  EXPECT_EQ(rules.keep(ListName::kCasework), 128u);
  EXPECT_EQ(rules.keep(ListName::kPreferences), 32u);
  EXPECT_EQ(rules.keep(ListName::kOwner), 1u);
}

TEST(FoldRulesTest, OutreachIsListedByWhetherItIsPersonal) {
  const FoldRules& rules = Standard().fold;
  EXPECT_EQ(rules.ListOf(v1::KIND_OUTREACH_MADE, true), ListName::kContacts);
  EXPECT_EQ(rules.ListOf(v1::KIND_OUTREACH_MADE, false), ListName::kMailings);
  EXPECT_EQ(rules.ListOf(v1::KIND_THANKS_GIVEN, false), ListName::kContacts);
  EXPECT_EQ(rules.ListOf(v1::KIND_PURCHASE_REVERSED), std::nullopt);
}

TEST(FoldRulesTest, CentiRoundsDownAndUsesTheRate) {
  const FoldRules rules =
      CompiledWith("unlisted_rate: 1000000",
                   "unlisted_rate: 500000 rate { currency: \"GBP\" millionths: 1170000 }");
  EXPECT_EQ(rules.Centi(Money(19'999, "EUR")), 1);
  EXPECT_EQ(rules.Centi(Money(10'000'000, "GBP")), 1170);
  EXPECT_EQ(rules.Centi(Money(10'000'000, "USD")), 500);
  EXPECT_EQ(rules.Listed("GBP"), "GBP");
  EXPECT_EQ(rules.Listed("USD"), "XXX");
}

TEST(FoldRulesTest, CentiIsCappedAndNeverNegative) {
  const FoldRules rules =
      CompiledWith("unlisted_rate: 1000000",
                   "unlisted_rate: 0 rate { currency: \"BTC\" millionths: 1000000000000 }");
  EXPECT_EQ(rules.Centi(Money(1'000'000'000'000'000, "BTC")), int64_t{1} << 42);
  EXPECT_EQ(rules.Centi(Money(-5'000'000, "EUR")), 0);
  EXPECT_EQ(rules.Centi(Money(5'000'000, "USD")), 0);
}

TEST(FoldRulesTest, BandsBeginAtTheirMarks) {
  const FoldRules& rules = Standard().fold;
  EXPECT_EQ(rules.BandOf(850)->add, 1000);
  EXPECT_EQ(rules.BandOf(849)->add, 300);
  EXPECT_EQ(rules.BandOf(650)->ring, RingName::kSentimentPlus);
  EXPECT_EQ(rules.BandOf(649)->ring, RingName::kSentimentMinus);
  EXPECT_EQ(rules.FeelingOf(-1)->add, 300);
  EXPECT_EQ(rules.FeelingOf(0), nullptr);
  EXPECT_EQ(rules.FeelingOf(3), nullptr);
}

TEST(FoldRulesTest, NamesPlaceAndCureOfAnUnknownRing) {
  const std::string words = kit::StandardRulesText();
  const auto before = words.begin() + static_cast<long>(words.find("ring { name: \"spend\""));
  const auto line = 1 + std::count(words.begin(), before, '\n');
  EXPECT_THAT(CompileWith("ring { name: \"spend\"", "ring { name: \"spent\""),
              StatusIs(kInvalid, absl::StrCat("mine.textproto:", line,
                                              ":10: there is no ring `spent`; write one of "
                                              "spend, sentiment_plus")));
}

TEST(FoldRulesTest, RefusesRingsWithoutHalfLife) {
  EXPECT_THAT(CompileWith("ring { name: \"dialogue\" half_life_days: 91 }", ""),
              StatusIs(kInvalid, "ring `dialogue` has no half-life; add ring {"));
  EXPECT_THAT(CompileWith("half_life_days: 91", "half_life_days: 0"),
              StatusIs(kInvalid, "`half_life_days` is 0; write a number from 1 to 36500"));
  EXPECT_THAT(CompileAdding("ring { name: \"spend\" half_life_days: 3 }"),
              StatusIs(kInvalid, "ring `spend` is set twice"));
}

TEST(FoldRulesTest, RefusesWrongCurrencies) {
  EXPECT_THAT(CompileWith("base_currency: \"EUR\"", "base_currency: \"Euro\""),
              StatusIs(kInvalid, "write three capital letters, such as EUR"));
  EXPECT_THAT(CompileAdding("rate { currency: \"EUR\" millionths: 5 }"),
              StatusIs(kInvalid, "EUR is the base currency"));
  EXPECT_THAT(CompileAdding("rate { currency: \"XXX\" millionths: 5 }"),
              StatusIs(kInvalid, "XXX stands for all currencies without a rate"));
  EXPECT_THAT(CompileAdding("rate { currency: \"GBP\" millionths: 5 } "
                            "rate { currency: \"GBP\" millionths: 5 }"),
              StatusIs(kInvalid, "GBP has two rates"));
  EXPECT_THAT(CompileAdding("rate { currency: \"GBP\" }"), StatusIs(kInvalid, "`millionths` is 0"));
}

TEST(FoldRulesTest, RefusesWeightsThatCannotBeMeant) {
  EXPECT_THAT(CompileAdding("weight { kind: KIND_THANKS_GIVEN ring: \"dialogue\" add: 1 }"),
              StatusIs(kInvalid, "only acts of the customer move `dialogue`"));
  EXPECT_THAT(CompileAdding("weight { kind: KIND_PURCHASE_MADE ring: \"spend\" add: 1 }"),
              StatusIs(kInvalid, "is filled by what was spent"));
  EXPECT_THAT(CompileAdding("weight { kind: KIND_PROFILE_RECORDED ring: \"dialogue\" add: 1 }"),
              StatusIs(kInvalid, "can be neither weighed nor listed"));
  EXPECT_THAT(CompileAdding("weight { ring: \"dialogue\" add: 1 }"),
              StatusIs(kInvalid, "no kind is given"));
  EXPECT_THAT(CompileAdding("weight { kind: KIND_ENQUIRY_MADE ring: \"dialogue\" }"),
              StatusIs(kInvalid, "`add` is 0"));
  EXPECT_THAT(CompileAdding("weight { kind: KIND_ENQUIRY_MADE ring: \"dialogue\" add: 5 }"),
              StatusIs(kInvalid, "the same events add to `dialogue` twice"));
}

TEST(FoldRulesTest, RefusesNarrowingThatTheKindDoesNotHave) {
  const std::string begin = "weight { ring: \"type_reactive\" add: 1 kind: ";
  EXPECT_THAT(CompileAdding(begin + "KIND_COMMUNITY_ACTED form: \"SANG\" }"),
              StatusIs(kInvalid,
                       "KIND_COMMUNITY_ACTED has no form `SANG`; write one of JOINED, "
                       "POSTED, ANSWERED, ATTENDED, LEFT"));
  EXPECT_THAT(CompileAdding(begin + "KIND_MEETING_HELD form: \"SANG\" }"),
              StatusIs(kInvalid, "it has none at all"));
  EXPECT_THAT(CompileAdding(begin + "KIND_MEETING_HELD purpose: OUTREACH_PURPOSE_CHECK }"),
              StatusIs(kInvalid, "KIND_MEETING_HELD has no purpose"));
  EXPECT_THAT(CompileAdding(begin + "KIND_MEETING_HELD with_promotion: true }"),
              StatusIs(kInvalid, "has no promotion"));
  EXPECT_THAT(CompileAdding(begin + "KIND_OUTREACH_MADE purpose: OUTREACH_PURPOSE_CHECK "
                                    "unless_purpose: OUTREACH_PURPOSE_CHECK }"),
              StatusIs(kInvalid, "this weight is for no event at all"));
}

TEST(FoldRulesTest, RefusesWrongBandsAndFeelings) {
  EXPECT_THAT(CompileWith("survey_band { from: 650", "survey_band { from: 850"),
              StatusIs(kInvalid, "the band from 850 stands after the one from 850"));
  EXPECT_THAT(CompileWith("survey_band { from: 850", "survey_band { from: 1001"),
              StatusIs(kInvalid, "`from` is 1001; write a number from 0 to 1000"));
  EXPECT_THAT(CompileWith("from: 0 ring: \"sentiment_minus\"", "from: 0 ring: \"dialogue\""),
              StatusIs(kInvalid, "`dialogue` is no feeling"));
  EXPECT_THAT(CompileWith("feeling: 2", "feeling: 0"), StatusIs(kInvalid, "says nothing"));
  EXPECT_THAT(CompileWith("feeling: 2", "feeling: 1"),
              StatusIs(kInvalid, "feeling 1 is set twice"));
}

TEST(FoldRulesTest, RefusesWrongLists) {
  EXPECT_THAT(CompileWith("keep: 128", "keep: 257"),
              StatusIs(kInvalid, "`keep` is 257; write a number from 1 to 256"));
  EXPECT_THAT(CompileWith("name: \"asks\"", "name: \"questions\""),
              StatusIs(kInvalid, "there is no list `questions`; write one of orders, cases"));
  EXPECT_THAT(CompileWith("name: \"asks\"", "name: \"orders\""),
              StatusIs(kInvalid, "list `orders` is set twice"));
  EXPECT_THAT(CompileWith("kind: KIND_PRAISE_GIVEN\n", "kind: KIND_PURCHASE_MADE\n"),
              StatusIs(kInvalid, "KIND_PURCHASE_MADE stands in two lists"));
  EXPECT_THAT(CompileWith("impersonal_kind: KIND_OUTREACH_MADE", "kind: KIND_OUTREACH_MADE"),
              StatusIs(kInvalid, "KIND_OUTREACH_MADE stands in two lists"));
  EXPECT_THAT(CompileWith("personal_kind: KIND_OUTREACH_MADE", "personal_kind: KIND_ENQUIRY_MADE"),
              StatusIs(kInvalid, "only KIND_OUTREACH_MADE can be personal or not"));
  EXPECT_THAT(CompileWith("kind: KIND_FOLLOW_UP_CLAIMED", "kind: KIND_ISSUE_PREVENTED"),
              StatusIs(kInvalid, "list `work` and the three kinds of work"));
}

TEST(FoldRulesTest, RefusesWrongMaps) {
  EXPECT_THAT(CompileWith("map { name: \"dates\" keep: 16 }", ""),
              StatusIs(kInvalid, "map `dates` has no size; add map { name: \"dates\""));
  EXPECT_THAT(CompileWith("map { name: \"dates\"", "map { name: \"orders\""),
              StatusIs(kInvalid, "there is no map `orders`; write one of preferences"));
}

}  // namespace
}  // namespace rapport::facts
