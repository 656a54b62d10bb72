// What the HTTP door hands on: a request's head as it was read, and the answer that goes back.
//
// Threads: plain values; HttpExchange says its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace rapport::edge {

struct HttpHead {
  std::string verb;
  // As it came, still encoded.
  std::string path;
  // Behind the `?`.
  std::string query;
  // Names in lower case, in the order they came.
  std::vector<std::pair<std::string, std::string>> headers;
  // `ipv4:127.0.0.1:50123`.
  std::string peer;
  // In the client's certificate, which was verified.
  std::vector<std::string> certificate_names;
  // Whether bytes follow the head.
  bool has_body = false;

  // Empty when there is none; of several the first.
  absl::string_view Header(absl::string_view name) const;
};

struct HttpAnswer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// One request on its way to an answer: either Respond, or OpenStream, Send and EndStream.
//
// Threads: Respond from any; the methods of a stream by one thread. Shared by whoever answers; the
// connection goes on, or ends, once it was answered.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;

  virtual void Respond(HttpAnswer answer) = 0;

  // An answer of unknown length; `answer.body` is its beginning. It goes out with what is sent
  // first, or by itself when nothing is for a moment. `leave` is called, on any thread, once nobody
  // reads any more.
  virtual void OpenStream(HttpAnswer answer, std::function<void()> leave) = 0;
  // Waits while much is on its way; false once nobody reads any more.
  virtual bool Send(absl::string_view bytes) = 0;
  // Ends it with `last`; or with `instead`, if nothing has gone out yet.
  virtual void EndStream(absl::string_view last, const HttpAnswer* instead) = 0;
  // The stream must end: Send waits no more and gives false, and who has not taken the rest in a
  // moment is cut off. Any thread. `self` is this; what it holds does not go on the caller's
  // thread, who may hold a lock that its going takes, too.
  virtual void HurryStream(std::shared_ptr<HttpExchange> self) = 0;
};

}  // namespace rapport::edge
