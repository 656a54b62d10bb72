// Reads the policies of a rule set, and says exactly what is wrong with one.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "projections/facts/kind_table.h"
#include "projections/follow_up/policy.h"
#include "rapport/v1/outreach_purpose.pb.h"

namespace rapport::follow_up {
namespace {

using facts::ListName;

constexpr uint32_t kPriorityMax = 9;
constexpr uint32_t kBudgetContactsMax = 100;
constexpr uint32_t kPurchaseDayMax = 10'000;
// Dates come once a year; a follow-up about one must not reach the next but one.
constexpr int64_t kDateReachMax = 366 * kMicrosPerDay;
constexpr size_t kIdBytesMax = 40;

// The map that keeps the last write of each key, for kinds that no list remembers.
std::optional<ListName> MapOf(v1::Kind kind) {
  switch (kind) {
    case v1::KIND_PREFERENCE_RECORDED:
      return ListName::kPreferences;
    case v1::KIND_CONSENT_CHANGED:
      return ListName::kConsents;
    case v1::KIND_DATE_RECORDED:
      return ListName::kDates;
    case v1::KIND_CONTACT_PERSON_RECORDED:
      return ListName::kPeople;
    case v1::KIND_MEMBERSHIP_CHANGED:
      return ListName::kMemberships;
    case v1::KIND_AGREEMENT_SIGNED:
    case v1::KIND_AGREEMENT_ENDED:
      return ListName::kAgreements;
    default:
      return std::nullopt;
  }
}

bool HasPurpose(v1::Kind kind) {
  return kind == v1::KIND_OUTREACH_MADE || kind == v1::KIND_OUTREACH_ANSWERED;
}

std::string PurposeName(int purpose) {
  absl::string_view name = v1::OutreachPurpose_Name(purpose);
  absl::ConsumePrefix(&name, "OUTREACH_PURPOSE_");
  return std::string(name);
}

bool AsksStage(const v1::PolicyCondition& when) {
  if (when.stage() != 0 || when.reason() != 0 || when.flag() != 0) return true;
  if (when.has_not_() && AsksStage(when.not_())) return true;
  return std::any_of(when.all().begin(), when.all().end(), AsksStage) ||
         std::any_of(when.any().begin(), when.any().end(), AsksStage);
}

// One policy on its way from text to `Policy`.
class PolicyCompiler {
 public:
  PolicyCompiler(const fold::RulesText& text, const facts::FoldRules& fold_rules,
                 const v1::PolicyRule& rule)
      : text_(text), fold_rules_(fold_rules), rule_(rule) {}

  absl::StatusOr<Policy> Compile() {
    RETURN_IF_ERROR(CompileHead());
    for (const v1::PolicyTrigger& trigger : rule_.trigger()) {
      RETURN_IF_ERROR(CompileTrigger(trigger));
    }
    RETURN_IF_ERROR(CheckAnchor());
    RETURN_IF_ERROR(CompileMoments());
    for (const v1::PolicyCloser& closer : rule_.done()) RETURN_IF_ERROR(CompileCloser(closer));
    if (policy_.closers.empty()) return Error("done", "needs at least one `done`: what closes it");
    if (rule_.has_when()) RETURN_IF_ERROR(CompileWhen(rule_.when()));
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
    if (id.empty() || id.size() > kIdBytesMax ||
        id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
      return Error("id", "the id must be 1 to ", kIdBytesMax, " of [a-z0-9_]");
    }
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
    if (policy_.department.empty()) {
      policy_.department = policy_.cls == v1::FOLLOW_UP_CLASS_SALES ? "sales" : "service";
    }
    return absl::OkStatus();
  }

