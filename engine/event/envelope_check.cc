#include "engine/event/envelope_check.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/sensitive.h"
#include "engine/event/text.h"

namespace rapport::event {
namespace {

constexpr int64_t kFutureMicrosMax = 24 * kMicrosPerHour;
constexpr uint32_t kSecondsEnd = 1u << 31;
constexpr int32_t kFeelingMax = 2;
constexpr size_t kPublisherBytesMax = 128;
constexpr size_t kTraceParentBytesMax = 64;
constexpr size_t kContentTagBytes = 16;
constexpr int kSealedMax = 8;
constexpr size_t kBoxBytesMin = 24 + 16;
constexpr size_t kBoxBytesMax = kSensitiveBytesMax + kBoxBytesMin;

constexpr absl::string_view kCodeRule = "must be at most 64 bytes without control characters";

struct CodeField {
  const std::string& (v1::Event::*get)() const;
  absl::string_view name;
};

constexpr CodeField kCodeFields[] = {
    {&v1::Event::contact, "contact"},
    {&v1::Event::intended_outcome, "intended_outcome"},
    {&v1::Event::outcome, "outcome"},
    {&v1::Event::reason, "reason"},
    {&v1::Event::place, "place"},
    {&v1::Event::subject, "subject"},
    {&v1::Event::campaign, "campaign"},
    {&v1::Event::playbook, "playbook"},
    {&v1::Event::interaction_id, "interaction_id"},
    {&v1::Event::channel_name, "channel_name"},
};

// CloudEvents name a source by any URI; ours is the part of it that tells sources apart.
absl::string_view SourceRule(absl::string_view source) {
  if (source.find(':') != source.npos) {
    return "must be 1 to 64 of [a-z0-9._/-], without the scheme of a URI: write shop.example/pos "
           "for https://shop.example/pos, in the event or as header ce_source";
  }
  return "must be 1 to 64 of [a-z0-9._/-]; give it in the event or as header ce_source";
}

std::optional<Rejection> CheckIds(const v1::Event& event) {
  if (!IsEventId(event.event_id())) {
    return Invalid("event_id",
                   "must be 1 to 64 bytes of visible ASCII; give it in the event or as header "
                   "ce_id");
  }
  if (!event.customer_id().empty() && !IsCustomerId(event.customer_id())) {
    return Invalid("customer_id",
                   "must be 1 to 128 bytes without control characters, and not `-`; use a "
                   "surrogate key of your own system");
  }
  if (!IsSource(event.source())) return Invalid("source", SourceRule(event.source()));
  if (!event.follow_up_id().empty() && !IsFollowUpId(event.follow_up_id())) {
    return Invalid("follow_up_id", "must be 32 lower-case hexadecimal digits");
  }
  return std::nullopt;
}

std::optional<Rejection> CheckEnums(const v1::Event& event) {
  if (!v1::Channel_IsValid(event.channel())) return UnknownValue("channel");
  if (!v1::Initiator_IsValid(event.initiator())) return UnknownValue("initiator");
  if (!v1::Area_IsValid(event.area())) return UnknownValue("area");
  if (!v1::Phase_IsValid(event.phase())) return UnknownValue("phase");
  if (!event.channel_name().empty() && event.channel() != v1::CHANNEL_OTHER) {
    return Invalid("channel_name", "belongs to CHANNEL_OTHER alone; leave it empty");
  }
  if (!event.has_actor()) return std::nullopt;
  if (!v1::ActorRole_IsValid(event.actor().role())) return UnknownValue("actor.role");
  if (!v1::ActorParty_IsValid(event.actor().party())) return UnknownValue("actor.party");
  if (!IsCode(event.actor().id())) return Invalid("actor.id", kCodeRule);
  return std::nullopt;
}

std::optional<Rejection> CheckNumbers(const v1::Event& event) {
  if (event.duration_s() >= kSecondsEnd) return Invalid("duration_s", "must be below 2^31 seconds");
  if (event.wait_s() >= kSecondsEnd) return Invalid("wait_s", "must be below 2^31 seconds");
  if (event.has_value()) {
    if (auto rejection = CheckMoney(event.value(), "value")) return rejection;
  }
  if (event.has_cost()) {
    if (auto rejection = CheckMoney(event.cost(), "cost")) return rejection;
  }
  const auto beyond = [](int32_t feeling) {
    return feeling < -kFeelingMax || feeling > kFeelingMax;
  };
  if (beyond(event.customer_feeling())) return Invalid("customer_feeling", "must be -2 to 2");
  if (beyond(event.employee_feeling())) return Invalid("employee_feeling", "must be -2 to 2");
  return CheckMeasures(event.measures(), "measures");
}

std::optional<Rejection> CheckTexts(const v1::Event& event) {
  for (const CodeField& field : kCodeFields) {
    const std::string& text = (event.*field.get)();
    if (!text.empty() && !IsCode(text)) return Invalid(field.name, kCodeRule);
  }
  return std::nullopt;
}

// What a later version seals besides is none of our business; what is there must be whole.
std::optional<Rejection> CheckSealed(const v1::Event& event) {
  const bool tagged = event.content_tag().size() == kContentTagBytes;
  if (event.sealed().empty() && (event.content_tag().empty() || tagged)) return std::nullopt;
  if (!tagged) return Invalid("content_tag", "is set by the ingress; leave it empty");
  if (event.customer_id().empty() || event.sealed_size() > kSealedMax) {
    return Invalid("sealed", "is set by the ingress; leave it empty");
  }
  for (const v1::SealedField& sealed : event.sealed()) {
    if (!sealed.field().empty() && IsCode(sealed.field()) && sealed.key_version() > 0 &&
        sealed.box().size() >= kBoxBytesMin && sealed.box().size() <= kBoxBytesMax) {
      continue;
    }
    return Invalid("sealed", "is set by the ingress; leave it empty");
  }
  return std::nullopt;
}

std::optional<Rejection> CheckStamps(const v1::Event& event) {
  if (auto rejection = CheckSealed(event)) return rejection;
  if (event.publisher().size() > kPublisherBytesMax || HasControl(event.publisher())) {
    return Invalid("publisher", "is set by the ingress; leave it empty");
  }
  if (event.trace_parent().size() > kTraceParentBytesMax || HasControl(event.trace_parent())) {
    return Invalid("trace_parent", "must be a W3C trace parent of at most 64 bytes");
  }
  return std::nullopt;
}

std::optional<Rejection> CheckKind(const v1::Event& event) {
  if (event.payload().size() > kPayloadBytesMax) {
    return Rejection{Reason::kTooLarge, "payload",
                     "is over 60 KiB; keep documents elsewhere and send their key"};
  }
  if (event.kind() == v1::KIND_UNSPECIFIED) {
    return Invalid("kind", "is missing; say what happened");
  }
  if (FindKind(event.kind()) == nullptr) {
    return Rejection{Reason::kKindUnknown, "kind",
                     absl::StrCat("number ", static_cast<int>(event.kind()),
                                  " is not known to this version; the event is kept whole and "
                                  "counts once a later version knows it")};
  }
  return std::nullopt;
}

}  // namespace

Rejection Invalid(absl::string_view path, absl::string_view message) {
  return {Reason::kFieldInvalid, std::string(path), std::string(message)};
}

Rejection UnknownValue(absl::string_view path) {
  return {Reason::kKindUnknown, std::string(path),
          "has a value that this version does not know; the event is kept whole and counts once a "
          "later version knows it"};
}

std::optional<Rejection> CheckTime(int64_t at_us, int64_t append_time_us) {
  if (at_us > 0 && at_us < kEndOfTimeMicros && at_us - kFutureMicrosMax <= append_time_us) {
    return std::nullopt;
  }
  absl::string_view message =
      "must lie before 2100 and at most 24 hours after the log took the event; check the unit "
      "(microseconds) and the clock of the source";
  if (at_us <= 0) {
    message = "must lie after 1970-01-01; give it in the event or as ce_time";
  }
  return Rejection{Reason::kTimeOutOfRange, "occurred_at_us", std::string(message)};
}

std::optional<Rejection> CheckMoney(const v1::Money& money, absl::string_view path) {
  if (!IsCurrency(money.currency())) {
    return Invalid(absl::StrCat(path, ".currency"),
                   "must be three capital letters of ISO 4217, such as EUR");
  }
  if (money.micros() < 0 || money.micros() > kMoneyMicrosMax) {
    return Invalid(absl::StrCat(path, ".micros"),
                   "must be 0 to 10^15 millionths; the direction comes from the kind, not from a "
                   "sign");
  }
  return std::nullopt;
}

std::optional<Rejection> CheckMeasures(
    const google::protobuf::RepeatedPtrField<v1::Measure>& measures, absl::string_view path) {
  if (measures.size() > kMeasuresMax) return Invalid(path, "has more than 16 entries");
  for (int i = 0; i < measures.size(); ++i) {
    const std::string& name = measures[i].name();
    if (name.empty() || !IsCode(name)) {
      return Invalid(absl::StrCat(path, "[", i, "].name"),
                     "must be 1 to 64 bytes without control characters");
    }
    if (i > 0 && measures[i - 1].name() >= name) {
      return Invalid(absl::StrCat(path, "[", i, "].name"),
                     "must come after the one before it: sort measures by name, each name once");
    }
  }
  return std::nullopt;
}

std::optional<Rejection> CheckEnvelopeFields(const v1::Event& event, int64_t append_time_us) {
  if (auto rejection = CheckIds(event)) return rejection;
  if (auto rejection = CheckKind(event)) return rejection;
  if (auto rejection = CheckTime(event.occurred_at_us(), append_time_us)) return rejection;
  if (auto rejection = CheckEnums(event)) return rejection;
  if (auto rejection = CheckNumbers(event)) return rejection;
  if (auto rejection = CheckTexts(event)) return rejection;
  return CheckStamps(event);
}

}  // namespace rapport::event
