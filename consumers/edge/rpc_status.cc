#include "consumers/edge/rpc_status.h"

#include <cctype>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace rapport::edge {
namespace {

constexpr int64_t kRetryMillis = 200;
constexpr size_t kMessageBytesMax = 1024;
// In front of a key among the payloads of a status.
constexpr absl::string_view kMetadata = "rapport.metadata/";

// Takes `NAME: ` off the front when every character of NAME is `allowed`.
template <typename Allowed>
absl::string_view TakeName(absl::string_view& text, Allowed allowed) {
  const size_t colon = text.find(": ");
  if (colon == absl::string_view::npos || colon == 0) return {};
  const absl::string_view name = text.substr(0, colon);
  for (const char c : name) {
    if (!allowed(c)) return {};
  }
  text.remove_prefix(colon + 2);
  return name;
}

absl::string_view TakeReason(absl::string_view& text) {
  return TakeName(text, [](char c) {
    return std::isupper(static_cast<unsigned char>(c)) || c == '_' ||
           std::isdigit(static_cast<unsigned char>(c));
  });
}

absl::string_view TakeField(absl::string_view& text) {
  return TakeName(text, [](char c) {
    return std::islower(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '[' ||
           c == ']' || std::isalnum(static_cast<unsigned char>(c));
  });
}

const char* DefaultReason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return "FIELD_INVALID";
    case absl::StatusCode::kNotFound:
      return "NOT_FOUND";
    case absl::StatusCode::kUnavailable:
      return "NOT_READY";
    case absl::StatusCode::kDeadlineExceeded:
      return "POSITION_NOT_REACHED";
    case absl::StatusCode::kResourceExhausted:
      return "QUEUE_FULL";
    default:
      return "BUG";
  }
}

// Waiting helps, but for what takes too long and would again.
bool MayRetry(absl::StatusCode code, absl::string_view reason) {
  return code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kResourceExhausted ||
         (code == absl::StatusCode::kDeadlineExceeded && reason != "DEADLINE_PASSED");
}

// What a server of ours says in the details, if it does.
std::optional<v1::ErrorStatus> AnswerOf(const grpc::Status& status) {
  v1::ErrorStatus error;
  if (status.error_details().empty() || !error.ParseFromString(status.error_details()) ||
      error.code() != static_cast<int>(status.error_code())) {
    return std::nullopt;
  }
  return error;
}

}  // namespace

std::string ReasonOf(const absl::Status& status) {
  absl::string_view text = status.message();
  const absl::string_view reason = TakeReason(text);
  return reason.empty() ? DefaultReason(status.code()) : std::string(reason);
}

std::string TextOf(const absl::Status& status) {
  absl::string_view text = status.message();
  TakeReason(text);
  return std::string(text);
}

void AddMetadata(absl::string_view key, absl::string_view value, absl::Status& status) {
  status.SetPayload(absl::StrCat(kMetadata, key), absl::Cord(value));
}

v1::ErrorStatus ToErrorStatus(const absl::Status& status) {
  v1::ErrorStatus error;
  error.set_code(static_cast<int>(status.code()));
  error.set_message(TextOf(status));
  v1::ErrorInfo info;
  info.set_reason(ReasonOf(status));
  info.set_domain("rapport");
  status.ForEachPayload([&info](absl::string_view name, const absl::Cord& value) {
    if (!absl::ConsumePrefix(&name, kMetadata)) return;
    v1::ErrorMetadata* metadata = info.add_metadata();
    metadata->set_key(std::string(name));
    metadata->set_value(std::string(value));
  });
  error.add_details()->PackFrom(info);
  absl::string_view text = error.message();
  if (const absl::string_view field = TakeField(text);
      !field.empty() && status.code() == absl::StatusCode::kInvalidArgument) {
    v1::BadRequest bad_request;
    v1::FieldViolation* violation = bad_request.add_field_violations();
    violation->set_field(std::string(field));
    violation->set_description(std::string(text));
    error.add_details()->PackFrom(bad_request);
  }
  if (MayRetry(status.code(), info.reason())) {
    v1::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(kRetryMillis * 1'000'000));
    error.add_details()->PackFrom(retry);
  }
  return error;
}

absl::Status FromErrorStatus(const v1::ErrorStatus& error) {
  std::string reason;
  for (const auto& detail : error.details()) {
    v1::ErrorInfo info;
    if (detail.UnpackTo(&info)) reason = absl::StrCat(info.reason(), ": ");
  }
  return absl::Status(static_cast<absl::StatusCode>(error.code()),
                      absl::StrCat(reason, error.message()));
}

grpc::Status ToRpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  v1::ErrorStatus error = ToErrorStatus(status);
  // It travels twice in a header of a few kilobytes.
  if (error.message().size() > kMessageBytesMax) {
    error.mutable_message()->resize(kMessageBytesMax);
    error.mutable_message()->append(" ...");
  }
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), error.message(),
                      error.SerializeAsString());
}

bool IsAnswer(const grpc::Status& status) { return status.ok() || AnswerOf(status).has_value(); }

absl::Status FromRpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (const auto error = AnswerOf(status)) return FromErrorStatus(*error);
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace rapport::edge
