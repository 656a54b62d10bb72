// Reads a `when` of the rules, and says exactly what is wrong with it.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "projections/facts/kind_table.h"
#include "projections/follow_up/condition.h"
#include "projections/follow_up/policy.h"

namespace rapport::follow_up {
namespace {

using Test = Condition::Test;

constexpr int64_t kPointsMax = 1'000;
constexpr int64_t kExceededMax = 100;
constexpr int64_t kSeverityMax = 4;

class ConditionCompiler {
 public:
  ConditionCompiler(const fold::RulesText& text, const facts::FoldRules& fold_rules,
                    const ConditionScope& scope, const v1::PolicyCondition& rule)
      : text_(text), fold_rules_(fold_rules), scope_(scope), rule_(rule) {}

  absl::StatusOr<Condition> Compile() {
    RETURN_IF_ERROR(CheckTrigger());
    RETURN_IF_ERROR(CompileParts());
    AddKnown();
    AddEnums();
    RETURN_IF_ERROR(AddNumbers());
    RETURN_IF_ERROR(AddCount());
    RETURN_IF_ERROR(AddAfter("after", rule_.after(), Test::kAfter));
    RETURN_IF_ERROR(AddAfter("after_same_key", rule_.after_same_key(), Test::kAfterSameKey));
    if (all_.parts.empty()) return Error("all", "a condition that is empty says nothing");
    return std::move(all_);
  }

 private:
  template <typename... Parts>
  absl::Status Error(absl::string_view field, const Parts&... what) const {
    return text_.Error(rule_, field, 0, absl::StrCat("policy ", scope_.policy, ": ", what...));
  }

  // What is asked of the event that opens it needs such an event.
  absl::Status CheckTrigger() const {
    if (scope_.opened_by_events) return absl::OkStatus();
    const std::pair<absl::string_view, bool> asked[] = {
        {"severity_min", rule_.severity_min() != 0},
        {"escalated", rule_.escalated()},
        {"exceeded_min", rule_.exceeded_min() != 0},
        {"after", rule_.after() != 0},
        {"after_same_key", rule_.after_same_key() != 0},
        {"objective", rule_.objective()},
        {"role_vacant", rule_.role_vacant()},
        {"topic_welcome", rule_.topic_welcome()},
    };
    for (const auto& [field, is_set] : asked) {
      if (!is_set) continue;
      return Error(field, field,
                   " asks about the event that opens it, and no event does; leave it out, or "
                   "trigger on a kind");
    }
    return absl::OkStatus();
  }

  void Add(Test test, int64_t number, absl::string_view key = {}) {
    Condition& one = all_.parts.emplace_back();
    one.test = test;
    one.number = number;
    one.key = std::string(key);
  }

  absl::StatusOr<Condition> CompilePart(const v1::PolicyCondition& part) const {
    return ConditionCompiler(text_, fold_rules_, scope_, part).Compile();
  }

  absl::Status CompileParts() {
    for (const v1::PolicyCondition& part : rule_.all()) {
      ASSIGN_OR_RETURN(Condition one, CompilePart(part));
      all_.parts.push_back(std::move(one));
    }
    if (!rule_.any().empty()) {
      Condition any;
      any.test = Test::kAny;
      for (const v1::PolicyCondition& part : rule_.any()) {
        ASSIGN_OR_RETURN(Condition one, CompilePart(part));
        any.parts.push_back(std::move(one));
      }
      all_.parts.push_back(std::move(any));
    }
    if (rule_.has_not_()) {
      Condition negated;
      negated.test = Test::kNot;
      ASSIGN_OR_RETURN(Condition one, CompilePart(rule_.not_()));
      negated.parts.push_back(std::move(one));
      all_.parts.push_back(std::move(negated));
    }
    return absl::OkStatus();
  }

  void AddKnown() {
    if (!rule_.preference().empty()) Add(Test::kPreference, 0, rule_.preference());
    if (!rule_.consent().empty()) Add(Test::kConsent, 0, rule_.consent());
    if (rule_.has_owner()) Add(Test::kOwner, rule_.owner());
    if (rule_.has_content()) Add(Test::kContent, rule_.content());
    if (rule_.escalated()) Add(Test::kEscalated, 1);
    if (rule_.objective()) Add(Test::kObjective, 1);
    if (rule_.role_vacant()) Add(Test::kRoleVacant, 1);
    if (rule_.topic_welcome()) Add(Test::kTopicWelcome, 1);
  }

