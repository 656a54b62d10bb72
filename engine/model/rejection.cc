#include "engine/model/rejection.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rapport {
namespace {

constexpr std::pair<Reason, absl::string_view> kNames[] = {
    {Reason::kFieldInvalid, "FIELD_INVALID"},
    {Reason::kKindUnknown, "KIND_UNKNOWN"},
    {Reason::kPayloadMalformed, "PAYLOAD_MALFORMED"},
    {Reason::kTextNotUtf8, "TEXT_NOT_UTF8"},
    {Reason::kTimeOutOfRange, "TIME_OUT_OF_RANGE"},
    {Reason::kTooLarge, "TOO_LARGE"},
    {Reason::kCustomerIdLooksPersonal, "CUSTOMER_ID_LOOKS_PERSONAL"},
    {Reason::kKeyEmpty, "KEY_EMPTY"},
    {Reason::kKeyMismatch, "KEY_MISMATCH"},
    {Reason::kPartitionWrong, "PARTITION_WRONG"},
    {Reason::kFrameUnknown, "FRAME_UNKNOWN"},
    {Reason::kEventIdConflict, "EVENT_ID_CONFLICT"},
    {Reason::kSourceNotPermitted, "SOURCE_NOT_PERMITTED"},
    {Reason::kFieldUnknown, "FIELD_UNKNOWN"},
    {Reason::kCrashedFold, "CRASHED_FOLD"},
};

}  // namespace

absl::string_view ReasonName(Reason reason) {
  for (const auto& [value, name] : kNames) {
    if (value == reason) return name;
  }
  return "UNKNOWN_REASON";
}

std::optional<Reason> ReasonFromName(absl::string_view name) {
  for (const auto& [value, known] : kNames) {
    if (known == name) return value;
  }
  return std::nullopt;
}

absl::Status Rejection::ToStatus() const {
  const std::string text = absl::StrCat(ReasonName(reason), ": ",
                                        field.empty() ? "" : absl::StrCat(field, ": "), message);
  return reason == Reason::kEventIdConflict ? absl::AlreadyExistsError(text)
                                            : absl::InvalidArgumentError(text);
}

}  // namespace rapport
