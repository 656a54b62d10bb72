// Reads the policies of a rule set, and says exactly what is wrong with one.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "projections/follow_up/candidates.h"
#include "projections/follow_up/policy_parts.h"

namespace rapport::follow_up {
namespace {

using facts::ListName;

constexpr uint32_t kPriorityMax = 9;
constexpr uint32_t kBudgetContactsMax = 100;
// Dates come once a year; a follow-up about one must not reach the next but one.
constexpr int64_t kDateReachMax = 366 * kMicrosPerDay;
// What drifts is looked at day by day until the last moment at which it is listed.
constexpr int64_t kDriftDaysMax = 731;
constexpr size_t kIdBytesMax = 40;
constexpr absl::string_view kIdRule = "must be 1 to 40 of [a-z0-9_]";
constexpr size_t kTextBytesMax = 200;

bool IsId(absl::string_view id) {
  return !id.empty() && id.size() <= kIdBytesMax &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == absl::string_view::npos;
}

// One policy on its way from text to `Policy`.
class PolicyCompiler {
 public:
  PolicyCompiler(const fold::RulesText& text, const facts::FoldRules& fold_rules,
                 const v1::PolicyRule& rule)
      : text_(text), fold_rules_(fold_rules), rule_(rule), parts_(text, fold_rules, rule) {}

  absl::StatusOr<Policy> Compile() {
    RETURN_IF_ERROR(CompileHead());
    for (const v1::PolicyTrigger& trigger : rule_.trigger()) RETURN_IF_ERROR(AddTrigger(trigger));
    RETURN_IF_ERROR(CheckAnchor());
    RETURN_IF_ERROR(CompileMoments());
    SetListed();
    for (const v1::PolicyCloser& closer : rule_.done()) RETURN_IF_ERROR(AddCloser(closer));
    RETURN_IF_ERROR(CheckClosers());
    if (rule_.has_when()) RETURN_IF_ERROR(CompileWhen(rule_.when()));
    RETURN_IF_ERROR(CompileContext());
    return std::move(policy_);
  }

 private:
  template <typename... Parts>
  absl::Status Error(absl::string_view field, const Parts&... what) const {
    return ErrorAt(rule_, field, what...);
  }
  template <typename... Parts>
  absl::Status ErrorAt(const google::protobuf::Message& message, absl::string_view field,
                       const Parts&... what) const {
    return text_.Error(message, field, 0, absl::StrCat("policy ", rule_.id(), ": ", what...));
  }

  absl::Status CompileHead() {
    const std::string& id = rule_.id();
    if (!IsId(id)) return Error("id", "the id ", kIdRule);
    if (rule_.class_() == v1::FOLLOW_UP_CLASS_UNSPECIFIED) {
      return Error("class", "needs a class, such as FOLLOW_UP_CLASS_COURTESY");
    }
    if (rule_.anchor() == v1::POLICY_ANCHOR_UNSPECIFIED) {
      return Error("anchor", "needs an anchor, such as POLICY_ANCHOR_EVENT");
    }
    if (rule_.priority() > kPriorityMax) {
      return Error("priority", "priority must be 0..", kPriorityMax, ", is ", rule_.priority());
    }
    if (rule_.trigger().empty()) return Error("trigger", "needs a trigger: what opens it");
    policy_.id = id;
    policy_.cls = rule_.class_();
    policy_.anchor = rule_.anchor();
    policy_.priority = rule_.priority();
    policy_.title = rule_.title();
    policy_.department = rule_.department();
    policy_.business = rule_.clock() == v1::POLICY_CLOCK_BUSINESS;
    policy_.after_end = rule_.after_end();
    if (policy_.department.empty()) {
      policy_.department = policy_.cls == v1::FOLLOW_UP_CLASS_SALES ? "sales" : "service";
    }
    return absl::OkStatus();
  }

