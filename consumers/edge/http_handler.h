// HttpHandler: what becomes of a request, whatever carried it here.
//
//   const std::unique_ptr<HttpTask> task = handler.Begin(head);   // before the body is read
//   if (task->refused.has_value()) ... else task->Run(body, exchange);
//
// Paths of the protos, `/rapport.v1.Service/Method` as Connect asks, and pages. Who may not ask, or
// asks for what is not there, hears so before he has sent his body. Without TLS only names of this
// machine are taken for the host: a page of another site that had its name point here would ask in
// the name of who looks at it.
//
// Threads:   all methods from any thread; Run answers on whichever thread the method ran.
// Ownership: borrows the dispatcher; tasks borrow the handler.
// Errors:    answered: those of HttpRouter, Gate, http_body.h and the methods; HOST_UNKNOWN,
//            ORIGIN_NOT_PERMITTED, TOO_MANY_STREAMS.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consumers/edge/dispatcher.h"
#include "consumers/edge/http_body.h"
#include "consumers/edge/http_message.h"
#include "consumers/edge/http_router.h"

namespace rapport::edge {

// Something to look at that is no method: `/livez`.
struct HttpPage {
  std::string path;
  // Whoever may call this method may see the page; null = everybody.
  const Method* like = nullptr;
  // Quick: it runs where requests are read.
  std::function<HttpAnswer(const HttpHead& head)> show;
};

class HttpHandler;

// A request that was begun.
struct HttpTask {
  const HttpHandler* handler = nullptr;
  HttpHead head;
  // Set: this is the answer, and the body is not wanted.
  std::optional<HttpAnswer> refused;

  const HttpPage* page = nullptr;
  HttpRouter::Match match;
  BodyForm form = BodyForm::kNone;
  bool is_connect = false;
  std::shared_ptr<Call> call;
  std::shared_ptr<void> held;
  // Ends `call` when what let it in is over.
  std::shared_ptr<Lease> lease;

  void Run(const std::string& body, std::shared_ptr<HttpExchange> exchange) const;
};

class HttpHandler {
 public:
  // `any_host`: take every Host; for doors with TLS.
  HttpHandler(Dispatcher* dispatcher, std::vector<HttpPage> pages, bool any_host);

  std::unique_ptr<HttpTask> Begin(HttpHead head) const;

 private:
  friend struct HttpTask;

  absl::Status Prepare(HttpTask& task) const;
  absl::Status PrepareCall(HttpTask& task) const;
  absl::Status CheckFromHere(const HttpHead& head) const;
  absl::StatusOr<HttpRouter::Match> FindConnect(const HttpHead& head) const;
  HttpAnswer Options(const std::string& path) const;
  const HttpPage* PageAt(absl::string_view path) const;

  void RunAnswer(const HttpTask& task, HttpRequest request,
                 std::shared_ptr<HttpExchange> exchange) const;
  void RunStream(const HttpTask& task, HttpRequest request,
                 std::shared_ptr<HttpExchange> exchange) const;

  Dispatcher* const dispatcher_;
  const std::vector<HttpPage> pages_;
  const bool any_host_;
  const HttpRouter router_;
};

}  // namespace rapport::edge
