#include "tests/kit/follow_up_world.h"

#include <google/protobuf/text_format.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "projections/standpoint.h"
#include "rapport/v1/ending.pb.h"
#include "rapport/v1/outreach_purpose.pb.h"
#include "tests/kit/csv.h"
#include "tests/kit/standard_rules.h"

namespace rapport::kit {
namespace {

using follow_up::FollowUpState;
using follow_up::Policies;

// The field that the number `n` of an event stands for; empty = none.
absl::string_view NumberField(v1::Kind kind) {
  switch (kind) {
    case v1::KIND_COMPLAINT_RAISED:
      return "severity";
    case v1::KIND_COMPLAINT_ESCALATED:
      return "level";
    case v1::KIND_PROMISE_MADE:
      return "due_at_us";
    case v1::KIND_FOLLOW_UP_SNOOZED:
      return "until_us";
    case v1::KIND_QUESTION_ANSWERED:
      return "asks_back";
    case v1::KIND_CONSENT_CHANGED:
      return "granted";
    case v1::KIND_TRIAL_ENDED:
      return "passed";
    case v1::KIND_OUTREACH_MADE:
      return "reached";
    case v1::KIND_RESOLUTION_ANSWERED:
      return "accepted";
    default:
      return "";
  }
}

void SetNumber(EventBuilder& event, int64_t n) {
  const v1::Kind kind = event.envelope().kind();
  if (kind == v1::KIND_DATE_RECORDED) {
    event.Set("month", n / 100).Set("day", n % 100);
    return;
  }
  const absl::string_view field = NumberField(kind);
  RAPPORT_CHECK(!field.empty()) << v1::Kind_Name(kind) << " has no number";
  const bool is_moment = field.size() > 3 && field.substr(field.size() - 3) == "_us";
  event.Set(field, n * (is_moment ? kMicrosPerHour : 1));
}

template <typename Enum>
Enum Named(absl::string_view prefix, absl::string_view name,
           bool (*parse)(google::protobuf::ConstStringParam, Enum*)) {
  Enum value{};
  RAPPORT_CHECK(parse(absl::StrCat(prefix, name), &value)) << prefix << name;
  return value;
}

std::string Hour(int64_t at_us) {
  return at_us == follow_up::kNever ? "-" : absl::StrCat(at_us / kMicrosPerHour);
}

std::string Row(const FollowUpState& state) {
  const std::string reason = v1::Suppression_Name(state.reason).substr(sizeof("SUPPRESSION_") - 1);
  const std::string status =
      v1::FollowUpStatus_Name(state.status).substr(sizeof("FOLLOW_UP_STATUS_") - 1);
  return absl::StrJoin(
      {state.policy->id, state.anchor.ToString(), status,
       state.reason == v1::SUPPRESSION_UNSPECIFIED ? "-" : reason, Hour(state.opened_us),
       Hour(state.from_us), Hour(state.by_us), Hour(state.until_us)},
      " ");
}

// The eleven of the golden vectors.
const std::set<std::string>& GoldenIds() {
  static const auto& ids = *new std::set<std::string>{"answer",
                                                      "complaint_acknowledge",
                                                      "complaint_resolve",
                                                      "escalate_1",
                                                      "escalate_2",
                                                      "promise",
                                                      "thank_you",
                                                      "lead_ask",
                                                      "second_purchase",
                                                      "greeting",
                                                      "reach_again"};
  return ids;
}

// The standard rules with these policies only and without a yes-window.
v1::RuleSet StandardRulesOnly(const std::set<std::string>& ids) {
  v1::RuleSet rules = Standard().text.rules();
  v1::EvaluateRules& evaluate = *rules.mutable_evaluate();
  evaluate.clear_policy();
  evaluate.clear_yes_window();
  for (const v1::PolicyRule& policy : Standard().text.rules().evaluate().policy()) {
    if (ids.count(policy.id()) != 0) *evaluate.add_policy() = policy;
  }
  RAPPORT_CHECK(evaluate.policy_size() == static_cast<int>(ids.size()));
  return rules;
}

std::string Print(const v1::RuleSet& rules) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(rules, &text);
  return text;
}

}  // namespace

std::string GoldenPolicyText(int64_t utc_offset_hours) {
  v1::RuleSet rules = StandardRulesOnly(GoldenIds());
  v1::EvaluateRules& evaluate = *rules.mutable_evaluate();
  for (v1::PolicyRule& policy : *evaluate.mutable_policy()) {
    if (policy.id() == "greeting") policy.clear_when();
  }
  if (utc_offset_hours != 0) {
    v1::CalendarOffset& offset = *evaluate.mutable_calendar()->add_offset();
    offset.set_begins("1970-01-01");
    offset.set_minutes(static_cast<int32_t>(utc_offset_hours * 60));
  }
  return Print(rules);
}

Policies FewPolicies() {
  std::set<std::string> ids = GoldenIds();
  ids.insert({"aftercare", "referral_thanks"});
  v1::RuleSet rules = StandardRulesOnly(ids);
  v1::YesWindowRules& window = *rules.mutable_evaluate()->mutable_yes_window();
  window.set_lasts("3d");
  window.add_policy("lead_ask");
  return PoliciesOf(Print(rules));
}

