// HttpConnection: one connection of the HTTP door, request after request. For HttpDoor only.
//
// A head is checked (http_head.h), then parsed by Beast, which reads the body too. One request is
// answered at a time; what is sent ahead waits in the socket. Whatever is ambiguous, too large or
// too slow is answered if it can be, and the connection closed.
//
// Threads:   everything of its own on its strand; Respond and the stream's methods from any thread.
// Ownership: shared by its pending operations and by who is answering it; keeps itself in
//            HttpConnections, which must outlive it.
#pragma once

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "consumers/edge/http_handler.h"
#include "consumers/edge/http_head.h"
#include "consumers/edge/http_limits.h"
#include "consumers/edge/http_message.h"
#include "consumers/edge/http_pipe.h"
#include "consumers/edge/http_reader.h"
#include "consumers/edge/http_transport.h"

namespace rapport::edge {

class HttpConnection;

// What the connections of one door share.
struct HttpConnections {
  const HttpHandler* handler = nullptr;
  // Null = in clear.
  std::shared_ptr<HttpTls> tls;
  HttpLimits limits;

  absl::Mutex mutex;
  std::set<HttpConnection*> open ABSL_GUARDED_BY(mutex);

  // Requests with large bodies that have not been answered, and bytes of answers that have not been
  // sent: both bounded, so that slow callers cannot fill the memory.
  std::atomic<int> large_bodies = 0;
  std::atomic<size_t> unsent_bytes = 0;
};

class HttpConnection final : public HttpExchange,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(HttpConnections* shared, boost::asio::ip::tcp::socket socket);
  ~HttpConnection() override;

  void Start();
  // Ends it when it waits for a request, else once that is answered; a stream is told to end.
  void Stop();
  // Ends it now.
  void Abort();

  void Respond(HttpAnswer answer) override;
  void OpenStream(HttpAnswer answer, std::function<void()> leave) override;
  bool Send(absl::string_view bytes) override;
  void EndStream(absl::string_view last, const HttpAnswer* instead) override;
  void HurryStream(std::shared_ptr<HttpExchange> self) override;

 private:
  using Error = boost::beast::error_code;

  void Do(void (HttpConnection::*step)());
  void Greet();
  void AwaitRequest();
  void ReadHead();
  void HasHeadBytes(Error error, size_t size);
  void TakeHead(size_t size);
  void TakeBody();
  void ReadBody();
  void HasBody(Error error);
  void RunTask();
  void Refuse(const absl::Status& status);

  void Write(HttpAnswer answer);
  void WriteOn();
  void Answered();
  std::string HeadText(const HttpAnswer& answer, bool is_stream) const;

  void WatchReader();
  void Flush();

  // Says so first where the other side would take a bare end for one that was cut.
  void End();
  void Linger();
  void DiscardOn(size_t left);
  void Close();
  bool TakeLargeBody();
  void GiveBack();

  // Counted as open until all else of it is gone.
  class Registered {
   public:
    Registered(HttpConnections* shared, HttpConnection* connection);
    ~Registered();
    Registered(const Registered&) = delete;
    Registered& operator=(const Registered&) = delete;

   private:
    HttpConnections* const shared_;
    HttpConnection* const connection_;
  };

  HttpConnections* const shared_;
  const Registered registered_;
  HttpTransport stream_;
  boost::beast::flat_buffer buffer_{kHttpHeadBytesMax};
  std::optional<HttpReader> reader_;
  boost::asio::steady_timer timer_;
  std::string peer_;
  std::vector<std::string> certificate_names_;

  // The request at hand.
  std::unique_ptr<HttpTask> task_;
  size_t head_scanned_ = 0;
  bool is_idle_ = false;
  bool is_version_11_ = true;
  bool is_head_ = false;
  bool keep_alive_ = false;
  bool unread_body_ = false;
  bool has_large_body_ = false;

  // What is being sent.
  std::string out_;
  size_t out_sent_ = 0;

  // A stream.
  HttpPipe pipe_;
  std::string flushing_;
  bool is_flushing_ = false;
  char ignored_[512];
  std::function<void()> leave_;

  bool is_stopping_ = false;
  bool is_closed_ = false;
};

}  // namespace rapport::edge
