#include "projections/facts/evaluate_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "projections/facts/kind_table.h"

namespace rapport::facts {
namespace {

using google::protobuf::Message;

constexpr int64_t kDaysMax = 3'650;
constexpr int64_t kWeightMax = 1'000'000;
constexpr int64_t kHalfMax = 1'000'000'000'000;
constexpr int64_t kCountMax = 10'000;
constexpr int64_t kPpmMax = 1'000'000;
constexpr int64_t kSeverities = 4;

// One number of the rules: its field and what it may be.
struct Range {
  const char* field;
  int64_t low;
  int64_t high;
};

// Checks numbers of messages; `path` is what the messages are called in errors.
class Checker {
 public:
  explicit Checker(const fold::RulesText& text) : text_(text) {}

  absl::Status Check(const Message& message, absl::string_view path,
                     std::initializer_list<Range> ranges) const {
    for (const Range& range : ranges) {
      const auto* field = message.GetDescriptor()->FindFieldByName(range.field);
      const int64_t value = message.GetReflection()->GetInt64(message, field);
      if (value >= range.low && value <= range.high) continue;
      return text_.Error(message, range.field, 0,
                         absl::StrCat(path, path.empty() ? "" : ".", range.field, " must be ",
                                      range.low, "..", range.high, ", is ", value));
    }
    return absl::OkStatus();
  }

  absl::Status Error(const Message& message, absl::string_view field, int index,
                     absl::string_view what) const {
    return text_.Error(message, field, index, what);
  }