  absl::Status AddTrigger(const v1::PolicyTrigger& rule) {
    ASSIGN_OR_RETURN(Trigger trigger, parts_.CompileTrigger(rule));
    if (trigger.sort == TriggerSort::kEvent || trigger.sort == TriggerSort::kSubjectsBought) {
      policy_.reads |= MaskOf(trigger.list);
      policy_.trigger_lists |= MaskOf(trigger.list);
    }
    policy_.triggers.push_back(std::move(trigger));
    return absl::OkStatus();
  }

  // Each anchor names what its triggers must be able to say.
  absl::Status CheckAnchor() const {
    using Sort = TriggerSort;
    struct Pair {
      Sort sort;
      absl::string_view trigger;
      std::initializer_list<v1::PolicyAnchor> anchors;
      absl::string_view anchor;
    };
    static const Pair kPairs[] = {
        {Sort::kPurchaseDay, "purchase_day", {v1::POLICY_ANCHOR_ONCE}, "POLICY_ANCHOR_ONCE"},
        {Sort::kSubjectsBought, "subjects_bought", {v1::POLICY_ANCHOR_ONCE}, "POLICY_ANCHOR_ONCE"},
        {Sort::kDate, "a date", {v1::POLICY_ANCHOR_DATE}, "POLICY_ANCHOR_DATE"},
        {Sort::kMonthDay, "month_day", {v1::POLICY_ANCHOR_DAY}, "POLICY_ANCHOR_DAY"},
        {Sort::kState, "a state", {v1::POLICY_ANCHOR_DAY}, "POLICY_ANCHOR_DAY"},
        {Sort::kSilence, "a silence", {v1::POLICY_ANCHOR_REPEAT}, "POLICY_ANCHOR_REPEAT"},
        {Sort::kEvent,
         "a kind",
         {v1::POLICY_ANCHOR_EVENT, v1::POLICY_ANCHOR_KEY, v1::POLICY_ANCHOR_BLOCK,
          v1::POLICY_ANCHOR_RUN},
         "POLICY_ANCHOR_EVENT, _KEY, _BLOCK or _RUN"},
    };
    for (const Trigger& trigger : policy_.triggers) {
      for (const Pair& pair : kPairs) {
        if (pair.sort != trigger.sort) continue;
        if (std::find(pair.anchors.begin(), pair.anchors.end(), policy_.anchor) ==
            pair.anchors.end()) {
          return Error("anchor", "a trigger with ", pair.trigger, " needs ", pair.anchor);
        }
      }
      if ((trigger.sort == Sort::kMonthDay) != (policy_.sort() == Sort::kMonthDay) ||
          (trigger.sort == Sort::kSilence && policy_.triggers.size() > 1)) {
        return Error("trigger", "days of the month stand with each other, a silence alone");
      }
    }
    return absl::OkStatus();
  }

  bool CountsFromDates() const {
    return policy_.sort() == TriggerSort::kDate || policy_.sort() == TriggerSort::kMonthDay;
  }

  bool AllTriggersAre(std::initializer_list<v1::Kind> kinds) const {
    return std::all_of(policy_.triggers.begin(), policy_.triggers.end(),
                       [&](const Trigger& trigger) {
                         return std::find(kinds.begin(), kinds.end(), trigger.kind) != kinds.end();
                       });
  }

  absl::StatusOr<MomentRule> Moment(absl::string_view field, const std::string& written) const {
    absl::StatusOr<MomentRule> rule = ParseMoment(written.empty() ? "0s" : written);
    if (!rule.ok()) return Error(field, field, ": ", rule.status().message());
    const Base base = rule->base;
    if (base == Base::kTerm &&
        !AllTriggersAre({v1::KIND_COMPLAINT_RAISED, v1::KIND_COMPLAINT_REOPENED})) {
      return Error(field, field, ": only complaints have a term; trigger on KIND_COMPLAINT_RAISED");
    }
    if ((base == Base::kDue || base == Base::kDueFrom) &&
        !AllTriggersAre({v1::KIND_PROMISE_MADE, v1::KIND_EXPECTATION_SET})) {
      return Error(field, field,
                   ": only promises and expectations are due; trigger on KIND_PROMISE_MADE or "
                   "KIND_EXPECTATION_SET");
    }
    if ((base == Base::kDate) != CountsFromDates()) {
      return Error(field, field,
                   ": moments of a date are written date-7d or date+1d, all others not");
    }
    if (base == Base::kDate && std::abs(rule->offset_us) > kDateReachMax) {
      return Error(field, field, ": at most 366d from the date");
    }
    const bool hours = base == Base::kOpened && !rule->in_days;
    if (policy_.business && field != "until" && field != "opened" && !hours &&
        rule->offset_us != 0) {
      return Error(field, field, ": open hours are written in h or s, not in days or terms");
    }
    return *rule;
  }

