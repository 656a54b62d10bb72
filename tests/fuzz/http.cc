// Requests as they come over a socket: head, body, path, query, and what becomes of them.

#include <boost/asio/buffer.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "consumers/edge/http_handler.h"
#include "consumers/edge/http_head.h"
#include "consumers/edge/http_reader.h"
#include "engine/base/check.h"
#include "tests/consumers/edge/http_kit.h"
#include "tests/fuzz/targets.h"

namespace rapport::fuzz {
namespace {

using edge::HttpHead;

// Handlers as a server has them, over methods that are not called.
class World {
 public:
  World() { edge::Register(&service_, table_); }
  const edge::HttpHandler& handler() const { return handler_; }

 private:
  edge::RecordingService service_;
  edge::MethodTable table_;
  edge::OpenGate gate_;
  edge::Dispatcher dispatcher_{&table_, &gate_};
  edge::HttpHandler handler_{&dispatcher_, {}, false};
};

std::string Written(const HttpHead& head) {
  std::string text = absl::StrCat(head.verb, " ", head.path, head.query.empty() ? "" : "?",
                                  head.query, " HTTP/1.1\r\n");
  bool has_host = false;
  for (const auto& [name, value] : head.headers) {
    if (name == "connection") continue;
    has_host |= name == "host";
    absl::StrAppend(&text, name, ": ", value, "\r\n");
  }
  return absl::StrCat(text, has_host ? "" : "host: localhost\r\n", "\r\n");
}

// What was read and is written plainly is read as the same.
void CheckReadAgain(const HttpHead& head, bool is_version_11) {
  if (!is_version_11) return;
  edge::HttpReader reader;
  const absl::Status status = reader.TakeHead(Written(head));
  RAPPORT_CHECK(status.ok()) << status << " in " << Written(head);
  const HttpHead again = reader.Head();
  RAPPORT_CHECK(again.verb == head.verb && again.path == head.path && again.query == head.query);
  RAPPORT_CHECK(again.has_body == head.has_body);
}

// The body behind a head; nothing when it is not whole or no HTTP.
std::optional<std::string> BodyOf(edge::HttpReader& reader, absl::string_view rest) {
  boost::beast::error_code error;
  edge::HttpReader::Parser& parser = reader.parser();
  while (!parser.is_done() && !rest.empty()) {
    const size_t taken = parser.put(boost::asio::buffer(rest.data(), rest.size()), error);
    if (error || taken == 0) return std::nullopt;
    rest.remove_prefix(taken);
  }
  if (!parser.is_done()) return std::nullopt;
  std::string body = reader.TakeBody();
  RAPPORT_CHECK(body.size() <= edge::kHttpBodyBytesMax);
  return body;
}

void CheckRefusal(const absl::Status& status) {
  RAPPORT_CHECK(absl::IsInvalidArgument(status)) << status;
  RAPPORT_CHECK(status.message().find(": ") != absl::string_view::npos) << status;
}

}  // namespace

void FuzzHttp(absl::string_view input) {
  static const World* const kWorld = new World;
  const size_t end = edge::FindHeadEnd(input, 0);
  if (end == absl::string_view::npos || end > edge::kHttpHeadBytesMax) return;
  edge::HttpReader reader;
  if (const absl::Status status = reader.TakeHead(input.substr(0, end)); !status.ok()) {
    return CheckRefusal(status);
  }
  HttpHead head = reader.Head();
  CheckReadAgain(head, reader.is_version_11());
  const auto task = kWorld->handler().Begin(head);
  if (task->refused.has_value()) {
    RAPPORT_CHECK(task->refused->status == 204 || task->refused->status >= 400);
    return;
  }
  const std::optional<std::string> body =
      head.has_body ? BodyOf(reader, input.substr(end)) : std::string();
  if (!body.has_value()) return;
  const auto request = edge::ReadRequest(task->head, task->match, task->form, *body);
  if (!request.ok()) return CheckRefusal(request.status());
  RAPPORT_CHECK(request->message->GetDescriptor() == task->match.method->request->GetDescriptor());
}

}  // namespace rapport::fuzz
