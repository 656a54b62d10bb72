#include "consumers/edge/http_error.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "consumers/edge/field_path.h"
#include "consumers/edge/json_writer.h"
#include "consumers/edge/rpc_status.h"

namespace rapport::edge {
namespace {

struct StatusOfReason {
  absl::string_view reason;
  int http;
};

// Where HTTP says it more exactly than the code does.
constexpr StatusOfReason kByReason[] = {{"TOO_LARGE", 413},        {"DISK_LOW", 507},
                                        {"PATH_UNKNOWN", 404},     {"METHOD_UNKNOWN", 404},
                                        {"VERB_UNKNOWN", 405},     {"CONTENT_TYPE_UNKNOWN", 415},
                                        {"ENCODING_REFUSED", 415}, {"HEAD_TOO_LARGE", 431},
                                        {"HOST_UNKNOWN", 421},     {"EXPECTATION_FAILED", 417}};

int HttpStatusOfCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

// A whole number of seconds is the least that HTTP can say.
void AddRetryAfter(const v1::ErrorStatus& error, HttpAnswer& answer) {
  for (const auto& detail : error.details()) {
    v1::RetryInfo retry;
    if (!detail.UnpackTo(&retry)) continue;
    const auto& delay = retry.retry_delay();
    answer.headers.emplace_back("Retry-After",
                                absl::StrCat(delay.seconds() + (delay.nanos() > 0 ? 1 : 0)));
  }
}

HttpAnswer AnswerOf(const absl::Status& status, const v1::ErrorStatus& error) {
  HttpAnswer answer;
  answer.status = HttpStatusOf(status);
  if (answer.status == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  AddRetryAfter(error, answer);
  return answer;
}

}  // namespace

int HttpStatusOf(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  for (const StatusOfReason& entry : kByReason) {
    if (!status.ok() && entry.reason == reason) return entry.http;
  }
  return HttpStatusOfCode(status.code());
}

HttpAnswer ErrorAnswer(const absl::Status& status) {
  v1::ErrorStatus error = ToErrorStatus(status);
  PutInJson(error);
  HttpAnswer answer = AnswerOf(status, error);
  answer.body = MessageToJson(error) + "\n";
  return answer;
}

HttpAnswer ConnectErrorAnswer(const absl::Status& status) {
  const v1::ErrorStatus error = ToErrorStatus(status);
  HttpAnswer answer = AnswerOf(status, error);
  // The message as JSON writes it, quotes and all.
  v1::ErrorStatus bare;
  bare.set_message(error.message());
  std::string message = MessageToJson(bare);
  answer.body = absl::StrCat("{\"code\":\"",
                             absl::AsciiStrToLower(absl::StatusCodeToString(status.code())), "\"");
  if (!error.message().empty()) {
    absl::StrAppend(&answer.body, ",", message.substr(1, message.size() - 2));
  }
  absl::string_view separator = ",\"details\":[";
  for (const auto& detail : error.details()) {
    const absl::string_view type = absl::StripPrefix(detail.type_url(), "type.googleapis.com/");
    absl::StrAppend(&answer.body, separator, "{\"type\":\"", type, "\",\"value\":\"",
                    absl::Base64Escape(detail.value()), "\"}");
    separator = ",";
  }
  absl::StrAppend(&answer.body, error.details().empty() ? "}" : "]}");
  return answer;
}

}  // namespace rapport::edge