  absl::Status CompileTrigger(const v1::PolicyTrigger& rule) {
    const int sorts = (rule.kind() != 0) + (rule.purchase_day() != 0) + !rule.date().empty();
    if (sorts != 1) {
      return ErrorAt(rule, "kind", "a trigger is either a kind, a purchase_day or a date");
    }
    Trigger trigger;
    trigger.kind = static_cast<uint16_t>(rule.kind());
    trigger.purpose = static_cast<uint8_t>(rule.purpose());
    trigger.subject = rule.subject();
    trigger.purchase_day = rule.purchase_day();
    trigger.date = rule.date();
    if (rule.has_reached()) trigger.reached = rule.reached();
    if (rule.has_accepted()) trigger.accepted = rule.accepted();
    if (rule.purchase_day() > kPurchaseDayMax) {
      return ErrorAt(rule, "purchase_day", "purchase_day must be 1..", kPurchaseDayMax, ", is ",
                     rule.purchase_day());
    }
    if (trigger.purpose != 0 && !HasPurpose(rule.kind())) {
      return ErrorAt(rule, "purpose", "only OutreachMade and OutreachAnswered have a purpose");
    }
    if (rule.kind() != 0) {
      const std::optional<ListName> list = fold_rules_.ListOf(rule.kind());
      if (!list.has_value()) {
        return ErrorAt(rule, "kind", KindName(rule.kind()),
                       " is remembered in no list, so it cannot open anything; add it to a list "
                       "of the fold part");
      }
      trigger.list = *list;
      policy_.reads |= MaskOf(*list);
    }
    policy_.triggers.push_back(std::move(trigger));
    return absl::OkStatus();
  }