  absl::Status CompileMoments() {
    if (!rule_.opened().empty()) {
      ASSIGN_OR_RETURN(policy_.opened, Moment("opened", rule_.opened()));
      if (policy_.opened->base != Base::kTerm) {
        return Error("opened", "opened: write term or 2term, or leave it out");
      }
    }
    if (!rule_.opened_max().empty()) {
      absl::StatusOr<int64_t> length = ParseLength(rule_.opened_max());
      if (!length.ok()) return Error("opened_max", "opened_max: ", length.status().message());
      policy_.opened_max_us = *length;
    }
    const bool date = CountsFromDates();
    ASSIGN_OR_RETURN(policy_.from,
                     Moment("from", date && rule_.from().empty() ? "date" : rule_.from()));
    if (rule_.by().empty()) return Error("by", "needs `by`: when it is due");
    ASSIGN_OR_RETURN(policy_.by, Moment("by", rule_.by()));
    if (!rule_.until().empty()) {
      ASSIGN_OR_RETURN(policy_.until, Moment("until", rule_.until()));
    } else if (date) {
      return Error("until", "needs `until`: a date comes again");
    }
    RETURN_IF_ERROR(CheckOrder("by", policy_.from, policy_.by));
    return policy_.until ? CheckOrder("until", policy_.by, *policy_.until) : absl::OkStatus();
  }

  // Moments counted from the same thing must be in order; others are put in order when they meet.
  absl::Status CheckOrder(absl::string_view field, const MomentRule& before,
                          const MomentRule& after) const {
    const bool late_from = before.base == Base::kDueFrom && after.base == Base::kDue &&
                           before.or_offset_us > after.offset_us;
    const bool same = before.base == after.base && before.times == after.times;
    if (late_from || (same && before.offset_us > after.offset_us)) {
      return Error(field, field, " is before the moment above it; write from <= by <= until");
    }
    return absl::OkStatus();
  }

  // How long after its trigger the last of it is listed, no pause in between.
  void SetListed() {
    if (!policy_.until.has_value() || policy_.opened.has_value()) return;
    for (const MomentRule* rule : {&policy_.from, &policy_.by, &*policy_.until}) {
      if (rule->base != Base::kOpened) return;
    }
    // Open hours may last longer than their number.
    if (policy_.business) return;
    policy_.listed_us = policy_.until->offset_us + kListedAfterUs;
  }

  absl::Status AddCloser(const v1::PolicyCloser& rule) {
    ASSIGN_OR_RETURN(Closer closer, parts_.CompileCloser(rule));
    if (closer.case_closed) {
      policy_.reads |= MaskOf(ListName::kCases) | MaskOf(ListName::kCasework);
    }
    if (rule.kind() == v1::KIND_OUTREACH_MADE && !seen_outreach_) {
      seen_outreach_ = true;
      if (closer.purpose != 0) policy_.consent = PurposeName(closer.purpose);
    }
    policy_.reads |= closer.lists;
    policy_.closers.push_back(std::move(closer));
    return absl::OkStatus();
  }

  // A state ends by itself, and a silence by what breaks it.
  absl::Status CheckClosers() const {
    const bool ends = policy_.sort() == TriggerSort::kState || rule_.when().role_vacant();
    if (policy_.closers.empty() && !ends) {
      return Error("done", "needs at least one `done`: what closes it");
    }
    return absl::OkStatus();
  }

