#include "consumers/edge/http_stream.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "consumers/edge/field_path.h"
#include "consumers/edge/http_error.h"
#include "consumers/edge/json_writer.h"
#include "consumers/edge/rpc_status.h"

namespace rapport::edge {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kRetryMillis = "2000";

std::string PositionIn(const Message& message) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName("position");
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated()) {
    return "";
  }
  return message.GetReflection()->GetString(message, field);
}

std::string EventNameOf(const Message& message) {
  const auto* type = message.GetDescriptor();
  if (type->real_oneof_decl_count() != 1) return "";
  const FieldDescriptor* field =
      message.GetReflection()->GetOneofFieldDescriptor(message, type->oneof_decl(0));
  return field == nullptr ? "" : field->json_name();
}

}  // namespace

StreamForm StreamFormOf(const HttpHead& head) {
  const absl::string_view accept = head.Header("accept");
  if (absl::StrContains(accept, "text/event-stream")) return StreamForm::kEvents;
  if (absl::StrContains(accept, "ndjson") || absl::StrContains(accept, "jsonl")) {
    return StreamForm::kLines;
  }
  return head.verb == "GET" ? StreamForm::kEvents : StreamForm::kLines;
}

HttpAnswer StreamHead(StreamForm form) {
  HttpAnswer answer;
  answer.content_type = "application/x-ndjson";
  if (form == StreamForm::kLines) return answer;
  answer.content_type = "text/event-stream";
  // Proxies would gather events until they have a page of them.
  answer.headers.emplace_back("X-Accel-Buffering", "no");
  answer.body = absl::StrCat("retry: ", kRetryMillis, "\n\n");
  return answer;
}

std::string StreamText(StreamForm form, const Message& message) {
  const std::string json = MessageToJson(message);
  if (form == StreamForm::kLines) return json + "\n";
  std::string text;
  // A position holds no line end, and JSON none that is not escaped.
  const std::string position = PositionIn(message);
  if (!position.empty()) absl::StrAppend(&text, "id: ", position, "\n");
  const std::string event = EventNameOf(message);
  if (!event.empty()) absl::StrAppend(&text, "event: ", event, "\n");
  absl::StrAppend(&text, "data: ", json, "\n\n");
  return text;
}

std::string StreamErrorText(StreamForm form, const absl::Status& status) {
  v1::ErrorStatus told = ToErrorStatus(status);
  PutInJson(told);
  const std::string error = MessageToJson(told);
  return form == StreamForm::kLines ? absl::StrCat("{\"error\":", error, "}\n")
                                    : absl::StrCat("event: error\ndata: ", error, "\n\n");
}

void ResumeFrom(const HttpHead& head, Message& request) {
  const absl::string_view id = head.Header("last-event-id");
  if (id.empty()) return;
  for (const char* name : {"from_position", "position"}) {
    const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated()) {
      continue;
    }
    request.GetReflection()->SetString(&request, field, std::string(id));
    return;
  }
}

}  // namespace rapport::edge
