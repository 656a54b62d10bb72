#include "consumers/edge/http_handler.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/edge/http_error.h"
#include "consumers/edge/http_stream.h"
#include "consumers/edge/json_writer.h"
#include "engine/base/status_macros.h"

namespace rapport::edge {
namespace {

constexpr absl::string_view kPagesVerbs = "GET, HEAD, OPTIONS";
constexpr int kTimeoutDigitsMax = 10;

Credentials CredentialsOf(const HttpHead& head) {
  Credentials credentials;
  credentials.peer = head.peer;
  credentials.certificate_names = head.certificate_names;
  credentials.bearer = BearerOf(head.Header("authorization"));
  return credentials;
}

// The caller's own deadline, as Connect writes it.
absl::StatusOr<absl::Time> DeadlineOf(const HttpHead& head) {
  const absl::string_view text = head.Header("connect-timeout-ms");
  if (text.empty()) return absl::InfiniteFuture();
  int64_t millis = 0;
  if (text.size() > kTimeoutDigitsMax || !absl::SimpleAtoi(text, &millis) || millis < 0) {
    return absl::InvalidArgumentError(
        "FIELD_INVALID: the header Connect-Timeout-Ms must be a whole number of at most ten "
        "digits");
  }
  return absl::Now() + absl::Milliseconds(millis);
}

// `localhost`, `127.0.0.1` and so on, with or without a port.
bool IsThisMachine(absl::string_view host) {
  const absl::string_view name = absl::StartsWith(host, "[") ? host.substr(0, host.find(']') + 1)
                                                             : host.substr(0, host.find(':'));
  if (absl::EqualsIgnoreCase(name, "localhost") || name == "[::1]") return true;
  return absl::StartsWith(name, "127.") &&
         name.find_first_not_of("0123456789.") == absl::string_view::npos;
}

bool IsReading(const HttpHead& head) { return head.verb == "GET" || head.verb == "HEAD"; }

HttpAnswer Tell(const HttpTask& task, const absl::Status& status) {
  return task.is_connect ? ConnectErrorAnswer(status) : ErrorAnswer(status);
}

// Ends a stream once its lease is over, also when nobody reads it.
void EndWith(Lease& lease, const std::shared_ptr<Call>& call,
             const std::shared_ptr<HttpExchange>& exchange) {
  // The exchange holds the lease.
  lease.WhenOver([call, weak = std::weak_ptr<HttpExchange>(exchange)](const absl::Status& why) {
    call->End(why);
    std::shared_ptr<HttpExchange> one = weak.lock();
    if (one != nullptr) one->HurryStream(std::move(one));
  });
}

HttpAnswer AnswerOf(const HttpTask& task, const google::protobuf::Message& message) {
  HttpAnswer answer;
  if (task.form == BodyForm::kProto) {
    answer.content_type = "application/proto";
    answer.body = message.SerializeAsString();
  } else {
    answer.body = MessageToJson(message) + "\n";
  }
  return answer;
}

}  // namespace

HttpHandler::HttpHandler(Dispatcher* dispatcher, std::vector<HttpPage> pages, bool any_host)
    : dispatcher_(dispatcher),
      pages_(std::move(pages)),
      any_host_(any_host),
      router_(&dispatcher->table()) {}

const HttpPage* HttpHandler::PageAt(absl::string_view path) const {
  for (const HttpPage& page : pages_) {
    if (page.path == path) return &page;
  }
  return nullptr;
}

absl::Status HttpHandler::CheckFromHere(const HttpHead& head) const {
  const absl::string_view host = head.Header("host");
  if (!any_host_ && !host.empty() && !IsThisMachine(host)) {
    return absl::InvalidArgumentError(
        "HOST_UNKNOWN: the header Host names another machine; ask for localhost or 127.0.0.1");
  }
  const absl::string_view origin = head.Header("origin");
  if (IsReading(head) || origin.empty() || origin == absl::StrCat("http://", host) ||
      origin == absl::StrCat("https://", host)) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      "ORIGIN_NOT_PERMITTED: the page that asks comes from elsewhere; nothing is done for it");
}

absl::StatusOr<HttpRouter::Match> HttpHandler::FindConnect(const HttpHead& head) const {
  HttpRouter::Match match;
  match.method = dispatcher_->table().Find(head.path);
  if (match.method == nullptr) {
    return absl::UnimplementedError(
        "METHOD_UNKNOWN: there is no such method; /openapi.json lists what there is");
  }
  if (!match.method->answer) {
    return absl::UnimplementedError(
        "METHOD_UNKNOWN: streams are not served this way; use gRPC, or the path in /openapi.json");
  }
  if (head.verb != "POST") {
    return absl::UnimplementedError("VERB_UNKNOWN: this path is served for POST alone");
  }
  return match;
}

HttpAnswer HttpHandler::Options(const std::string& path) const {
  std::string verbs = router_.VerbsAt(path);
  if (PageAt(path) != nullptr) verbs = std::string(kPagesVerbs);
  if (dispatcher_->table().Find(path) != nullptr) verbs = "OPTIONS, POST";
  if (path == "*") verbs = "GET, HEAD, OPTIONS, POST";
  if (verbs.empty()) return ErrorAnswer(router_.Find("OPTIONS", path).status());
  HttpAnswer answer;
  answer.status = 204;
  answer.content_type.clear();
  answer.headers.emplace_back("Allow", std::move(verbs));
  return answer;
}

