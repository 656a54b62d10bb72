#include "projections/follow_up/policy_parts.h"

#include <algorithm>

#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"
#include "projections/facts/kind_table.h"
#include "rapport/v1/outreach_purpose.pb.h"

namespace rapport::follow_up {
namespace {

using facts::ListName;

constexpr uint32_t kPurchaseDayMax = 10'000;
constexpr uint32_t kSubjectsMax = 100;
constexpr uint32_t kMonthDayMax = 28;

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

bool HasLevel(v1::Kind kind) {
  return kind == v1::KIND_COMPLAINT_ESCALATED || kind == v1::KIND_COMPLAINT_RAISED ||
         kind == v1::KIND_SURVEY_ANSWERED;
}

// States of which it is known on which day they began.
bool HasBeginning(v1::Flag flag) {
  return flag == v1::FLAG_AT_RISK || flag == v1::FLAG_LET_DOWN || flag == v1::FLAG_LOOKING_AROUND ||
         flag == v1::FLAG_WON_BACK;
}

}  // namespace

std::string PurposeName(int purpose) {
  absl::string_view name = v1::OutreachPurpose_Name(purpose);
  absl::ConsumePrefix(&name, "OUTREACH_PURPOSE_");
  return std::string(name);
}

absl::StatusOr<PolicyParts::Remembered> PolicyParts::Find(const google::protobuf::Message& message,
                                                          v1::Kind kind,
                                                          const std::string& custom_kind,
                                                          absl::string_view does) const {
  Remembered found;
  std::optional<ListName> list;
  if (custom_kind.empty()) {
    found.kind = static_cast<uint16_t>(kind);
    found.name = KindName(kind);
    list = fold_rules_.ListOf(kind);
    if (!list.has_value()) list = MapOf(kind);
  } else {
    const facts::CustomKind* custom = fold_rules_.FindCustomKind(custom_kind);
    if (custom == nullptr) {
      return Error(message, "custom_kind", "the fold part has no custom_kind ", custom_kind);
    }
    found.kind = custom->number;
    found.name = custom_kind;
    list = fold_rules_.ListAt(custom->index, /*personal=*/true);
  }
  if (!list.has_value()) {
    return Error(message, custom_kind.empty() ? "kind" : "custom_kind", found.name,
                 " is remembered in no list, so it cannot ", does,
                 " anything; add it to a list of the fold part");
  }
  found.list = *list;
  return found;
}

absl::StatusOr<Trigger> PolicyParts::CompileTrigger(const v1::PolicyTrigger& rule) const {
  const int sorts = (rule.kind() != 0) + !rule.custom_kind().empty() + (rule.purchase_day() != 0) +
                    (rule.subjects_bought() != 0) + !rule.date().empty() + (rule.month_day() != 0) +
                    rule.has_state() + rule.has_silence();
  if (sorts != 1) {
    return Error(rule, "kind",
                 "a trigger is one of kind, custom_kind, purchase_day, subjects_bought, date, "
                 "month_day, state and silence");
  }
  const auto in_range = [&](absl::string_view field, uint32_t value, uint32_t least,
                            uint32_t most) -> absl::Status {
    if (value == 0 || (value >= least && value <= most)) return absl::OkStatus();
    return Error(rule, field, field, " must be ", least, "..", most, ", is ", value);
  };
  RETURN_IF_ERROR(in_range("purchase_day", rule.purchase_day(), 1, kPurchaseDayMax));
  RETURN_IF_ERROR(in_range("subjects_bought", rule.subjects_bought(), 2, kSubjectsMax));
  RETURN_IF_ERROR(in_range("month_day", rule.month_day(), 1, kMonthDayMax));
  Trigger trigger;
  trigger.count = rule.purchase_day() + rule.subjects_bought() + rule.month_day();
  trigger.date = rule.date();
  if (rule.purchase_day() != 0) trigger.sort = TriggerSort::kPurchaseDay;
  if (rule.subjects_bought() != 0) {
    trigger.sort = TriggerSort::kSubjectsBought;
    trigger.list = ListName::kOrders;
  }
  if (!rule.date().empty()) trigger.sort = TriggerSort::kDate;
  if (rule.month_day() != 0) trigger.sort = TriggerSort::kMonthDay;
  if (rule.has_state()) RETURN_IF_ERROR(CompileState(rule.state(), trigger));
  if (rule.has_silence()) RETURN_IF_ERROR(CompileSilence(rule.silence(), trigger));
  RETURN_IF_ERROR(CompileEvent(rule, trigger));
  return trigger;
}

absl::Status PolicyParts::CompileEvent(const v1::PolicyTrigger& rule, Trigger& trigger) const {
  trigger.purpose = static_cast<uint8_t>(rule.purpose());
  trigger.subject = rule.subject();
  trigger.level_min = rule.level_min();
  if (rule.has_reached()) trigger.reached = rule.reached();
  if (rule.has_accepted()) trigger.accepted = rule.accepted();
  if (trigger.purpose != 0 && !HasPurpose(rule.kind())) {
    return Error(rule, "purpose", "only OutreachMade and OutreachAnswered have a purpose");
  }
  if (trigger.level_min != 0 && !HasLevel(rule.kind())) {
    return Error(rule, "level_min",
                 "only ComplaintRaised, ComplaintEscalated and SurveyAnswered have a level");
  }
  if (rule.kind() == 0 && rule.custom_kind().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Remembered found, Find(rule, rule.kind(), rule.custom_kind(), "open"));
  trigger.kind = found.kind;
  trigger.list = found.list;
  return absl::OkStatus();
}

absl::Status PolicyParts::CompileState(const v1::PolicyState& rule, Trigger& trigger) const {
  if ((rule.flag() != 0) + rule.dormant() + (rule.ended_by() != 0) != 1) {
    return Error(rule, "flag", "a state is one of flag, dormant and ended_by");
  }
  if (rule.flag() != 0 && !HasBeginning(rule.flag())) {
    return Error(rule, "flag", v1::Flag_Name(rule.flag()),
                 " has no day on which it began; write FLAG_AT_RISK, FLAG_LET_DOWN, "
                 "FLAG_LOOKING_AROUND or FLAG_WON_BACK");
  }
  trigger.sort = TriggerSort::kState;
  trigger.state = {rule.flag(), rule.dormant(), rule.ended_by()};
  return absl::OkStatus();
}

absl::Status PolicyParts::CompileSilence(const v1::PolicySilence& rule, Trigger& trigger) const {
  trigger.sort = TriggerSort::kSilence;
  trigger.since = rule.since();
  absl::StatusOr<int64_t> lasts = ParseLength(rule.lasts());
  if (!lasts.ok()) return Error(rule, "lasts", "lasts: ", lasts.status().message());
  if (*lasts == 0) return Error(rule, "lasts", "a silence lasts longer than nothing; write 91d");
  trigger.lasts_us = *lasts;
  return absl::OkStatus();
}

absl::StatusOr<Closer> PolicyParts::CompileCloser(const v1::PolicyCloser& rule) const {
  RETURN_IF_ERROR(CheckWords(rule));
  Closer closer;
  closer.purpose = static_cast<uint8_t>(rule.purpose());
  closer.same_key = rule.same_key();
  closer.level_min = rule.level_min();
  if (rule.has_accepted()) closer.accepted = rule.accepted();
  closer.all_three = rule.all_three();
  closer.case_closed = rule.case_closed();
  closer.customer_act = rule.customer_act();
  closer.contact = rule.contact();
  if (closer.case_closed) {
    closer.label = KindName(v1::KIND_COMPLAINT_RESOLVED);
  } else if (closer.customer_act) {
    closer.lists = ListsOfCustomerActs();
  } else if (closer.contact) {
    closer.lists = MaskOf(ListName::kContacts);
  } else {
    RETURN_IF_ERROR(FindLists(rule, closer));
  }
  return closer;
}

absl::Status PolicyParts::CheckWords(const v1::PolicyCloser& rule) const {
  const int sorts = (rule.kind() != 0) + !rule.custom_kind().empty() + rule.case_closed() +
                    rule.customer_act() + rule.contact();
  if (sorts != 1) {
    return Error(rule, "kind",
                 "a `done` is one of kind, custom_kind, case_closed, customer_act and contact");
  }
  if (rule.purpose() != 0 && !HasPurpose(rule.kind())) {
    return Error(rule, "purpose", "only OutreachMade and OutreachAnswered have a purpose");
  }
  if (rule.level_min() != 0 && rule.kind() != v1::KIND_COMPLAINT_ESCALATED) {
    return Error(rule, "level_min", "only ComplaintEscalated has a level");
  }
  if (rule.all_three() && rule.kind() != v1::KIND_ROOT_CAUSE_FOUND) {
    return Error(rule, "all_three", "only RootCauseFound has cause, fix and prevention");
  }
  const bool cases = std::all_of(rule_.trigger().begin(), rule_.trigger().end(),
                                 [](const v1::PolicyTrigger& trigger) {
                                   return trigger.kind() == v1::KIND_COMPLAINT_RAISED ||
                                          trigger.kind() == v1::KIND_COMPLAINT_REOPENED;
                                 });
  if (rule.case_closed() && !cases) {
    return Error(rule, "case_closed", "only complaints close; trigger on KIND_COMPLAINT_RAISED");
  }
  return absl::OkStatus();
}

absl::Status PolicyParts::FindLists(const v1::PolicyCloser& rule, Closer& closer) const {
  ASSIGN_OR_RETURN(const Remembered found, Find(rule, rule.kind(), rule.custom_kind(), "close"));
  closer.kind = found.kind;
  closer.lists = MaskOf(found.list);
  closer.label = found.name;
  if (closer.purpose != 0) absl::StrAppend(&closer.label, ":", PurposeName(closer.purpose));
  if (rule.kind() == v1::KIND_OUTREACH_MADE && rule_.mailings()) {
    const std::optional<ListName> mailings = fold_rules_.ListOf(rule.kind(), false);
    if (mailings.has_value()) closer.lists |= MaskOf(*mailings);
  }
  return absl::OkStatus();
}

ListMask PolicyParts::ListsOfCustomerActs() const {
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

}  // namespace rapport::follow_up
