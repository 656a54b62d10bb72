#include "projections/explain/change.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "engine/base/time.h"
#include "projections/explain/imagined.h"
#include "projections/facts/fold.h"
#include "projections/facts/merge.h"
#include "projections/facts/reading.h"
#include "projections/kind/kind.h"
#include "projections/stage/course.h"

namespace rapport::explain {
namespace {

using facts::EvaluateRules;
using facts::Facts;
using facts::FoldRules;
using facts::StageState;

// Changes by time alone that are told.
constexpr int kChangesByTimeMax = 4;
// Purchases that are imagined in a row.
constexpr int64_t kPurchasesMax = 12;

// What is looked at for a change.
struct Outcome {
  StageState state;
  v1::RelationshipType type = v1::RELATIONSHIP_TYPE_NONE;

  bool operator==(const Outcome&) const = default;
};

// What might happen next.
struct Candidate {
  v1::Kind kind = v1::KIND_UNSPECIFIED;
  // The case, or the business's own kind; empty = none.
  std::string key;
  bool is_own_kind = false;
};

std::string Bare(const std::string& name, absl::string_view prefix) {
  return std::string(absl::StripPrefix(name, prefix));
}

std::string StageText(const StageState& state) {
  std::string text = Bare(v1::Stage_Name(state.stage), "STAGE_");
  if (state.reason != v1::STAGE_REASON_UNSPECIFIED) {
    absl::StrAppend(&text, " (", Bare(v1::StageReason_Name(state.reason), "STAGE_REASON_"), ")");
  }
  return absl::StrCat(text, " by ", state.rule);
}

// Writes what differs between `now` and `then`. The type is told when `with_type`.
void WriteDifference(const Outcome& now, const Outcome& then, bool with_type,
                     v1::PossibleChange& change) {
  std::vector<std::string> words;
  change.set_stage(then.state.stage);
  change.set_stage_reason(then.state.reason);
  change.set_stage_rule(std::string(then.state.rule));
  if (now.state.stage != then.state.stage || now.state.reason != then.state.reason) {
    words.push_back(absl::StrCat("stage ", StageText(then.state)));
  } else if (now.state.rule != then.state.rule) {
    words.push_back(absl::StrCat("the same stage by ", then.state.rule));
  }
  for (int number = v1::Flag_MIN; number <= v1::Flag_MAX; ++number) {
    const auto flag = static_cast<v1::Flag>(number);
    if (now.state.has(flag) == then.state.has(flag)) continue;
    const bool up = then.state.has(flag);
    up ? change.add_flags_up(flag) : change.add_flags_down(flag);
    words.push_back(absl::StrCat(up ? "flag " : "no longer ", Bare(v1::Flag_Name(flag), "FLAG_")));
  }
  if (with_type) {
    change.set_primary_type(then.type);
    if (now.type != then.type) {
      words.push_back(
          absl::StrCat("type ", Bare(v1::RelationshipType_Name(then.type), "RELATIONSHIP_TYPE_")));
    }
  }
  change.set_text(absl::StrJoin(words, "; "));
}

// What the customer would not do to come closer, and what is imagined with a key of its own.
bool IsLeftOut(v1::Kind kind) {
  switch (kind) {
    case v1::KIND_PURCHASE_MADE:
    case v1::KIND_PURCHASE_REVERSED:
    case v1::KIND_COMPLAINT_RAISED:
    case v1::KIND_COMPLAINT_REOPENED:
    case v1::KIND_RESOLUTION_ANSWERED:
    case v1::KIND_CONSENT_CHANGED:
    case v1::KIND_CUSTOM_TOUCHPOINT:
      return true;
    default:
      return false;
  }
}

class Finder {
 public:
  Finder(const Facts& facts, int64_t as_of_us, const FoldRules& fold, const EvaluateRules& rules)
      : facts_(facts),
        fold_(fold),
        rules_(rules),
        reading_(facts::Read(facts, as_of_us, fold, rules)),
        course_(facts, reading_, rules),
        now_us_(facts::EvaluatedAt(facts, as_of_us)) {}

  std::vector<v1::PossibleChange> Find() {
    if (DayOf(now_us_) + kPurchasesMax >= stage::kLastDay) return {};
    AddByTime();
    for (const Candidate& candidate : Candidates()) AddByEvent(candidate);
    AddByPurchases();
    return std::move(changes_);
  }

 private:
  Outcome OutcomeOf(const Facts& facts, int64_t at_us) const {
    const facts::Reading reading = facts::Read(facts, at_us, fold_, rules_);
    return {stage::Course(facts, reading, rules_).At(reading.day),
            kind::Read(facts, reading, fold_, rules_).primary};
  }

  void AddByTime() {
    int64_t day = reading_.day;
    for (int i = 0; i < kChangesByTimeMax; ++i) {
      const std::optional<int64_t> next = course_.NextChangeDay(day);
      if (!next.has_value()) return;
      v1::PossibleChange& change = changes_.emplace_back();
      change.set_day(*next);
      WriteDifference({course_.At(day)}, {course_.At(*next)}, /*with_type=*/false, change);
      day = *next;
    }
  }

