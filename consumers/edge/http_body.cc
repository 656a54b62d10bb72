#include "consumers/edge/http_body.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "consumers/edge/cloud_event.h"
#include "consumers/edge/field_path.h"
#include "consumers/edge/http_text.h"
#include "consumers/edge/json_reader.h"
#include "consumers/edge/nearest_name.h"
#include "consumers/edge/request_fields.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/touchpoint_json.h"
#include "engine/base/status_macros.h"
#include "engine/event/touchpoint.h"
#include "rapport/v1/publish.pb.h"

namespace rapport::edge {
namespace {

using google::protobuf::Message;

// `application/json` of `Application/JSON; charset=utf-8`; another charset is another type.
std::string TypeOf(const HttpHead& head) {
  const std::vector<std::string> parts =
      absl::StrSplit(absl::AsciiStrToLower(head.Header("content-type")), ';');
  for (size_t i = 1; i < parts.size(); ++i) {
    const absl::string_view parameter = absl::StripAsciiWhitespace(parts[i]);
    if (absl::StartsWith(parameter, "charset=") && parameter != "charset=utf-8" &&
        parameter != "charset=\"utf-8\"") {
      return "";
    }
  }
  return std::string(absl::StripAsciiWhitespace(parts[0]));
}

absl::Status TypeUnknown(absl::string_view understood) {
  return absl::InvalidArgumentError(absl::StrCat(
      "CONTENT_TYPE_UNKNOWN: the header Content-Type must be ", understood, ", in UTF-8"));
}

absl::Status CheckEncoding(const HttpHead& head) {
  const absl::string_view encoding = head.Header("content-encoding");
  if (encoding.empty() || absl::EqualsIgnoreCase(encoding, "identity")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "ENCODING_REFUSED: compressed bodies are not read; send it as it is, without "
      "Content-Encoding");
}

bool IsJsonType(absl::string_view type) { return type == "application/json"; }
bool IsProtoType(absl::string_view type) {
  return type == "application/protobuf" || type == "application/x-protobuf" ||
         type == "application/proto";
}

bool Publishes(const Method& method) {
  return method.request->GetDescriptor() == v1::PublishRequest::descriptor();
}
bool PublishesMany(const Method& method) {
  return method.request->GetDescriptor() == v1::BatchPublishRequest::descriptor();
}

absl::StatusOr<BodyForm> PublishFormOf(const HttpHead& head, absl::string_view type) {
  if (type == "application/cloudevents+json") return BodyForm::kStructuredCloudEvent;
  if (IsBinaryCloudEvent(head)) {
    if (IsJsonType(type)) return BodyForm::kBinaryCloudEventJson;
    if (IsProtoType(type)) return BodyForm::kBinaryCloudEventProto;
    return TypeUnknown("application/json or application/protobuf with ce- headers");
  }
  if (IsJsonType(type)) return BodyForm::kJson;
  return TypeUnknown("application/json or application/cloudevents+json");
}

// Lines that are no touchpoint stand as empty items.
void ReadLines(absl::string_view body, HttpRequest& request) {
  auto& batch = static_cast<v1::BatchPublishRequest&>(*request.message);
  int64_t line = 0;
  for (const absl::string_view text : absl::StrSplit(body, '\n')) {
    ++line;
    if (absl::StripAsciiWhitespace(text).empty()) continue;
    v1::PublishItem* item = batch.add_items();
    request.lines.push_back(line);
    absl::StatusOr<v1::Touchpoint> touchpoint = JsonToTouchpoint(text, {line, 1});
    if (touchpoint.ok()) {
      *item->mutable_touchpoint() = *std::move(touchpoint);
    } else {
      request.unreadable[batch.items_size() - 1] = touchpoint.status();
    }
  }
}

// An event that came as a touchpoint stays one, so that errors name what was written. One that came
// as bytes may say what a touchpoint cannot, and stays an event.
absl::Status PutEvent(absl::StatusOr<v1::Event> event, bool is_touchpoint, Message& request) {
  RETURN_IF_ERROR(event.status());
  v1::PublishItem& item = *static_cast<v1::PublishRequest&>(request).mutable_item();
  if (is_touchpoint) {
    if (auto touchpoint = event::EventToTouchpoint(*event); touchpoint.ok()) {
      *item.mutable_touchpoint() = *std::move(touchpoint);
      return absl::OkStatus();
    }
  }
  *item.mutable_event() = *std::move(event);
  return absl::OkStatus();
}

absl::Status ReadBody(const HttpHead& head, const HttpRouter::Match& match, BodyForm form,
                      const std::string& body, HttpRequest& request) {
  Message& message = *request.message;
  switch (form) {
    case BodyForm::kNone:
      return absl::OkStatus();
    case BodyForm::kProto:
      if (message.ParseFromString(body)) return absl::OkStatus();
      return absl::InvalidArgumentError(absl::StrCat("PAYLOAD_MALFORMED: the body is no ",
                                                     message.GetDescriptor()->name(),
                                                     "; encode that message, with texts in UTF-8"));
    case BodyForm::kLines:
      ReadLines(body, request);
      return absl::OkStatus();
    case BodyForm::kBinaryCloudEventJson:
    case BodyForm::kBinaryCloudEventProto:
      return PutEvent(BinaryCloudEvent(head, body, form == BodyForm::kBinaryCloudEventJson),
                      form == BodyForm::kBinaryCloudEventJson, message);
    case BodyForm::kStructuredCloudEvent: {
      bool is_touchpoint = false;
      absl::StatusOr<v1::Event> event = StructuredCloudEvent(body, &is_touchpoint);
      return PutEvent(std::move(event), is_touchpoint, message);
    }
    case BodyForm::kJson:
      break;
  }
  // A request without fields may be left out.
  if (absl::StripAsciiWhitespace(body).empty()) return absl::OkStatus();
  if (match.body == nullptr) return JsonToMessage(body, message);
  return JsonToMessage(body, *message.GetReflection()->MutableMessage(&message, match.body));
}

}  // namespace

absl::StatusOr<BodyForm> FormOf(const HttpHead& head, const HttpRouter::Match& match) {
  RETURN_IF_ERROR(CheckEncoding(head));
  if (head.verb == "GET" || head.verb == "HEAD") {
    if (!head.has_body) return BodyForm::kNone;
    return absl::InvalidArgumentError(
        "PAYLOAD_MALFORMED: a GET has no body; what is asked for stands in path and query");
  }
  const std::string type = TypeOf(head);
  if (Publishes(*match.method)) return PublishFormOf(head, type);
  if (IsJsonType(type)) return BodyForm::kJson;
  if (!PublishesMany(*match.method)) return TypeUnknown("application/json");
  if (type == "application/x-ndjson" || type == "application/jsonl") return BodyForm::kLines;
  return TypeUnknown("application/json or application/x-ndjson");
}

absl::StatusOr<BodyForm> ConnectFormOf(const HttpHead& head) {
  RETURN_IF_ERROR(CheckEncoding(head));
  const std::string type = TypeOf(head);
  if (IsJsonType(type)) return BodyForm::kJson;
  if (type == "application/proto") return BodyForm::kProto;
  return TypeUnknown("application/json or application/proto");
}

absl::StatusOr<HttpRequest> ReadRequest(const HttpHead& head, const HttpRouter::Match& match,
                                        BodyForm form, const std::string& body) {
  HttpRequest request;
  request.message.reset(match.method->request->New());
  RETURN_IF_ERROR(ReadBody(head, match, form, body, request));
  for (const auto& [field, value] : match.values) {
    RETURN_IF_ERROR(SetPathField(*field, value, *request.message));
  }
  const bool is_whole =
      form == BodyForm::kProto || (form == BodyForm::kJson && match.body == nullptr);
  if (!is_whole) {
    RETURN_IF_ERROR(ReadQuery(head.query, *request.message));
    return request;
  }
  QueryPairs pairs;
  RETURN_IF_ERROR(SplitQuery(head.query, pairs));
  if (pairs.empty()) return request;
  return absl::InvalidArgumentError(
      absl::StrCat("FIELD_UNKNOWN: ", ShownName(pairs[0].first),
                   ": stands in the query; the body is the whole request, so put it there"));
}

bool HasRejected(const Message& response) {
  const auto is_rejected = [](const v1::PublishResult& result) {
    return result.status() == v1::PublishResult::STATUS_REJECTED;
  };
  if (response.GetDescriptor() == v1::PublishResponse::descriptor()) {
    return is_rejected(static_cast<const v1::PublishResponse&>(response).result());
  }
  if (response.GetDescriptor() != v1::BatchPublishResponse::descriptor()) return false;
  const auto& results = static_cast<const v1::BatchPublishResponse&>(response).results();
  return std::any_of(results.begin(), results.end(), is_rejected);
}

void TellRejected(const std::map<int, absl::Status>& unreadable, const std::vector<int64_t>& lines,
                  Message& response) {
  if (response.GetDescriptor() == v1::PublishResponse::descriptor()) {
    PutInJson(*static_cast<v1::PublishResponse&>(response).mutable_result()->mutable_error());
    return;
  }
  if (response.GetDescriptor() != v1::BatchPublishResponse::descriptor()) return;
  auto& batch = static_cast<v1::BatchPublishResponse&>(response);
  for (const auto& [index, status] : unreadable) {
    if (index >= batch.results_size()) continue;
    batch.mutable_results(index)->set_status(v1::PublishResult::STATUS_REJECTED);
    *batch.mutable_results(index)->mutable_error() = ToErrorStatus(status);
  }
  for (int index = 0; index < batch.results_size(); ++index) {
    v1::PublishResult& result = *batch.mutable_results(index);
    if (result.status() != v1::PublishResult::STATUS_REJECTED) continue;
    PutInJson(*result.mutable_error());
    if (static_cast<size_t>(index) >= lines.size()) continue;
    UnnameItem(index, *result.mutable_error());
    result.mutable_error()->mutable_message()->append(
        absl::StrCat(" (line ", lines[static_cast<size_t>(index)], ")"));
  }
}

}  // namespace rapport::edge