  absl::Status CompileWhen(const v1::PolicyCondition& when) {
    const bool by_events = policy_.sort() == TriggerSort::kEvent;
    ASSIGN_OR_RETURN(Condition all,
                     CompileCondition(text_, fold_rules_, {rule_.id(), by_events}, when));
    policy_.needs = all.needs();
    RETURN_IF_ERROR(CheckDrift());
    return AddConditions(std::move(all));
  }

  // Its next change is found by looking at each day on which it is listed.
  absl::Status CheckDrift() const {
    if ((policy_.needs & kNeedsDrift) == 0) return absl::OkStatus();
    if (!policy_.until.has_value()) {
      return Error("until",
                   "its `when` asks for points, type, mode or content, which drift by the day; "
                   "write until, such as until: \"30d\", from when on it is worth nothing");
    }
    if (policy_.until->offset_us > kDriftDaysMax * kMicrosPerDay) {
      return Error("until",
                   "its `when` asks for points, type, mode or content, which drift by the day; "
                   "write an until of at most ",
                   kDriftDaysMax, "d");
    }
    return absl::OkStatus();
  }

  // Each part of a conjunction is asked when its own answer may change.
  absl::Status AddConditions(Condition all) {
    for (Condition& part : all.parts) {
      if (part.test == Condition::Test::kAll) {
        RETURN_IF_ERROR(AddConditions(std::move(part)));
        continue;
      }
      const uint32_t needs = part.needs();
      const bool moves = (needs & (kNeedsStage | kNeedsDrift)) != 0;
      if (moves) RETURN_IF_ERROR(CheckMoving(needs));
      (moves ? policy_.moving : policy_.fixed).push_back(std::move(part));
    }
    return absl::OkStatus();
  }

  // Before several events share an anchor, each is asked whether it opens anything; stage and what
  // drifts are asked later, of the one that did. One `any` or `not` cannot be asked at both times.
  absl::Status CheckMoving(uint32_t needs) const {
    if ((needs & kNeedsTrigger) != 0 && policy_.anchor != v1::POLICY_ANCHOR_EVENT) {
      return Error("when",
                   "one `any` or `not` asks about the event that opens it and about stage, flags "
                   "or what drifts, while several events may open one follow-up; write a policy "
                   "for each, or anchor: POLICY_ANCHOR_EVENT");
    }
    if ((needs & kNeedsDay) != 0 && policy_.sort() == TriggerSort::kMonthDay) {
      return Error("when",
                   "one `any` or `not` asks for consent, which must be there before the day, and "
                   "for stage, flags or what drifts; write a policy for each");
    }
    return absl::OkStatus();
  }

  absl::Status CompileContext() {
    static constexpr absl::string_view kCarried[] = {"OBJECTIVE",     "EXPECTATIONS", "NEED",
                                                     "LAST_PURCHASE", "PERSON",       "POSITION"};
    for (int i = 0; i < rule_.carry_size(); ++i) {
      const std::string& what = rule_.carry(i);
      const bool known =
          std::find(std::begin(kCarried), std::end(kCarried), what) != std::end(kCarried) ||
          (absl::StartsWith(what, "preference.") && what.size() > 11);
      if (!known) {
        return text_.Error(
            rule_, "carry", i,
            absl::StrCat("policy ", rule_.id(), ": carry: there is no ", what, "; write ",
                         absl::StrJoin(kCarried, ", "), " or preference.KEY"));
      }
      policy_.carry.push_back(what);
    }
    for (const v1::PolicyText& text : rule_.text()) {
      if (!IsId(text.name())) return ErrorAt(text, "name", "text.name: ", kIdRule);
      if (text.value().empty() || text.value().size() > kTextBytesMax) {
        return ErrorAt(text, "value", "text.value must be 1 to ", kTextBytesMax, " bytes");
      }
      policy_.texts.emplace_back(text.name(), text.value());
    }
    for (const std::string& rung : rule_.rung()) {
      if (rung.empty() || rung.size() > kTextBytesMax) {
        return Error("rung", "rung must be 1 to ", kTextBytesMax, " bytes");
      }
      policy_.rungs.push_back(rung);
    }
    return absl::OkStatus();
  }

