// FoldRules: the fold part of a rule set, checked and laid out for folding.
//
//   ASSIGN_OR_RETURN(fold::RulesText text, fold::RulesText::Parse(bytes, "standard.textproto"));
//   ASSIGN_OR_RETURN(FoldRules rules, FoldRules::Compile(text));
//   Fold(facts, event, rules);
//
// Threads: immutable after Compile; any thread.
// Errors:  INVALID_ARGUMENT with file, line, column and cure, from Compile only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/fold/rules_text.h"
#include "projections/facts/facts.h"
#include "projections/facts/kind_table.h"
#include "rapport/v1/money.pb.h"

namespace rapport::facts {

// What one event of a kind adds to a ring.
struct Weight {
  RingName ring = RingName::kSpend;
  bool with_promotion = false;
  // Bit `1 << code` of every purpose or form it is for.
  uint32_t codes = ~0u;
  int64_t add = 0;

  bool applies(uint8_t code, bool promotion) const {
    return ((codes >> (code & 31)) & 1) != 0 && (promotion || !with_promotion);
  }
};

// What survey answers from `from` permille on add, or what a feeling adds.
struct Mark {
  int64_t from = 0;
  RingName ring = RingName::kSentimentPlus;
  int64_t add = 0;
};

// A kind of the business's own.
struct CustomKind {
  std::string name;
  Side side = Side::kNeutral;
  // In facts; see CustomKindNumber.
  uint16_t number = 0;
  // Its place in the tables of FoldRules, behind those of KindIndex.
  int index = 0;
  // Absent: as the channel says.
  std::optional<bool> personal;
  std::optional<RingName> mode;
  SumName cost = kServiceCenti;
};

class FoldRules {
 public:
  static absl::StatusOr<FoldRules> Compile(const fold::RulesText& text);

  // Days after which what is in the ring counts half.
  int32_t half_life(RingName ring) const { return half_lives_[static_cast<size_t>(ring)]; }
  // K of a list or map; 1 for values.
  uint32_t keep(ListName list) const { return keeps_[static_cast<size_t>(list)]; }

  // Hundredths of the base currency, 0 .. 2^42.
  int64_t Centi(const v1::Money& money) const;
  // `currency` when it has a rate, else `XXX`.
  absl::string_view Listed(absl::string_view currency) const;
  absl::string_view base_currency() const { return rates_.front().currency; }
  // What one unit of a currency without a rate counts, in millionths of the base currency.
  int64_t unlisted_rate() const { return unlisted_rate_; }

  // The list that remembers events of `kind`, if any; `personal` matters for outreach only.
  std::optional<ListName> ListOf(v1::Kind kind, bool personal = true) const;

  // The same by place in the tables: of KindIndex, or CustomKind::index.
  std::optional<ListName> ListAt(int index, bool personal) const {
    const int8_t list = lists_[index][personal ? 1 : 0];
    if (list < 0) return std::nullopt;
    return static_cast<ListName>(list);
  }

  // The business's own kinds, by name.
  absl::Span<const CustomKind> custom_kinds() const { return custom_kinds_; }
  // Null for a name without a rule.
  const CustomKind* FindCustomKind(absl::string_view name) const;
  // Null for a number that is none of these rules' own kinds.
  const CustomKind* CustomKindOf(uint16_t number) const;

  // What events of the kind at `index` add to rings.
  absl::Span<const Weight> WeightsAt(int index) const { return weights_[index]; }
  // True when events of that kind themselves speak of good or bad feelings.
  bool TouchesSentimentAt(int index) const { return touches_sentiment_[index]; }
  // What an answer at `g` permille adds; null = nothing.
  const Mark* BandOf(int64_t g) const;
  // What a stated feeling of -2 .. 2 adds; null = nothing.
  const Mark* FeelingOf(int feeling) const;

 private:
  friend class FoldRulesCompiler;
  friend class CustomKindsCompiler;
  FoldRules() = default;

  struct Rate {
    char currency[4] = {};
    int64_t millionths = 0;
  };
  const Rate* FindRate(absl::string_view currency) const;

  std::array<int32_t, kRingCount> half_lives_ = {};
  std::array<uint16_t, kListCount> keeps_ = {};
  // Kinds of the contract, then the business's own.
  static constexpr int kIndices = kKindCount + kCustomKindsMax;
  // Number of a list by kind and whether it is personal; -1 = none.
  std::array<std::array<int8_t, 2>, kIndices> lists_ = {};
  std::array<std::vector<Weight>, kIndices> weights_;
  std::array<bool, kIndices> touches_sentiment_ = {};
  std::vector<CustomKind> custom_kinds_;
  std::vector<Mark> bands_;  // highest first
  std::array<Mark, 5> feelings_ = {};
  std::vector<Rate> rates_;  // that of the base currency first
  int64_t unlisted_rate_ = 0;
};

}  // namespace rapport::facts
