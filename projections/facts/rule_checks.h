// RuleChecks: what those who compile parts of the fold rules share: how errors are told, which
// rings a weight may name.
//
// Threads: any. Ownership: borrows the text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "engine/fold/rules_text.h"
#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"
#include "projections/facts/names.h"

namespace rapport::facts {

inline constexpr int64_t kAddMax = 1'000'000'000;

// Lists that events enter by rule; maps follow, then values.
inline constexpr int kEventLists = static_cast<int>(ListName::kPreferences);

inline bool IsSentiment(RingName ring) {
  return ring == RingName::kSentimentPlus || ring == RingName::kSentimentMinus;
}

// Moved by acts of the customer only.
inline bool IsCustomersOwn(RingName ring) {
  return IsSentiment(ring) || ring == RingName::kDialogue || ring == RingName::kAdvocacy;
}

// Filled by code, whatever the weights say.
inline bool IsFilledByCode(RingName ring) {
  return ring == RingName::kSpend || ring >= RingName::kModePersonal;
}

// `a, b, c`: names of rings or lists from `begin` up to `end`.
template <typename Name>
std::string NamesBetween(int begin, int end) {
  std::vector<absl::string_view> names;
  for (int i = begin; i < end; ++i) names.push_back(NameOf(static_cast<Name>(i)));
  return absl::StrJoin(names, ", ");
}

class RuleChecks {
 protected:
  using Message = google::protobuf::Message;

  explicit RuleChecks(const fold::RulesText& text) : text_(text) {}

  absl::Status Error(const Message& message, absl::string_view field, absl::string_view what,
                     int index = 0) const {
    return text_.Error(message, field, index, what);
  }

  absl::Status InRange(const Message& message, absl::string_view field, int64_t value,
                       int64_t least, int64_t greatest) const {
    if (value >= least && value <= greatest) return absl::OkStatus();
    return Error(message, field,
                 absl::StrCat("`", field, "` is ", value, "; write a number from ", least, " to ",
                              greatest));
  }

  absl::StatusOr<RingName> Ring(const Message& message, absl::string_view field,
                                absl::string_view name) const {
    if (const auto ring = RingNamed(name)) return *ring;
    return Error(message, field,
                 absl::StrCat("there is no ring `", name, "`; write one of ",
                              NamesBetween<RingName>(0, kRingCount)));
  }

  // A ring to which `whom`, acts of `side`, may add.
  absl::StatusOr<RingName> RingToAddTo(const Message& rule, absl::string_view name, Side side,
                                       absl::string_view whom) const {
    absl::StatusOr<RingName> ring = Ring(rule, "ring", name);
    if (!ring.ok()) return ring;
    if (IsFilledByCode(*ring)) {
      return Error(rule, "ring",
                   absl::StrCat("ring `", name,
                                "` is filled by what was spent or by channel; take this out"));
    }
    if (IsCustomersOwn(*ring) && side != Side::kCustomer) {
      return Error(rule, "ring",
                   absl::StrCat("only acts of the customer move `", name, "`, and ", whom,
                                " is none; take this out"));
    }
    return ring;
  }

  const fold::RulesText& text_;
};

// Checks the custom kinds of `text` and adds them to `out`.
absl::Status CompileCustomKinds(const fold::RulesText& text, FoldRules& out);

}  // namespace rapport::facts