  // Each anchor names what its triggers must be able to say.
  absl::Status CheckAnchor() const {
    for (const Trigger& trigger : policy_.triggers) {
      const bool once = policy_.anchor == v1::POLICY_ANCHOR_ONCE;
      const bool date = policy_.anchor == v1::POLICY_ANCHOR_DATE;
      if (once != (trigger.purchase_day != 0)) {
        return Error("anchor",
                     "POLICY_ANCHOR_ONCE and a trigger with purchase_day need each other");
      }
      if (date != !trigger.date.empty()) {
        return Error("anchor", "POLICY_ANCHOR_DATE and a trigger with a date need each other");
      }
    }
    return absl::OkStatus();
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
    if (base == Base::kTerm && !AllTriggersAre({v1::KIND_COMPLAINT_RAISED})) {
      return Error(field, field, ": only complaints have a term; trigger on KIND_COMPLAINT_RAISED");
    }
    if ((base == Base::kDue || base == Base::kDueFrom) &&
        !AllTriggersAre({v1::KIND_PROMISE_MADE, v1::KIND_EXPECTATION_SET})) {
      return Error(field, field,
                   ": only promises and expectations are due; trigger on KIND_PROMISE_MADE or "
                   "KIND_EXPECTATION_SET");
    }
    if ((base == Base::kDate) != (policy_.anchor == v1::POLICY_ANCHOR_DATE)) {
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
    const bool date = policy_.anchor == v1::POLICY_ANCHOR_DATE;
    ASSIGN_OR_RETURN(policy_.from,
                     Moment("from", date && rule_.from().empty() ? "date" : rule_.from()));
    if (rule_.by().empty()) return Error("by", "needs `by`: when it is due");
    ASSIGN_OR_RETURN(policy_.by, Moment("by", rule_.by()));
    if (!rule_.until().empty()) {
      ASSIGN_OR_RETURN(policy_.until, Moment("until", rule_.until()));
    } else if (date) {
      return Error("until", "needs `until`: a date comes again every year");
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

  absl::Status CompileCloser(const v1::PolicyCloser& rule) {
    if ((rule.kind() != 0) + rule.case_closed() + rule.customer_act() != 1) {
      return ErrorAt(rule, "kind", "a `done` is either a kind, case_closed or customer_act");
    }
    Closer closer;
    closer.kind = static_cast<uint16_t>(rule.kind());
    closer.purpose = static_cast<uint8_t>(rule.purpose());
    closer.same_key = rule.same_key();
    closer.level_min = rule.level_min();
    if (rule.has_accepted()) closer.accepted = rule.accepted();
    closer.case_closed = rule.case_closed();
    closer.customer_act = rule.customer_act();
    if (closer.purpose != 0 && !HasPurpose(rule.kind())) {
      return ErrorAt(rule, "purpose", "only OutreachMade and OutreachAnswered have a purpose");
    }
    if (closer.level_min != 0 && rule.kind() != v1::KIND_COMPLAINT_ESCALATED) {
      return ErrorAt(rule, "level_min", "only ComplaintEscalated has a level");
    }
    if (closer.case_closed) {
      if (!AllTriggersAre({v1::KIND_COMPLAINT_RAISED})) {
        return ErrorAt(rule, "case_closed",
                       "only complaints close; trigger on KIND_COMPLAINT_RAISED");
      }
      policy_.reads |= MaskOf(ListName::kCases) | MaskOf(ListName::kCasework);
      closer.label = KindName(v1::KIND_COMPLAINT_RESOLVED);
    } else if (closer.customer_act) {
      closer.lists = ListsOfCustomerActs();
    } else {
      RETURN_IF_ERROR(FindLists(rule, closer));
      closer.label = KindName(rule.kind());
      if (closer.purpose != 0) absl::StrAppend(&closer.label, ":", PurposeName(closer.purpose));
    }
    if (rule.kind() == v1::KIND_OUTREACH_MADE && !seen_outreach_) {
      seen_outreach_ = true;
      if (closer.purpose != 0) policy_.consent = PurposeName(closer.purpose);
    }
    policy_.reads |= closer.lists;
    policy_.closers.push_back(std::move(closer));
    return absl::OkStatus();
  }

  absl::Status FindLists(const v1::PolicyCloser& rule, Closer& closer) const {
    std::optional<ListName> list = fold_rules_.ListOf(rule.kind());
    if (!list.has_value()) list = MapOf(rule.kind());
    if (!list.has_value()) {
      return ErrorAt(rule, "kind", KindName(rule.kind()),
                     " is remembered in no list, so it cannot close anything; add it to a list of "
                     "the fold part");
    }
    closer.lists = MaskOf(*list);
    if (rule.kind() == v1::KIND_OUTREACH_MADE && rule_.mailings()) {
      const std::optional<ListName> mailings = fold_rules_.ListOf(rule.kind(), false);
      if (mailings.has_value()) closer.lists |= MaskOf(*mailings);
    }
    return absl::OkStatus();
  }

  ListMask ListsOfCustomerActs() const {
    ListMask lists = 0;
    for (int i = 1; i < facts::kKindCount; ++i) {
      const v1::Kind kind = facts::KindAt(i);
      if (facts::By(kind) != facts::Side::kCustomer) continue;
      if (const std::optional<ListName> list = fold_rules_.ListOf(kind)) lists |= MaskOf(*list);
    }
    for (const facts::CustomKind& kind : fold_rules_.custom_kinds()) {
      if (kind.side != facts::Side::kCustomer) continue;
      const std::optional<ListName> list = fold_rules_.ListAt(kind.index, true);
      if (list.has_value()) lists |= MaskOf(*list);
    }
    return lists;
  }

  absl::Status CompileWhen(const v1::PolicyCondition& when) {
    policy_.when = &when;
    policy_.when_asks_stage = AsksStage(when);
    return absl::OkStatus();
  }

  const fold::RulesText& text_;
  const facts::FoldRules& fold_rules_;
  const v1::PolicyRule& rule_;
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
  result.text_ = text;
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
    result.asks_stage_ |= policy.when_asks_stage;
    result.policies_.push_back(std::move(policy));
  }
  std::sort(result.policies_.begin(), result.policies_.end(),
            [](const Policy& a, const Policy& b) { return a.id < b.id; });
  RETURN_IF_ERROR(result.CompileBudget(text));
  RETURN_IF_ERROR(result.CompileYesWindow(text));
  return result;
}

}  // namespace rapport::follow_up