  std::vector<Candidate> Candidates() const {
    std::vector<Candidate> all = {{v1::KIND_PURCHASE_MADE}};
    for (const facts::CaseReading& one : reading_.cases) {
      if (one.open) all.push_back({v1::KIND_COMPLAINT_RESOLVED, std::string(one.key)});
      if (one.closed()) all.push_back({v1::KIND_RESOLUTION_ANSWERED, std::string(one.key)});
    }
    for (const v1::Kind kind :
         {v1::KIND_EXPECTATION_MET, v1::KIND_FRAUD_CLEARED, v1::KIND_RELATIONSHIP_REINSTATED,
          v1::KIND_AGREEMENT_SIGNED, v1::KIND_ACCOUNT_MANAGER_ASSIGNED}) {
      all.push_back({kind});
    }
    all.push_back({v1::KIND_CONSENT_CHANGED, "all"});
    for (int i = 1; i < facts::kKindCount; ++i) {
      const v1::Kind kind = facts::KindAt(i);
      const uint8_t roles = rules_.RolesOf(static_cast<uint16_t>(kind));
      const bool leads_on = facts::By(kind) == facts::Side::kCustomer ||
                            (roles & (facts::kInterest | facts::kBond)) != 0;
      if (leads_on && facts::Folds(kind) && !IsLeftOut(kind)) all.push_back({kind});
    }
    for (const facts::CustomKind& own : fold_.custom_kinds()) {
      if (own.side != facts::Side::kCustomer) continue;
      all.push_back({v1::KIND_CUSTOM_TOUCHPOINT, own.name, true});
    }
    return all;
  }

  // When the next purchase would be one of another day than those that are known.
  int64_t NextPurchaseAt() const {
    if (reading_.n > 0 && reading_.last == DayOf(now_us_ + 1)) {
      return (reading_.last + 1) * kMicrosPerDay;
    }
    return now_us_ + 1;
  }

  // Adds the change that one event would make, to one of the same outcome if there is one.
  void AddByEvent(const Candidate& candidate) {
    const bool bought = candidate.kind == v1::KIND_PURCHASE_MADE;
    const int64_t at_us = bought ? NextPurchaseAt() : now_us_ + 1;
    const Outcome now = OutcomeOf(facts_, at_us);
    Facts then;
    facts::Merge(then, facts_, fold_);
    facts::Fold(then, ImaginedEvent(candidate.kind, candidate.key, at_us).View(), fold_);
    const Outcome outcome = OutcomeOf(then, at_us);
    if (outcome == now) return;
    v1::PossibleChange change;
    change.set_count(1);
    if (!candidate.is_own_kind && candidate.kind != v1::KIND_CONSENT_CHANGED) {
      change.set_key(candidate.key);
    }
    WriteDifference(now, outcome, /*with_type=*/true, change);
    v1::PossibleChange* into = nullptr;
    for (v1::PossibleChange& one : changes_) {
      // A purchase and what is about one case stand alone.
      const bool joins = !one.has_day() && one.text() == change.text() && one.key().empty() &&
                         change.key().empty() && !bought &&
                         (one.kinds_size() == 0 || one.kinds(0) != v1::KIND_PURCHASE_MADE);
      if (joins) into = &one;
    }
    if (into == nullptr) into = &changes_.emplace_back(std::move(change));
    if (candidate.is_own_kind) {
      into->add_custom_kinds(candidate.key);
    } else {
      into->add_kinds(candidate.kind);
    }
  }

  // The least number of purchases, one a day, that lead to another stage, when one does not.
  void AddByPurchases() {
    const Outcome now = OutcomeOf(facts_, now_us_);
    Facts then;
    facts::Merge(then, facts_, fold_);
    int64_t at_us = NextPurchaseAt();
    for (uint32_t count = 1; count <= kPurchasesMax; ++count, at_us += kMicrosPerDay) {
      facts::Fold(then, ImaginedEvent(v1::KIND_PURCHASE_MADE, "", at_us).View(), fold_);
      const Outcome outcome = OutcomeOf(then, at_us);
      if (outcome.state.stage == now.state.stage) continue;
      if (count == 1) return;
      v1::PossibleChange& change = changes_.emplace_back();
      change.set_count(count);
      change.add_kinds(v1::KIND_PURCHASE_MADE);
      WriteDifference(now, outcome, /*with_type=*/true, change);
      return;
    }
  }

  const Facts& facts_;
  const FoldRules& fold_;
  const EvaluateRules& rules_;
  const facts::Reading reading_;
  const stage::Course course_;
  const int64_t now_us_;
  std::vector<v1::PossibleChange> changes_;
};

}  // namespace

std::vector<v1::PossibleChange> PossibleChanges(const Facts& facts, int64_t as_of_us,
                                                const FoldRules& fold, const EvaluateRules& rules) {
  return Finder(facts, as_of_us, fold, rules).Find();
}

}  // namespace rapport::explain
