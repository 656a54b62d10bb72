#include "engine/event/payload_check.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/base/time.h"
#include "engine/event/bad_text.h"
#include "engine/event/envelope_check.h"
#include "engine/event/payload_plan.h"
#include "engine/event/payload_quick.h"
#include "engine/event/text.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/known.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::event {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A leap year: 29 February exists where no year is given.
constexpr int64_t kSomeLeapYear = 2000;
constexpr int kItemsMax = 1'000;
constexpr int kAttendeesMax = 64;

std::string PathOf(const FieldDescriptor& field) { return absl::StrCat("payload.", field.name()); }

// What a text of this sort must be; empty when `text` is.
absl::string_view TextRule(Check check, const std::string& text) {
  switch (check) {
    case Check::kCode:
      return IsCode(text) ? "" : "must be at most 64 bytes without control characters";
    case Check::kCustomerId:
      return IsCustomerId(text)
                 ? ""
                 : "must be a customer id: 1 to 128 bytes without control characters, not `-`";
    case Check::kEventId:
      return IsEventId(text) ? "" : "must be an event id: 1 to 64 bytes of visible ASCII";
    case Check::kFollowUpId:
      return IsFollowUpId(text) ? "" : "must be 32 lower-case hexadecimal digits";
    case Check::kCustomKind:
      return IsCustomKind(text) ? "" : "must be 1 to 40 of [a-z0-9._-]";
    default:
      RAPPORT_CHECK(false) << "no text";
      return "";
  }
}

std::optional<Rejection> CheckText(const FieldCheck& check, const Message& message,
                                   const Reflection& reflection) {
  std::string scratch;
  const std::string& text = reflection.GetStringReference(message, check.field, &scratch);
  if (text.empty()) {
    if (!check.required) return std::nullopt;
    return Invalid(PathOf(*check.field), "is missing; give the key or code of what this is about");
  }
  if (check.check == Check::kCode && IsCode(text)) return std::nullopt;
  const absl::string_view rule = TextRule(check.check, text);
  if (rule.empty()) return std::nullopt;
  return Invalid(PathOf(*check.field), rule);
}

std::optional<Rejection> CheckEnum(const FieldCheck& check, const Message& message,
                                   const Reflection& reflection) {
  const int value = reflection.GetEnumValue(message, check.field);
  if (value < 0 || value >= 64 || (check.known_values >> value & 1) == 0) {
    return UnknownValue(PathOf(*check.field));
  }
  if (value == 0 && check.required) {
    return Invalid(PathOf(*check.field), "is missing; without it the event says nothing");
  }
  return std::nullopt;
}

// Bit n = field n stands in the parsed `bytes`; all bits when they hold what is not looked into.
uint64_t PresentFields(absl::string_view bytes) {
  constexpr uint64_t kAny = ~uint64_t{0};
  uint64_t present = 0;
  while (!bytes.empty()) {
    uint64_t tag = 0;
    // A tag that is longer than it must be is read by its lower half.
    if (!TakeVarint(bytes, tag) || tag > UINT32_MAX || !SkipWireValue(tag & 7, bytes)) return kAny;
    if (tag >> 3 < kFieldNumbersEnd) present |= uint64_t{1} << (tag >> 3);
  }
  return present;
}