Policies GoldenPolicies(int64_t utc_offset_hours) {
  return PoliciesOf(GoldenPolicyText(utc_offset_hours));
}

Policies PoliciesOf(const std::string& text) {
  absl::StatusOr<fold::RulesText> parsed = fold::RulesText::Parse(text, "test.textproto");
  RAPPORT_CHECK(parsed.ok()) << parsed.status();
  absl::StatusOr<Policies> policies =
      Policies::Compile(*parsed, Standard().fold, Standard().evaluate);
  RAPPORT_CHECK(policies.ok()) << policies.status();
  return *std::move(policies);
}

Policies OnlyPolicies(absl::string_view policies, absl::string_view more) {
  v1::RuleSet rules = Standard().text.rules();
  v1::EvaluateRules& evaluate = *rules.mutable_evaluate();
  evaluate.clear_policy();
  evaluate.clear_yes_window();
  evaluate.clear_budget();
  const std::string text = absl::StrCat("evaluate { ", policies, " ", more, " }");
  RAPPORT_CHECK(google::protobuf::TextFormat::MergeFromString(text, &rules)) << text;
  return PoliciesOf(Print(rules));
}

EventBuilder EventOfText(absl::string_view text, uint64_t id) {
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  RAPPORT_CHECK(parts.size() == 4) << text;
  const std::vector<std::string> kind = absl::StrSplit(parts[1], ':');
  EventBuilder event(KindOfName(kind[0]));
  event.Id(id).AtHour(ToNumber(parts[0]));
  if (kind.size() > 1) {
    event.Set("purpose", Named("OUTREACH_PURPOSE_", kind[1], v1::OutreachPurpose_Parse));
  }
  const v1::Kind number = event.envelope().kind();
  if (number == v1::KIND_RELATIONSHIP_ENDED) {
    event.Set("by", v1::ENDED_BY_CUSTOMER);
    event.Set("reason", Named("END_REASON_", parts[2], v1::EndReason_Parse));
  } else if (parts[2] != "-") {
    event.Key(parts[2]);
  }
  if (number == v1::KIND_SURVEY_ANSWERED) event.Set("score", 9).Set("max", 10);
  if (parts[3] != "-") SetNumber(event, ToNumber(parts[3]));
  return event;
}

FollowUpWorld& FollowUpWorld::Add(absl::string_view events) {
  for (const absl::string_view text : absl::StrSplit(events, ';', absl::SkipEmpty())) {
    Add(EventOfText(text, next_id_));
  }
  return *this;
}

FollowUpWorld& FollowUpWorld::Add(EventBuilder event) {
  event.Id(next_id_++);
  facts::Fold(facts_, event.View(), Standard().fold);
  return *this;
}

template <typename Ask>
auto FollowUpWorld::AskAt(int64_t hour, Ask ask) const {
  const int64_t t_us = hour * kMicrosPerHour;
  const facts::Reading reading = facts::Read(facts_, t_us, Standard().fold, Standard().evaluate);
  const stage::Course course(facts_, reading, Standard().evaluate);
  const projections::Standpoint standpoint(facts_, course, Standard().fold, Standard().evaluate);
  follow_up::FollowUps owed("cust-1", facts_, policies_, standpoint, t_us);
  return ask(owed);
}

std::vector<FollowUpState> FollowUpWorld::States(int64_t hour) const {
  return AskAt(hour, [](follow_up::FollowUps& owed) { return owed.States(); });
}

std::string FollowUpWorld::At(int64_t hour) const {
  std::vector<std::string> rows;
  for (const FollowUpState& state : States(hour)) rows.push_back(Row(state));
  return absl::StrJoin(rows, ";");
}

std::string FollowUpWorld::At(int64_t hour, absl::string_view policy) const {
  for (const FollowUpState& state : States(hour)) {
    if (state.policy->id == policy) return Row(state);
  }
  return "";
}

std::string FollowUpWorld::StatusAt(int64_t hour, absl::string_view policy) const {
  const std::vector<std::string> words = absl::StrSplit(At(hour, policy), ' ');
  return words.size() < 4 ? "" : absl::StrCat(words[2], " ", words[3]);
}

v1::FollowUp FollowUpWorld::Written(int64_t hour, absl::string_view policy) const {
  v1::FollowUp written;
  for (const FollowUpState& state : States(hour)) {
    if (state.policy->id != policy) continue;
    follow_up::Write(state, facts_, hour * kMicrosPerHour, written);
    return written;
  }
  RAPPORT_CHECK(false) << "there is no " << policy << " at hour " << hour;
  return written;
}

std::optional<int64_t> FollowUpWorld::NextChangeHour(int64_t hour) const {
  const std::optional<int64_t> at_us =
      AskAt(hour, [](follow_up::FollowUps& owed) { return owed.NextChange(); });
  if (!at_us.has_value()) return std::nullopt;
  RAPPORT_CHECK(*at_us % kMicrosPerHour == 0);
  return *at_us / kMicrosPerHour;
}

}  // namespace rapport::kit