  void AddEnums() {
    if (rule_.stage() != 0) Add(Test::kStage, rule_.stage());
    if (rule_.reason() != 0) Add(Test::kReason, rule_.reason());
    if (rule_.flag() != 0) Add(Test::kFlag, rule_.flag());
    if (rule_.type() != 0) Add(Test::kType, rule_.type());
    if (rule_.mode() != 0) Add(Test::kMode, rule_.mode());
    if (rule_.area() != 0) Add(Test::kArea, rule_.area());
  }

  absl::Status AddNumber(absl::string_view field, Test test, int64_t number, int64_t least,
                         int64_t most) {
    if (number < least || number > most) {
      return Error(field, field, " must be ", least, "..", most, ", is ", number);
    }
    Add(test, number);
    return absl::OkStatus();
  }

  absl::Status AddNumbers() {
    if (rule_.has_purchase_days_min()) Add(Test::kDaysMin, rule_.purchase_days_min());
    if (rule_.has_purchase_days_max()) Add(Test::kDaysMax, rule_.purchase_days_max());
    if (rule_.has_points_min()) {
      RETURN_IF_ERROR(AddNumber("points_min", Test::kPointsMin, rule_.points_min(), 0, kPointsMax));
    }
    if (rule_.has_points_max()) {
      RETURN_IF_ERROR(AddNumber("points_max", Test::kPointsMax, rule_.points_max(), 0, kPointsMax));
    }
    if (rule_.severity_min() != 0) {
      RETURN_IF_ERROR(
          AddNumber("severity_min", Test::kSeverity, rule_.severity_min(), 1, kSeverityMax));
    }
    if (rule_.exceeded_min() == 0) return absl::OkStatus();
    return AddNumber("exceeded_min", Test::kExceeded, rule_.exceeded_min(), 1, kExceededMax);
  }

  absl::Status AddCount() {
    if (!rule_.has_count()) return absl::OkStatus();
    const v1::ConditionCount& count = rule_.count();
    const auto wrong = [&](absl::string_view field, const auto&... what) {
      return text_.Error(count, field, 0, absl::StrCat("policy ", scope_.policy, ": ", what...));
    };
    if ((count.kind() != 0) == !count.custom_kind().empty()) {
      return wrong("kind", "a count needs either a kind or a custom_kind");
    }
    uint16_t kind = static_cast<uint16_t>(count.kind());
    if (!count.custom_kind().empty()) {
      const facts::CustomKind* custom = fold_rules_.FindCustomKind(count.custom_kind());
      if (custom == nullptr) {
        return wrong("custom_kind", "the fold part has no custom_kind ", count.custom_kind());
      }
      kind = custom->number;
    }
    Add(Test::kCount, count.min());
    all_.parts.back().kind = kind;
    return absl::OkStatus();
  }

  absl::Status AddAfter(absl::string_view field, v1::Kind kind, Test test) {
    if (kind == 0) return absl::OkStatus();
    if (!fold_rules_.ListOf(kind).has_value()) {
      return Error(field, KindName(kind),
                   " is remembered in no list, so nothing is known to come after it; add it to a "
                   "list of the fold part");
    }
    Add(test, 1);
    all_.parts.back().kind = static_cast<uint16_t>(kind);
    return absl::OkStatus();
  }

  const fold::RulesText& text_;
  const facts::FoldRules& fold_rules_;
  const ConditionScope scope_;
  const v1::PolicyCondition& rule_;
  Condition all_;
};

}  // namespace

absl::StatusOr<Condition> CompileCondition(const fold::RulesText& text,
                                           const facts::FoldRules& fold_rules,
                                           const ConditionScope& scope,
                                           const v1::PolicyCondition& rule) {
  return ConditionCompiler(text, fold_rules, scope, rule).Compile();
}

}  // namespace rapport::follow_up
