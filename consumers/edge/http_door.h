// HttpDoor: serves the methods of a table over HTTP/1.1 and JSON, in clear or through TLS.
//
//   ASSIGN_OR_RETURN(auto door, HttpDoor::Open({.address = "127.0.0.1:8470"}, &dispatcher, pages));
//   ... door->port() ...
//
// A thread or two read and write for all connections; methods run on the dispatcher, so that one
// caller's slow question, slow sending or slow reading holds up nobody else.
//
// Threads:   all methods from any thread.
// Ownership: borrows the dispatcher, which must outlive it.
// Errors:    UNAVAILABLE (PORT_IN_USE), INVALID_ARGUMENT for what is no address, from Open; to
//            callers as http_handler.h and http_connection.h say.
// Limits:    head 16 KiB, body 1 MiB, those of http_limits.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "consumers/edge/dispatcher.h"
#include "consumers/edge/http_handler.h"
#include "consumers/edge/http_limits.h"
#include "consumers/edge/http_tls.h"

namespace rapport::edge {

struct HttpOptions {
  // Such as `127.0.0.1:8470`; port 0 takes a free one.
  std::string address;
  HttpLimits limits;
  // Null = in clear.
  std::shared_ptr<HttpTls> tls = nullptr;
};

class HttpDoor {
 public:
  static absl::StatusOr<std::unique_ptr<HttpDoor>> Open(const HttpOptions& options,
                                                        Dispatcher* dispatcher,
                                                        std::vector<HttpPage> pages);
  ~HttpDoor();

  // The port that was taken.
  int port() const;
  // Connections that are open.
  int connections() const;
  // Takes nothing new, gives what runs two seconds, then ends it and waits.
  void Close();

 private:
  class Impl;

  HttpDoor();

  std::unique_ptr<Impl> impl_;
};

}  // namespace rapport::edge
