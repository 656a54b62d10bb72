// HttpTransport: the bytes of one connection of the HTTP door, in clear or through TLS. For
// HttpConnection only.
//
// It reads and writes as Asio's streams do, so that Beast takes it for one; the time limits are
// those of the TCP stream below.
//
// Threads:   its strand.
// Ownership: owns the socket; borrows `tls`, which must outlive it.
#pragma once

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "consumers/edge/http_tls.h"

namespace rapport::edge {

class HttpTransport {
 public:
  using executor_type = boost::beast::tcp_stream::executor_type;

  // `tls` null = in clear.
  HttpTransport(boost::asio::ip::tcp::socket socket, HttpTls* tls) : tcp_(std::move(socket)) {
    if (tls != nullptr) tls_.emplace(tcp_, tls->context());
  }

  executor_type get_executor() { return tcp_.get_executor(); }
  boost::beast::tcp_stream& tcp() { return tcp_; }
  bool is_tls() const { return tls_.has_value(); }
  // Of the other side; none before the handshake, or in clear.
  std::vector<std::string> certificate_names() {
    return is_tls() ? CertificateNames(tls_->native_handle()) : std::vector<std::string>();
  }

  // REQUIRES: is_tls().
  template <typename Handler>
  void async_handshake(Handler&& handler) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Handler>(handler));
  }
  // REQUIRES: is_tls().
  template <typename Handler>
  void async_shutdown(Handler&& handler) {
    tls_->async_shutdown(std::forward<Handler>(handler));
  }

  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    is_tls() ? tls_->async_read_some(buffers, std::forward<Handler>(handler))
             : tcp_.async_read_some(buffers, std::forward<Handler>(handler));
  }
  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    is_tls() ? tls_->async_write_some(buffers, std::forward<Handler>(handler))
             : tcp_.async_write_some(buffers, std::forward<Handler>(handler));
  }

 private:
  boost::beast::tcp_stream tcp_;
  std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> tls_;
};

}  // namespace rapport::edge
