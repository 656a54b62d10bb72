// Rejection: why a record cannot be folded. A value, never an error: the partition goes on.
//
// Threads: plain values.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rapport {

// The reasons of the wire contract, section 4. Names never change; numbers are stored.
enum class Reason : uint8_t {
  kFieldInvalid = 1,
  kKindUnknown = 2,
  kPayloadMalformed = 3,
  kTextNotUtf8 = 4,
  kTimeOutOfRange = 5,
  kTooLarge = 6,
  kCustomerIdLooksPersonal = 7,
  kKeyEmpty = 8,
  kKeyMismatch = 9,
  kPartitionWrong = 10,
  kFrameUnknown = 11,
  kEventIdConflict = 12,
  kSourceNotPermitted = 13,
  kFieldUnknown = 14,
  kCrashedFold = 15,
};

// `KIND_UNKNOWN` and so on.
absl::string_view ReasonName(Reason reason);
std::optional<Reason> ReasonFromName(absl::string_view name);

struct Rejection {
  Reason reason = Reason::kFieldInvalid;
  // Path of the field to blame, such as `payload.amount.currency`; empty when it is the whole.
  std::string field;
  // What is wrong and what to do. No personal data.
  std::string message;

  // INVALID_ARGUMENT (EVENT_ID_CONFLICT: ALREADY_EXISTS), message `REASON: field: message`.
  absl::Status ToStatus() const;
};

}  // namespace rapport