int64_t NumberOf(const FieldCheck& check, const Message& message, const Reflection& reflection) {
  switch (check.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(message, check.field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(message, check.field);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.GetInt64(message, check.field);
    default:
      RAPPORT_CHECK(false) << check.field->full_name() << " is no number that can be checked";
      return 0;
  }
}

std::optional<Rejection> CheckNumber(const FieldCheck& check, const Message& message,
                                     const Reflection& reflection) {
  // Absent is not zero.
  if (check.field->has_presence() && !reflection.HasField(message, check.field)) {
    return std::nullopt;
  }
  const int64_t number = NumberOf(check, message, reflection);
  if (number >= check.min && number <= check.max) return std::nullopt;
  return Invalid(PathOf(*check.field), absl::StrCat("must be ", check.min, " to ", check.max));
}

std::optional<Rejection> CheckMoment(const FieldCheck& check, const Message& message,
                                     const Reflection& reflection) {
  const int64_t at_us = reflection.GetInt64(message, check.field);
  if (at_us > 0 && at_us < kEndOfTimeMicros) return std::nullopt;
  if (at_us == 0 && !check.required) return std::nullopt;
  return Invalid(PathOf(*check.field),
                 "must be a moment after 1970 and before 2100, in microseconds");
}

std::optional<Rejection> CheckMoneyField(const FieldCheck& check, const Message& message,
                                         const Reflection& reflection) {
  if (!reflection.HasField(message, check.field)) return std::nullopt;
  const auto& money = static_cast<const v1::Money&>(reflection.GetMessage(message, check.field));
  // The path is put together only for a bad amount.
  if (!CheckMoney(money, "").has_value()) return std::nullopt;
  return CheckMoney(money, PathOf(*check.field));
}

std::optional<Rejection> CheckItem(const v1::PurchaseItem& item, const std::string& path) {
  if (!IsCode(item.sku())) {
    return Invalid(path + ".sku", "must be at most 64 bytes without control characters");
  }
  if (item.quantity_milli() < 0) {
    return Invalid(path + ".quantity_milli", "must not be negative; send a PurchaseReversed");
  }
  return item.has_amount() ? CheckMoney(item.amount(), path + ".amount") : std::nullopt;
}

std::optional<Rejection> CheckItems(const v1::PurchaseMade& purchase) {
  if (purchase.items_size() > kItemsMax) {
    return Invalid("payload.items", absl::StrCat("has more than ", kItemsMax, " entries"));
  }
  for (int i = 0; i < purchase.items_size(); ++i) {
    // The path is put together only for a bad line.
    if (!CheckItem(purchase.items(i), "").has_value()) continue;
    return CheckItem(purchase.items(i), absl::StrCat("payload.items[", i, "]"));
  }
  return std::nullopt;
}

std::optional<Rejection> CheckAttendees(const v1::MeetingHeld& meeting) {
  if (meeting.attendees_size() > kAttendeesMax) {
    return Invalid("payload.attendees", absl::StrCat("has more than ", kAttendeesMax, " entries"));
  }
  for (int i = 0; i < meeting.attendees_size(); ++i) {
    if (!meeting.attendees(i).empty() && IsCode(meeting.attendees(i))) continue;
    return Invalid(absl::StrCat("payload.attendees[", i, "]"),
                   "must be 1 to 64 bytes without control characters");
  }
  return std::nullopt;
}

std::optional<Rejection> CheckField(const FieldCheck& check, const Message& message,
                                    const Reflection& reflection) {
  switch (check.check) {
    case Check::kCode:
    case Check::kCustomerId:
    case Check::kEventId:
    case Check::kFollowUpId:
    case Check::kCustomKind:
      return CheckText(check, message, reflection);
    case Check::kEnum:
      return CheckEnum(check, message, reflection);
    case Check::kMoment:
      return CheckMoment(check, message, reflection);
    case Check::kNumber:
      return CheckNumber(check, message, reflection);
    case Check::kMoney:
      return CheckMoneyField(check, message, reflection);
    case Check::kBytes: {
      std::string scratch;
      const auto& bytes = reflection.GetStringReference(message, check.field, &scratch);
      if (static_cast<int64_t>(bytes.size()) <= check.max) return std::nullopt;
      return Invalid(PathOf(*check.field), absl::StrCat("must be at most ", check.max, " bytes"));
    }
  }
  return std::nullopt;
}

std::optional<Rejection> CheckSurvey(const v1::SurveyAnswered& answer) {
  if (answer.min() >= answer.max()) {
    return Invalid("payload.max", "must be greater than `min`; give the scale of the question");
  }
  if (answer.score() < answer.min() || answer.score() > answer.max()) {
    return Invalid("payload.score", "must lie between `min` and `max`");
  }
  return std::nullopt;
}

std::optional<Rejection> CheckDate(const v1::DateRecorded& date) {
  const int64_t year = date.has_year() ? date.year() : kSomeLeapYear;
  if (static_cast<int>(date.day()) <= DaysInMonth(year, static_cast<int>(date.month()))) {
    return std::nullopt;
  }
  return Invalid("payload.day", "is not in the calendar; the month has fewer days");
}

std::optional<Rejection> CheckMembership(const v1::MembershipChanged& membership) {
  if (membership.expiring() <= membership.balance()) return std::nullopt;
  return Invalid("payload.expiring", "must be at most `balance`; give how many of its points end");
}

// Nobody recommends himself.
std::optional<Rejection> CheckSomebodyElse(const std::string& other, absl::string_view path,
                                           const v1::Event& envelope) {
  if (other.empty() || other != envelope.customer_id()) return std::nullopt;
  return Invalid(path, "must be another customer than that of the event");
}

// One record stands under each id, so this customer must be one of the two.
template <typename Link>
std::optional<Rejection> CheckLink(const Link& link, const v1::Event& envelope) {
  if (link.survivor() == link.merged()) {
    return Invalid("payload.merged", "must be another customer than `survivor`");
  }
  if (envelope.customer_id() != link.survivor() && envelope.customer_id() != link.merged()) {
    return Invalid("payload.survivor", "or `merged` must be the customer of this event");
  }
  return std::nullopt;
}

// The content that a correction puts in place, checked as if it came by itself.
std::optional<Rejection> CheckCorrection(const v1::EventCorrected& correction,
                                         const v1::Event& envelope) {
  if (correction.kind() == v1::KIND_UNSPECIFIED) {
    return Invalid("payload.kind", "is missing; give the kind of the corrected event");
  }
  const KindInfo* kind = FindKind(correction.kind());
  if (kind == nullptr) return UnknownValue("payload.kind");
  if (kind->kind >= v1::KIND_EVENT_RETRACTED && kind->kind <= v1::KIND_ERASURE_COMPLETED) {
    return Invalid("payload.kind", "must be a touchpoint; retract a technical event instead");
  }
  const std::unique_ptr<Message> payload(kind->prototype->New());
  auto rejection = ParseMessage(correction.payload(), "payload", *payload);
  if (!rejection.has_value())
    rejection = CheckPayloadFields(*kind, correction.payload(), *payload, envelope);
  if (rejection.has_value()) rejection->field = absl::StrCat("payload.", rejection->field);
  return rejection;
}

// Lists, and rules that look at more than one field.
std::optional<Rejection> CheckWhole(v1::Kind kind, const Message& payload,
                                    const v1::Event& envelope) {
  switch (kind) {
    case v1::KIND_PURCHASE_MADE:
      return CheckItems(static_cast<const v1::PurchaseMade&>(payload));
    case v1::KIND_MEETING_HELD:
      return CheckAttendees(static_cast<const v1::MeetingHeld&>(payload));
    case v1::KIND_CUSTOM_TOUCHPOINT:
      return CheckMeasures(static_cast<const v1::CustomTouchpoint&>(payload).measures(),
                           "payload.measures");
    case v1::KIND_SURVEY_ANSWERED:
      return CheckSurvey(static_cast<const v1::SurveyAnswered&>(payload));
    case v1::KIND_DATE_RECORDED:
      return CheckDate(static_cast<const v1::DateRecorded&>(payload));
    case v1::KIND_MEMBERSHIP_CHANGED:
      return CheckMembership(static_cast<const v1::MembershipChanged&>(payload));
    case v1::KIND_REFERRAL_MADE:
      return CheckSomebodyElse(static_cast<const v1::ReferralMade&>(payload).referred(),
                               "payload.referred", envelope);
    case v1::KIND_REFERRAL_RECEIVED:
      return CheckSomebodyElse(static_cast<const v1::ReferralReceived&>(payload).referrer(),
                               "payload.referrer", envelope);
    case v1::KIND_EVENT_CORRECTED:
      return CheckCorrection(static_cast<const v1::EventCorrected&>(payload), envelope);
    case v1::KIND_CUSTOMER_MERGED:
      return CheckLink(static_cast<const v1::CustomerMerged&>(payload), envelope);
    case v1::KIND_CUSTOMER_SPLIT:
      return CheckLink(static_cast<const v1::CustomerSplit&>(payload), envelope);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Rejection> ParseMessage(absl::string_view bytes, absl::string_view path,
                                      Message& message) {
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  if (const auto text = FindBadText(*message.GetDescriptor(), bytes)) {
    return Rejection{Reason::kTextNotUtf8, absl::StrCat(path, path.empty() ? "" : ".", *text),
                     "is not UTF-8; write texts in UTF-8"};
  }
  return Rejection{Reason::kPayloadMalformed, std::string(path),
                   absl::StrCat("is no ", message.GetDescriptor()->full_name(),
                                "; the bytes are cut or belong to another message")};
}

std::optional<Rejection> CheckEachField(const PayloadPlan& plan, absl::string_view bytes,
                                        const Message& payload) {
  const uint64_t present = PresentFields(bytes);
  for (const FieldCheck& check : plan.fields) {
    // Absent is fine unless it is required.
    if (!check.required && (present >> check.number & 1) == 0) continue;
    if (auto rejection = CheckField(check, payload, *plan.reflection)) return rejection;
  }
  return std::nullopt;
}

std::optional<Rejection> CheckPayloadFields(const KindInfo& kind, absl::string_view bytes,
                                            const Message& payload, const v1::Event& envelope) {
  const PayloadPlan& plan = PlanOf(kind);
  if (!IsSurelyValid(plan, bytes)) {
    if (auto rejection = CheckEachField(plan, bytes, payload)) return rejection;
  }
  return CheckWhole(kind.kind, payload, envelope);
}

}  // namespace rapport::event