  const fold::RulesText& text_;
  const facts::FoldRules& fold_rules_;
  const v1::PolicyRule& rule_;
  const PolicyParts parts_;
  Policy policy_;
  bool seen_outreach_ = false;
};

}  // namespace

absl::Status Policies::CompileBudget(const fold::RulesText& text) {
  const v1::EvaluateRules& rules = text.rules().evaluate();
  if (!rules.has_budget()) return absl::OkStatus();
  if (rules.budget().contacts() > kBudgetContactsMax) {
    return text.Error(rules.budget(), "contacts", 0,
                      absl::StrCat("budget.contacts must be 0..", kBudgetContactsMax, ", is ",
                                   rules.budget().contacts()));
  }
  absl::StatusOr<int64_t> window = ParseLength(rules.budget().window());
  if (!window.ok()) {
    return text.Error(rules.budget(), "window", 0,
                      absl::StrCat("budget.window: ", window.status().message()));
  }
  budget_ = Budget{rules.budget().contacts(), *window};
  return absl::OkStatus();
}

absl::Status Policies::CompileYesWindow(const fold::RulesText& text) {
  const v1::EvaluateRules& rules = text.rules().evaluate();
  if (!rules.has_yes_window()) return absl::OkStatus();
  absl::StatusOr<int64_t> lasts = ParseLength(rules.yes_window().lasts());
  if (!lasts.ok()) {
    return text.Error(rules.yes_window(), "lasts", 0,
                      absl::StrCat("yes_window.lasts: ", lasts.status().message()));
  }
  yes_window_us_ = *lasts;
  for (int i = 0; i < rules.yes_window().policy_size(); ++i) {
    const std::string& id = rules.yes_window().policy(i);
    auto policy = std::find_if(policies_.begin(), policies_.end(),
                               [&](const Policy& one) { return one.id == id; });
    if (policy == policies_.end()) {
      return text.Error(rules.yes_window(), "policy", i,
                        absl::StrCat("yes_window.policy: there is no policy ", id));
    }
    policy->in_yes_window = true;
  }
  return absl::OkStatus();
}

absl::StatusOr<Policies> Policies::Compile(const fold::RulesText& text,
                                           const facts::FoldRules& fold_rules,
                                           const facts::EvaluateRules& evaluate_rules) {
  Policies result;
  result.friction_ = evaluate_rules.friction;
  if (const auto list = fold_rules.ListOf(v1::KIND_QUESTION_ANSWERED)) {
    result.answers_ = MaskOf(*list);
  }
  ASSIGN_OR_RETURN(result.calendar_, Calendar::Compile(text));
  for (const v1::PolicyRule& rule : text.rules().evaluate().policy()) {
    for (const Policy& other : result.policies_) {
      if (other.id == rule.id()) {
        return text.Error(rule, "id", 0,
                          absl::StrCat("policy ", rule.id(), ": there are two of this id"));
      }
    }
    ASSIGN_OR_RETURN(Policy policy, PolicyCompiler(text, fold_rules, rule).Compile());
    result.asks_stage_ |= (policy.needs & kNeedsStage) != 0 || policy.sort() == TriggerSort::kState;
    result.policies_.push_back(std::move(policy));
  }
  std::sort(result.policies_.begin(), result.policies_.end(),
            [](const Policy& a, const Policy& b) { return a.id < b.id; });
  for (const Policy& policy : result.policies_) {
    const TriggerSort sort = policy.sort();
    if (sort == TriggerSort::kDate || sort == TriggerSort::kMonthDay ||
        sort == TriggerSort::kState || sort == TriggerSort::kSilence) {
      result.moving_.push_back(&policy);
    }
  }
  RETURN_IF_ERROR(result.CompileBudget(text));
  RETURN_IF_ERROR(result.CompileYesWindow(text));
  return result;
}

}  // namespace rapport::follow_up
