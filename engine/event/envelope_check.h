// The limits of the envelope: sizes, characters, ranges and closed lists of the wire contract, §1.
//
//   if (auto rejection = CheckEnvelopeFields(event, append_time_us)) return rejection;
//
// Threads: pure. Never: looks at the payload, but for its size.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "engine/model/rejection.h"
#include "rapport/v1/event.pb.h"
#include "rapport/v1/money.pb.h"

namespace rapport::event {

inline constexpr size_t kEventBytesMax = 64 * 1024;
inline constexpr size_t kPayloadBytesMax = 60 * 1024;
inline constexpr int kMeasuresMax = 16;
inline constexpr int64_t kMoneyMicrosMax = 1'000'000'000'000'000;

// Every check of a filled envelope, its kind among them. `append_time_us` bounds its time.
std::optional<Rejection> CheckEnvelopeFields(const v1::Event& event, int64_t append_time_us);

// When something happened, against when the log took it; blames `occurred_at_us`.
std::optional<Rejection> CheckTime(int64_t at_us, int64_t append_time_us);

// What envelope and payloads share; `path` begins the name of the field to blame.
std::optional<Rejection> CheckMoney(const v1::Money& money, absl::string_view path);
std::optional<Rejection> CheckMeasures(
    const google::protobuf::RepeatedPtrField<v1::Measure>& measures, absl::string_view path);

// FIELD_INVALID.
Rejection Invalid(absl::string_view path, absl::string_view message);
// A value that a later version may know: KIND_UNKNOWN, kept whole.
Rejection UnknownValue(absl::string_view path);

}  // namespace rapport::event