absl::Status HttpHandler::PrepareCall(HttpTask& task) const {
  const HttpHead& head = task.head;
  if (task.is_connect) {
    ASSIGN_OR_RETURN(task.match, FindConnect(head));
  } else {
    ASSIGN_OR_RETURN(task.match, router_.Find(head.verb, head.path));
  }
  ASSIGN_OR_RETURN(Admission admission,
                   dispatcher_->gate().Admit(CredentialsOf(head), *task.match.method));
  task.held = std::move(admission.held);
  ASSIGN_OR_RETURN(task.form, task.is_connect ? ConnectFormOf(head) : FormOf(head, task.match));
  ASSIGN_OR_RETURN(const absl::Time deadline, DeadlineOf(head));
  task.call = std::make_shared<Call>(std::move(admission.caller), deadline);
  task.lease = std::move(admission.lease);
  if (task.lease != nullptr) {
    task.lease->WhenOver([call = task.call](const absl::Status& why) { call->End(why); });
  }
  return absl::OkStatus();
}

absl::Status HttpHandler::Prepare(HttpTask& task) const {
  const HttpHead& head = task.head;
  RETURN_IF_ERROR(CheckFromHere(head));
  if (head.verb == "OPTIONS") {
    task.refused = Options(head.path);
    return absl::OkStatus();
  }
  task.page = PageAt(head.path);
  if (task.page == nullptr) return PrepareCall(task);
  if (!IsReading(head)) {
    return absl::UnimplementedError("VERB_UNKNOWN: this path is served for GET alone");
  }
  if (task.page->like == nullptr) return absl::OkStatus();
  return dispatcher_->gate().Admit(CredentialsOf(head), *task.page->like).status();
}

std::unique_ptr<HttpTask> HttpHandler::Begin(HttpHead head) const {
  auto task = std::make_unique<HttpTask>();
  task->handler = this;
  task->head = std::move(head);
  task->is_connect = absl::StartsWith(task->head.path, "/rapport.");
  const absl::Status status = Prepare(*task);
  if (status.ok()) return task;
  task->refused = Tell(*task, status);
  if (task->refused->status == 405) {
    task->refused->headers.emplace_back("Allow", [&] {
      const HttpAnswer options = Options(task->head.path);
      return options.status == 204 ? options.headers[0].second : std::string(kPagesVerbs);
    }());
  }
  return task;
}

void HttpTask::Run(const std::string& body, std::shared_ptr<HttpExchange> exchange) const {
  if (page != nullptr) return exchange->Respond(page->show(head));
  absl::StatusOr<HttpRequest> request = ReadRequest(head, match, form, body);
  if (!request.ok()) return exchange->Respond(Tell(*this, request.status()));
  if (match.method->answer) {
    handler->RunAnswer(*this, *std::move(request), std::move(exchange));
  } else {
    handler->RunStream(*this, *std::move(request), std::move(exchange));
  }
}

void HttpHandler::RunAnswer(const HttpTask& task, HttpRequest request,
                            std::shared_ptr<HttpExchange> exchange) const {
  // The task goes with its connection, which may be gone before the method has returned.
  auto kept = std::make_shared<HttpTask>(task);
  dispatcher_->Answer(*task.match.method, task.call, std::move(request.message),
                      [kept, unreadable = std::move(request.unreadable),
                       lines = std::move(request.lines), exchange = std::move(exchange)](
                          const absl::Status& status, const google::protobuf::Message& reply) {
                        kept->held.reset();
                        if (!status.ok()) return exchange->Respond(Tell(*kept, status));
                        const bool as_is = kept->form == BodyForm::kProto || !HasRejected(reply);
                        if (unreadable.empty() && as_is)
                          return exchange->Respond(AnswerOf(*kept, reply));
                        const std::unique_ptr<google::protobuf::Message> told(reply.New());
                        told->CopyFrom(reply);
                        TellRejected(unreadable, lines, *told);
                        exchange->Respond(AnswerOf(*kept, *told));
                      });
}

void HttpHandler::RunStream(const HttpTask& task, HttpRequest request,
                            std::shared_ptr<HttpExchange> exchange) const {
  const StreamForm form = StreamFormOf(task.head);
  if (task.head.verb == "HEAD") {
    HttpAnswer head = StreamHead(form);
    head.body.clear();
    return exchange->Respond(std::move(head));
  }
  ResumeFrom(task.head, *request.message);
  const auto kept = std::make_shared<HttpTask>(task);
  if (kept->lease != nullptr) EndWith(*kept->lease, kept->call, exchange);
  const std::shared_ptr<google::protobuf::Message> message(std::move(request.message));
  const bool runs = dispatcher_->Stream(
      *task.match.method, kept->call,
      [kept, message, exchange, form] {
        exchange->OpenStream(StreamHead(form), [call = kept->call] { call->Cancel(); });
        HttpSink sink(kept->call.get(), exchange.get(), form);
        return kept->match.method->stream(*kept->call, *message, sink);
      },
      [kept, exchange, form](const absl::Status& status) {
        kept->held.reset();
        kept->lease.reset();
        if (status.ok()) return exchange->EndStream("", nullptr);
        const HttpAnswer instead = ErrorAnswer(status);
        exchange->EndStream(StreamErrorText(form, status), &instead);
      });
  if (runs) return;
  exchange->Respond(ErrorAnswer(TooManyStreams()));
}

}  // namespace rapport::edge
