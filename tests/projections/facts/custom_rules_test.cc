// Rules for the business's own kinds: what they compile to, and what is wrong with them.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "projections/facts/fold_rules.h"
#include "tests/kit/standard_rules.h"
#include "tests/kit/status_matchers.h"

namespace rapport::facts {
namespace {

using kit::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr char kByCustomer[] = "by: CUSTOM_KIND_BY_CUSTOMER ";

absl::StatusOr<FoldRules> CompileAdding(const std::string& rule) {
  const auto text = fold::RulesText::Parse(
      kit::StandardRulesTextWith("unlisted_rate: 1000000", "unlisted_rate: 1000000\n  " + rule),
      "mine.textproto");
  if (!text.ok()) return text.status();
  return FoldRules::Compile(*text);
}

absl::Status Adding(const std::string& rule) { return CompileAdding(rule).status(); }

// A rule for the kind `visit`, an act of the customer, that says `what` besides.
absl::Status AddingVisit(const std::string& what) {
  return Adding(absl::StrCat("custom_kind { name: \"visit\" ", kByCustomer, what, " }"));
}

TEST(CustomRulesTest, SayWhoseActItIsAndWhatItAdds) {
  const auto rules =
      CompileAdding(absl::StrCat("custom_kind { name: \"visit\" ", kByCustomer,
                                 "list: \"moments\" weight { ring: \"dialogue\" add: 400 } } "
                                 "custom_kind { name: \"audit\" by: CUSTOM_KIND_BY_NEUTRAL }"));
  ASSERT_OK(rules.status());
  const CustomKind* visit = rules->FindCustomKind("visit");
  ASSERT_NE(visit, nullptr);
  EXPECT_EQ(visit->side, Side::kCustomer);
  EXPECT_EQ(SideOf(visit->number), Side::kCustomer);
  EXPECT_EQ(rules->CustomKindOf(visit->number), visit);
  EXPECT_EQ(rules->ListAt(visit->index, false), ListName::kMoments);
  ASSERT_EQ(rules->WeightsAt(visit->index).size(), 1u);
  EXPECT_EQ(rules->WeightsAt(visit->index)[0].add, 400);
  EXPECT_EQ(rules->ListAt(rules->FindCustomKind("audit")->index, true), std::nullopt);
  EXPECT_EQ(rules->FindCustomKind("visits"), nullptr);
  EXPECT_EQ(rules->CustomKindOf(CustomKindNumber(Side::kVendor, 1)), nullptr);
}

TEST(CustomRulesTest, NumbersDoNotDependOnTheOrderOfTheRules) {
  const std::string a = "custom_kind { name: \"a\" by: CUSTOM_KIND_BY_VENDOR } ";
  const std::string b = absl::StrCat("custom_kind { name: \"b\" ", kByCustomer, "} ");
  const auto one = CompileAdding(a + b), other = CompileAdding(b + a);
  ASSERT_OK(one.status());
  ASSERT_OK(other.status());
  EXPECT_EQ(one->FindCustomKind("a")->number, other->FindCustomKind("a")->number);
  EXPECT_EQ(one->FindCustomKind("b")->number, other->FindCustomKind("b")->number);
}

TEST(CustomRulesTest, ArePartOfTheFoldDigestAndOfNoOther) {
  const auto with = fold::RulesText::Parse(
      kit::StandardRulesTextWith(
          "fold {", absl::StrCat("fold { custom_kind { name: \"visit\" ", kByCustomer, "} ")),
      "mine.textproto");
  ASSERT_OK(with.status());
  EXPECT_NE(with->fold_digest(), kit::Standard().text.fold_digest());
  EXPECT_EQ(with->evaluate_digest(), kit::Standard().text.evaluate_digest());
}

TEST(CustomRulesTest, NamePlaceAndCureOfAnUnknownList) {
  const std::string words = kit::StandardRulesText();
  const auto before = words.begin() + static_cast<long>(words.find("unlisted_rate: 1000000"));
  const auto line = 2 + std::count(words.begin(), before, '\n');
  EXPECT_THAT(Adding("custom_kind { name: \"visit\" list: \"minutes\" by: CUSTOM_KIND_BY_VENDOR }"),
              StatusIs(kInvalid, absl::StrCat("mine.textproto:", line,
                                              ":31: custom kind `visit`: there is no list "
                                              "`minutes`; write one of orders, cases")));
}

TEST(CustomRulesTest, RefuseWrongNames) {
  EXPECT_THAT(Adding("custom_kind { by: CUSTOM_KIND_BY_VENDOR }"),
              StatusIs(kInvalid, "`` is no custom kind; write 1 to 40 of [a-z0-9._-]"));
  EXPECT_THAT(Adding("custom_kind { name: \"Visit\" by: CUSTOM_KIND_BY_VENDOR }"),
              StatusIs(kInvalid, "`Visit` is no custom kind"));
  EXPECT_THAT(Adding(absl::StrCat("custom_kind { name: \"", std::string(41, 'a'), "\" }")),
              StatusIs(kInvalid, "is no custom kind"));
  EXPECT_THAT(AddingVisit(absl::StrCat("} custom_kind { name: \"visit\" ", kByCustomer)),
              StatusIs(kInvalid, "custom kind `visit`: there are two of this name"));
  std::string many;
  for (int i = 0; i <= kCustomKindsMax; ++i) {
    absl::StrAppend(&many, "custom_kind { name: \"k", i, "\" ", kByCustomer, "} ");
  }
  EXPECT_THAT(Adding(many), StatusIs(kInvalid, "there are more than 64 custom kinds"));
}

TEST(CustomRulesTest, RefuseAKindOfWhichNobodyKnowsWhoseActItIs) {
  EXPECT_THAT(Adding("custom_kind { name: \"visit\" }"),
              StatusIs(kInvalid, "whose act it is is not said; write by: CUSTOM_KIND_BY_CUSTOMER"));
}

TEST(CustomRulesTest, RefuseWeightsThatCannotBeMeant) {
  EXPECT_THAT(AddingVisit("weight { ring: \"talk\" add: 1 }"),
              StatusIs(kInvalid, "there is no ring `talk`; write one of spend"));
  EXPECT_THAT(AddingVisit("weight { ring: \"dialogue\" }"), StatusIs(kInvalid, "`add` is 0"));
  EXPECT_THAT(AddingVisit("weight { ring: \"spend\" add: 1 }"),
              StatusIs(kInvalid, "ring `spend` is filled by what was spent or by channel"));
  EXPECT_THAT(
      AddingVisit("weight { ring: \"dialogue\" add: 1 } weight { ring: \"dialogue\" add: 2 }"),
      StatusIs(kInvalid, "custom kind `visit` adds to `dialogue` twice"));
  EXPECT_THAT(Adding("custom_kind { name: \"visit\" by: CUSTOM_KIND_BY_VENDOR "
                     "weight { ring: \"sentiment_plus\" add: 1 } }"),
              StatusIs(kInvalid,
                       "only acts of the customer move `sentiment_plus`, and custom kind "
                       "`visit` is none"));
}

TEST(CustomRulesTest, RefuseListsModesAndCostsThatThereAreNot) {
  EXPECT_THAT(AddingVisit("list: \"work\""), StatusIs(kInvalid, "list `work` holds work"));
  EXPECT_THAT(AddingVisit("list: \"preferences\""), StatusIs(kInvalid, "there is no list"));
  EXPECT_THAT(AddingVisit("mode: \"spend\""),
              StatusIs(kInvalid, "there is no mode `spend`; write one of mode_personal"));
  EXPECT_THAT(AddingVisit("cost: \"goods\""),
              StatusIs(kInvalid, "write giving, outreach or service"));
  EXPECT_THAT(Adding("custom_kind { name: \"audit\" by: CUSTOM_KIND_BY_NEUTRAL personal: true }"),
              StatusIs(kInvalid, "nobody acts, so it is no contact"));
}

TEST(CustomRulesTest, RefuseTheKindOfTheContractInListsAndWeights) {
  EXPECT_THAT(Adding("weight { kind: KIND_CUSTOM_TOUCHPOINT ring: \"type_reactive\" add: 1 }"),
              StatusIs(kInvalid, "each custom kind has a rule of its own; write custom_kind {"));
}

}  // namespace
}  // namespace rapport::facts