 private:
  const fold::RulesText& text_;
};

// A duration and kinds, which get `role`.
absl::Status CompileRecency(const Checker& checker, const v1::RecencyRule& rule,
                            absl::string_view path, KindRole role, EvaluateRules& rules,
                            int64_t& days) {
  RETURN_IF_ERROR(checker.Check(rule, path, {{"days", 1, kDaysMax}}));
  days = rule.days();
  if (rule.kind().empty()) {
    return checker.Error(rule, "kind", 0, absl::StrCat(path, " needs at least one `kind`"));
  }
  for (int i = 0; i < rule.kind_size(); ++i) {
    const auto kind = static_cast<size_t>(rule.kind(i));
    if (kind == 0 || kind >= rules.roles.size()) {
      return checker.Error(rule, "kind", i,
                           absl::StrCat(path,
                                        ".kind is no kind of event; write one such as "
                                        "KIND_ENQUIRY_MADE"));
    }
    if (By(rule.kind(i)) == Side::kByRule || By(rule.kind(i)) == Side::kTechnical) {
      return checker.Error(rule, "kind", i,
                           absl::StrCat(path, ".kind ", v1::Kind_Name(rule.kind(i)),
                                        " is no act that facts remember by its kind; name "
                                        "another kind"));
    }
    if ((rules.roles[kind] & role) != 0) {
      return checker.Error(
          rule, "kind", i,
          absl::StrCat(path, " names ", v1::Kind_Name(rule.kind(i)), " twice; write it once"));
    }
    rules.roles[kind] = static_cast<uint8_t>(rules.roles[kind] | role);
  }
  return absl::OkStatus();
}

absl::Status CompileCurve(const Checker& checker, const v1::CurveRule& rule, absl::string_view path,
                          Curve& curve) {
  RETURN_IF_ERROR(checker.Check(rule, path, {{"weight", 0, kWeightMax}, {"half", 1, kHalfMax}}));
  curve = {rule.weight(), rule.half()};
  return absl::OkStatus();
}

absl::Status CompilePrior(const Checker& checker, const v1::EvaluateRules& from,
                          EvaluateRules& rules) {
  constexpr int64_t kPriorMax = 1'000'000'000;
  RETURN_IF_ERROR(checker.Check(
      from.prior(), "prior",
      {{"r", 1, kPriorMax}, {"alpha", 1, kPriorMax}, {"a", 1, kPriorMax}, {"b", 1, kPriorMax}}));
  rules.prior = {from.prior().r(), from.prior().alpha(), from.prior().a(), from.prior().b()};
  RETURN_IF_ERROR(checker.Check(from, "", {{"horizon_days", 1, kDaysMax}}));
  rules.horizon_days = from.horizon_days();
  return absl::OkStatus();
}

absl::Status CompileScore(const Checker& checker, const v1::EvaluateRules& from,
                          EvaluateRules& rules) {
  RETURN_IF_ERROR(checker.Check(
      from.rhythm(), "rhythm",
      {{"weight", 0, kWeightMax}, {"half", 1, kHalfMax}, {"half_life_days", 1, kDaysMax}}));
  rules.rhythm = {{from.rhythm().weight(), from.rhythm().half()},
                  static_cast<int32_t>(from.rhythm().half_life_days())};
  RETURN_IF_ERROR(
      checker.Check(from.value(), "value", {{"weight", 0, kWeightMax}, {"doublings", 1, 62}}));
  rules.value = {from.value().weight(), from.value().doublings()};
  RETURN_IF_ERROR(CompileCurve(checker, from.outlook(), "outlook", rules.outlook));
  RETURN_IF_ERROR(
      CompileCurve(checker, from.sentiment_plus(), "sentiment_plus", rules.sentiment_plus));
  RETURN_IF_ERROR(
      CompileCurve(checker, from.sentiment_minus(), "sentiment_minus", rules.sentiment_minus));
  RETURN_IF_ERROR(CompileCurve(checker, from.advocacy(), "advocacy", rules.advocacy));
  return CompileCurve(checker, from.dialogue(), "dialogue", rules.dialogue);
}

absl::Status CompileFriction(const Checker& checker, const v1::FrictionRule& from,
                             Friction& rules) {
  RETURN_IF_ERROR(checker.Check(from, "friction",
                                {{"cap", 0, kWeightMax},
                                 {"per_unit", 0, kWeightMax},
                                 {"per_square", 0, kWeightMax},
                                 {"severity_unstated", 1, kSeverities},
                                 {"late_permille", 1'000, 10'000},
                                 {"very_late_permille", 1'000, 10'000},
                                 {"closed_accepted", 0, 1'000},
                                 {"closed_refused", 0, 1'000},
                                 {"closed_unanswered", 0, 1'000},
                                 {"half_life_days", 1, kDaysMax}}));
  if (from.severity_size() != kSeverities) {
    return checker.Error(from, "severity", 0,
                         absl::StrCat("friction needs `severity` four times, for severity 1, 2, 3 "
                                      "and 4 in this order, and has it ",
                                      from.severity_size(), " times"));
  }
  for (int i = 0; i < kSeverities; ++i) {
    RETURN_IF_ERROR(checker.Check(from.severity(i), "friction.severity",
                                  {{"weight", 0, 1'000'000}, {"term_days", 1, kDaysMax}}));
    rules.weight[i + 1] = from.severity(i).weight();
    rules.term_days[i + 1] = from.severity(i).term_days();
  }
  rules.cap = from.cap();
  rules.per_unit = from.per_unit();
  rules.per_square = from.per_square();
  rules.severity_unstated = static_cast<int>(from.severity_unstated());
  rules.late_permille = from.late_permille();
  rules.very_late_permille = from.very_late_permille();
  rules.closed_accepted = from.closed_accepted();
  rules.closed_refused = from.closed_refused();
  rules.closed_unanswered = from.closed_unanswered();
  rules.half_life_days = from.half_life_days();
  return absl::OkStatus();
}

absl::Status CompileStages(const Checker& checker, const v1::StageRules& from,
                           EvaluateRules& rules) {
  Stages& to = rules.stages;
  RETURN_IF_ERROR(CompileRecency(checker, from.interest(), "stages.interest", kInterest, rules,
                                 to.interest_days));
  RETURN_IF_ERROR(CompileRecency(checker, from.bond(), "stages.bond", kBond, rules, to.bond_days));
  RETURN_IF_ERROR(checker.Check(from, "stages", {{"first_purchase_silence_days", 1, kDaysMax}}));
  RETURN_IF_ERROR(checker.Check(
      from.dormant(), "stages.dormant",
      {{"alive_below_ppm", 1, kPpmMax}, {"cadences", 1, 100}, {"silence_days", 1, kDaysMax}}));
  RETURN_IF_ERROR(checker.Check(from.commitment(), "stages.commitment",
                                {{"alive_ppm", 1, kPpmMax},
                                 {"purchase_days", 2, kCountMax},
                                 {"purchase_days_with_bond", 2, kCountMax}}));
  to.first_purchase_silence_days = from.first_purchase_silence_days();
  to.dormant_alive_below_ppm = from.dormant().alive_below_ppm();
  to.dormant_cadences = from.dormant().cadences();
  to.dormant_silence_days = from.dormant().silence_days();
  to.commitment_alive_ppm = from.commitment().alive_ppm();
  to.commitment_purchase_days = from.commitment().purchase_days();
  to.commitment_purchase_days_with_bond = from.commitment().purchase_days_with_bond();
  to.dormant_odds = LeastOddsBelow(to.dormant_alive_below_ppm);
  to.commitment_lost_odds = LeastOddsBelow(to.commitment_alive_ppm);
  return absl::OkStatus();
}

absl::Status CompileFlags(const Checker& checker, const v1::FlagRules& from, EvaluateRules& rules) {
  Flags& to = rules.flags;
  RETURN_IF_ERROR(checker.Check(
      from.at_risk(), "flags.at_risk",
      {{"cadences", 1, 100}, {"misses_apart_days", 0, kDaysMax}, {"misses_days", 1, kDaysMax}}));
  RETURN_IF_ERROR(checker.Check(from, "flags",
                                {{"damaged_friction", 1, 1'000'000},
                                 {"let_down_days", 1, kDaysMax},
                                 {"won_back_days", 1, kDaysMax}}));
  RETURN_IF_ERROR(CompileRecency(checker, from.looking_around(), "flags.looking_around", kLooking,
                                 rules, to.looking_around_days));
  to.at_risk_cadences = from.at_risk().cadences();
  to.misses_apart_days = from.at_risk().misses_apart_days();
  to.misses_days = from.at_risk().misses_days();
  to.damaged_friction = from.damaged_friction();
  to.let_down_days = from.let_down_days();
  to.won_back_days = from.won_back_days();
  return absl::OkStatus();
}

absl::Status CompileKind(const Checker& checker, const v1::EvaluateRules& from,
                         EvaluateRules& rules) {
  RETURN_IF_ERROR(checker.Check(
      from.trend(), "trend", {{"rising_permille", 0, 1'000}, {"falling_permille", 1'000, 10'000}}));
  rules.trend_rising_permille = from.trend().rising_permille();
  rules.trend_falling_permille = from.trend().falling_permille();
  RETURN_IF_ERROR(checker.Check(from.types(), "types",
                                {{"advocacy", 1, kWeightMax},
                                 {"collaborative", 1, kWeightMax},
                                 {"community", 1, kWeightMax},
                                 {"community_permille", 0, 1'000},
                                 {"proactive", 1, kWeightMax},
                                 {"reactive", 1, kWeightMax},
                                 {"promotional_permille", 0, 1'000}}));
  const v1::TypeRules& types = from.types();
  rules.types = {types.advocacy(),
                 types.collaborative(),
                 types.community(),
                 types.community_permille(),
                 types.proactive(),
                 types.reactive(),
                 types.promotional_permille()};
  RETURN_IF_ERROR(checker.Check(from.recurrence(), "recurrence",
                                {{"recurring_purchase_days", 1, kCountMax},
                                 {"long_term_purchase_days", 1, kCountMax},
                                 {"long_term_span_days", 1, kCountMax}}));
  const v1::RecurrenceRule& recurrence = from.recurrence();
  rules.recurrence = {recurrence.recurring_purchase_days(), recurrence.long_term_purchase_days(),
                      recurrence.long_term_span_days()};
  return absl::OkStatus();
}

absl::Status CompileWanted(const Checker& checker, const v1::EvaluateRules& from,
                           std::vector<std::string>& wanted) {
  constexpr size_t kKeyBytesMax = 64;
  for (int i = 0; i < from.wanted_preference_size(); ++i) {
    const std::string& key = from.wanted_preference(i);
    if (key.empty() || key.size() > kKeyBytesMax) {
      return checker.Error(from, "wanted_preference", i,
                           absl::StrCat("wanted_preference must be a key of 1..", kKeyBytesMax,
                                        " bytes, is ", key.size()));
    }
    if (std::find(wanted.begin(), wanted.end(), key) != wanted.end()) {
      return checker.Error(
          from, "wanted_preference", i,
          absl::StrCat("wanted_preference \"", key, "\" stands there twice; write it once"));
    }
    wanted.push_back(key);
  }
  return absl::OkStatus();
}

absl::Status CompileTargets(const Checker& checker, const v1::TargetRules& from, Targets& to) {
  constexpr int64_t kWaitMax = 30 * 86'400;
  RETURN_IF_ERROR(checker.Check(
      from, "targets", {{"live_person_permille", 0, 1'000}, {"in_time_permille", 0, 1'000}}));
  to.live_person_permille = from.live_person_permille();
  to.in_time_permille = from.in_time_permille();
  for (const v1::WaitTarget& wait : from.wait()) {
    RETURN_IF_ERROR(checker.Check(wait, "targets.wait", {{"at_most_s", 1, kWaitMax}}));
    const std::string& channel = v1::Channel_Name(wait.channel());
    if (channel.empty()) {
      return checker.Error(wait, "channel", 0,
                           "targets.wait.channel is no channel; write one such as CHANNEL_PHONE");
    }
    const bool is_twice = std::any_of(to.waits.begin(), to.waits.end(), [&](const WaitTarget& one) {
      return one.channel == wait.channel();
    });
    if (is_twice) {
      return checker.Error(
          wait, "channel", 0,
          wait.channel() == v1::CHANNEL_UNSPECIFIED
              ? "targets.wait stands there twice without a channel; write it once"
              : absl::StrCat("targets.wait names ", channel, " twice; write it once"));
    }
    to.waits.push_back({wait.channel(), wait.at_most_s()});
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<int64_t> Targets::WaitOn(v1::Channel channel) const {
  std::optional<int64_t> elsewhere;
  for (const WaitTarget& wait : waits) {
    if (wait.channel == channel) return wait.at_most_s;
    if (wait.channel == v1::CHANNEL_UNSPECIFIED) elsewhere = wait.at_most_s;
  }
  return elsewhere;
}

absl::StatusOr<EvaluateRules> EvaluateRules::From(const fold::RulesText& text) {
  const v1::EvaluateRules& from = text.rules().evaluate();
  const Checker checker(text);
  EvaluateRules rules;
  for (int i = 1; i < kKindCount; ++i) {
    const v1::Kind kind = KindAt(i);
    if (By(kind) == Side::kCustomer) rules.roles[kind] = kAct;
  }
  RETURN_IF_ERROR(CompilePrior(checker, from, rules));
  RETURN_IF_ERROR(CompileScore(checker, from, rules));
  RETURN_IF_ERROR(CompileFriction(checker, from.friction(), rules.friction));
  RETURN_IF_ERROR(CompileStages(checker, from.stages(), rules));
  RETURN_IF_ERROR(CompileFlags(checker, from.flags(), rules));
  RETURN_IF_ERROR(CompileKind(checker, from, rules));
  RETURN_IF_ERROR(CompileWanted(checker, from, rules.wanted_preferences));
  RETURN_IF_ERROR(CompileTargets(checker, from.targets(), rules.targets));
  return rules;
}

}  // namespace rapport::facts
