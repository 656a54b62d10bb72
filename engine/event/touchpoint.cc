#include "engine/event/touchpoint.h"

#include <google/protobuf/unknown_field_set.h>

#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/event/envelope_check.h"
#include "engine/event/kinds.h"
#include "engine/event/payload_check.h"

namespace rapport::event {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

// A field of Touchpoint's `detail` has this number plus the kind's.
constexpr int kDetailBase = 1000;
constexpr int64_t kNanosPerMicro = 1'000;
// A Timestamp covers 0001-01-01 to 9999-12-31.
constexpr int64_t kTimestampMin = -719'162 * kMicrosPerDay;
constexpr int64_t kTimestampEnd = 2'932'897 * kMicrosPerDay;

int64_t ToMicros(const Timestamp& time) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(time.seconds(), kMicrosPerSecond, &micros) ||
      __builtin_add_overflow(micros, FloorDiv(time.nanos(), kNanosPerMicro), &micros)) {
    return time.seconds() < 0 ? INT64_MIN : INT64_MAX;
  }
  return micros;
}

void FromMicros(int64_t at_us, Timestamp& time) {
  const int64_t seconds = FloorDiv(at_us, kMicrosPerSecond);
  time.set_seconds(seconds);
  time.set_nanos(static_cast<int32_t>((at_us - seconds * kMicrosPerSecond) * kNanosPerMicro));
}

const FieldDescriptor& DetailField(v1::Kind kind) {
  const auto* field = v1::Touchpoint::descriptor()->FindFieldByNumber(kDetailBase + kind);
  RAPPORT_CHECK(field != nullptr) << "Touchpoint has no field for kind " << kind;
  return *field;
}

// Gives `to` the fields of `from` that neither type knows. One that `to` knows meant nothing where
// it came from and must not begin to mean something now.
void CopyUnknownFields(const Message& from, Message& to) {
  const auto& unknown = from.GetReflection()->GetUnknownFields(from);
  for (int i = 0; i < unknown.field_count(); ++i) {
    if (to.GetDescriptor()->FindFieldByNumber(unknown.field(i).number()) != nullptr) continue;
    to.GetReflection()->MutableUnknownFields(&to)->AddField(unknown.field(i));
  }
}

// Carries what both types know, as bytes. REQUIRES: `from` has no field that differs in `to`.
void CopySharedFields(Message& from, Message& to) {
  from.GetReflection()->MutableUnknownFields(&from)->Clear();
  RAPPORT_CHECK(to.ParseFromString(from.SerializeAsString()))
      << from.GetTypeName() << " and " << to.GetTypeName() << " differ in a shared field";
}

}  // namespace

v1::Event TouchpointToEvent(const v1::Touchpoint& touchpoint) {
  v1::Touchpoint rest = touchpoint;
  rest.clear_occurred_at();
  rest.clear_detail();
  v1::Event event;
  CopySharedFields(rest, event);
  CopyUnknownFields(touchpoint, event);
  if (touchpoint.has_occurred_at()) event.set_occurred_at_us(ToMicros(touchpoint.occurred_at()));
  if (touchpoint.detail_case() == v1::Touchpoint::DETAIL_NOT_SET) return event;
  const int number = static_cast<int>(touchpoint.detail_case());
  event.set_kind(static_cast<v1::Kind>(number - kDetailBase));
  const auto* field = v1::Touchpoint::descriptor()->FindFieldByNumber(number);
  touchpoint.GetReflection()
      ->GetMessage(touchpoint, field)
      .SerializeToString(event.mutable_payload());
  return event;
}

absl::StatusOr<v1::Touchpoint> EventToTouchpoint(const v1::Event& event) {
  const KindInfo* kind = FindKind(event.kind());
  if (kind == nullptr) return UnknownValue("kind").ToStatus();
  if (event.occurred_at_us() < kTimestampMin || event.occurred_at_us() >= kTimestampEnd) {
    return Rejection{Reason::kTimeOutOfRange, "occurred_at_us",
                     "must lie in the years 1 to 9999; check the unit (microseconds)"}
        .ToStatus();
  }
  v1::Event rest = event;
  rest.clear_occurred_at_us();
  rest.clear_kind();
  rest.clear_payload();
  v1::Touchpoint touchpoint;
  CopySharedFields(rest, touchpoint);
  CopyUnknownFields(event, touchpoint);
  if (event.occurred_at_us() != 0) {
    FromMicros(event.occurred_at_us(), *touchpoint.mutable_occurred_at());
  }
  Message* payload =
      touchpoint.GetReflection()->MutableMessage(&touchpoint, &DetailField(event.kind()));
  if (const auto rejection = ParseMessage(event.payload(), "payload", *payload)) {
    return rejection->ToStatus();
  }
  return touchpoint;
}

}  // namespace rapport::event
