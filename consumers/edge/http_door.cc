#include "consumers/edge/http_door.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "consumers/edge/http_connection.h"
#include "engine/base/status_macros.h"

namespace rapport::edge {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

constexpr absl::Duration kGrace = absl::Seconds(2);
// When there is no file handle left for a connection.
constexpr auto kBeforeAcceptAgain = std::chrono::milliseconds(100);
constexpr unsigned kThreadsMax = 4;

// What a connection is told that is one too many; the socket's buffer takes it at once.
constexpr absl::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

absl::StatusOr<Tcp::endpoint> EndpointOf(const std::string& address) {
  const size_t colon = address.rfind(':');
  uint32_t port = 0;
  if (colon != std::string::npos && absl::SimpleAtoi(address.substr(colon + 1), &port) &&
      port <= 65535) {
    absl::string_view host = absl::string_view(address).substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(std::string(host), error);
    if (!error) return Tcp::endpoint(ip, static_cast<uint16_t>(port));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("wrong usage: --http ", address, " is no address; write 127.0.0.1:8470"));
}

}  // namespace

class HttpDoor::Impl {
 public:
  Impl(Dispatcher* dispatcher, std::vector<HttpPage> pages, bool has_tls)
      : handler_(dispatcher, std::move(pages), has_tls),
        acceptor_(asio::make_strand(io_)),
        retry_(acceptor_.get_executor()) {}

  absl::Status Listen(const HttpOptions& options) {
    shared_.handler = &handler_;
    shared_.limits = options.limits;
    shared_.tls = options.tls;
    ASSIGN_OR_RETURN(const Tcp::endpoint endpoint, EndpointOf(options.address));
    boost::system::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("PORT_IN_USE: cannot listen on ", options.address, " (", error.message(),
                       "); another program listens there. Stop it or name another address with "
                       "--http"));
    }
    Accept();
    const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1u, kThreadsMax);
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { io_.run(); });
    return absl::OkStatus();
  }

  void Close() {
    if (threads_.empty()) return;
    asio::post(acceptor_.get_executor(), [this] {
      boost::system::error_code ignored;
      is_closing_ = true;
      acceptor_.close(ignored);
      retry_.cancel();
    });
    ForEach([](HttpConnection& connection) { connection.Stop(); });
    const auto all_gone = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(shared_.mutex) {
      return shared_.open.empty();
    };
    bool is_empty;
    {
      const absl::MutexLock lock(&shared_.mutex);
      is_empty = shared_.mutex.AwaitWithTimeout(absl::Condition(&all_gone), kGrace);
    }
    while (!is_empty) {
      // One that was just being taken in, too.
      ForEach([](HttpConnection& connection) { connection.Abort(); });
      const absl::MutexLock lock(&shared_.mutex);
      is_empty = shared_.mutex.AwaitWithTimeout(absl::Condition(&all_gone), kGrace);
    }
    // What is left to do is the closing above, and nothing.
    work_.reset();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  int port() const { return port_; }

  int connections() {
    const absl::MutexLock lock(&shared_.mutex);
    return static_cast<int>(shared_.open.size());
  }

 private:
  // Calls with each connection that is alive.
  template <typename Visit>
  void ForEach(Visit visit) {
    std::vector<std::shared_ptr<HttpConnection>> open;
    {
      const absl::MutexLock lock(&shared_.mutex);
      for (HttpConnection* connection : shared_.open) {
        // One whose last owner has just gone is no longer to be had.
        if (auto alive = connection->weak_from_this().lock()) open.push_back(std::move(alive));
      }
    }
    for (const auto& connection : open) visit(*connection);
  }

  void Accept() {
    acceptor_.async_accept(
        asio::make_strand(io_), [this](boost::system::error_code error, Tcp::socket socket) {
          if (is_closing_) return;
          if (error) return AcceptLater();
          if (connections() >= shared_.limits.connections) {
            // Never waits; through TLS nothing can be said so early.
            if (shared_.tls == nullptr) {
              (void)::send(socket.native_handle(), kTooMany.data(), kTooMany.size(),
                           MSG_DONTWAIT | MSG_NOSIGNAL);
            }
          } else {
            std::make_shared<HttpConnection>(&shared_, std::move(socket))->Start();
          }
          Accept();
        });
  }

  void AcceptLater() {
    retry_.expires_after(kBeforeAcceptAgain);
    retry_.async_wait([this](boost::system::error_code) {
      if (!is_closing_) Accept();
    });
  }

  const HttpHandler handler_;
  HttpConnections shared_;
  // Behind what its handlers use, so that it goes first.
  asio::io_context io_;
  // A connection may have nothing to read or write while a method runs for it.
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  // What takes connections in runs on one strand, and so does its closing.
  Tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  bool is_closing_ = false;
  int port_ = 0;
  std::vector<std::thread> threads_;
};

HttpDoor::HttpDoor() = default;

HttpDoor::~HttpDoor() { Close(); }

absl::StatusOr<std::unique_ptr<HttpDoor>> HttpDoor::Open(const HttpOptions& options,
                                                         Dispatcher* dispatcher,
                                                         std::vector<HttpPage> pages) {
  std::unique_ptr<HttpDoor> door(new HttpDoor);
  door->impl_ = std::make_unique<Impl>(dispatcher, std::move(pages), options.tls != nullptr);
  RETURN_IF_ERROR(door->impl_->Listen(options));
  return door;
}

int HttpDoor::port() const { return impl_->port(); }

int HttpDoor::connections() const { return impl_->connections(); }

void HttpDoor::Close() {
  if (impl_ != nullptr) impl_->Close();
}

}  // namespace rapport::edge
