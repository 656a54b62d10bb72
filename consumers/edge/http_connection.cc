#include "consumers/edge/http_connection.h"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <chrono>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/edge/http_error.h"

namespace rapport::edge {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr size_t kReadBytes = 4096;
constexpr size_t kWriteBytes = 256 << 10;
constexpr size_t kSmallBodyBytes = 64 << 10;
// What a caller may go on sending after he was refused, and for how long: he reads the answer only
// if the connection is not reset under it.
constexpr size_t kLingerBytes = 2 << 20;
constexpr auto kLingerTime = std::chrono::seconds(2);

std::string PeerOf(const asio::ip::tcp::socket& socket) {
  boost::beast::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return "";
  const bool is_v4 = endpoint.address().is_v4();
  const std::string address = endpoint.address().to_string();
  return is_v4 ? absl::StrCat("ipv4:", address, ":", endpoint.port())
               : absl::StrCat("ipv6:[", address, "]:", endpoint.port());
}

std::chrono::nanoseconds Chrono(absl::Duration duration) {
  return absl::ToChronoNanoseconds(duration);
}

absl::string_view ViewOf(const boost::beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

absl::Status Crowded() {
  return absl::ResourceExhaustedError(
      "QUEUE_FULL: too much is under way at once; send this again a little later");
}

}  // namespace

HttpConnection::Registered::Registered(HttpConnections* shared, HttpConnection* connection)
    : shared_(shared), connection_(connection) {
  const absl::MutexLock lock(&shared_->mutex);
  shared_->open.insert(connection_);
}

HttpConnection::Registered::~Registered() {
  const absl::MutexLock lock(&shared_->mutex);
  shared_->open.erase(connection_);
}

HttpConnection::HttpConnection(HttpConnections* shared, asio::ip::tcp::socket socket)
    : shared_(shared),
      registered_(shared, this),
      stream_(std::move(socket), shared->tls.get()),
      timer_(stream_.get_executor()),
      peer_(PeerOf(stream_.tcp().socket())) {}

HttpConnection::~HttpConnection() { GiveBack(); }

void HttpConnection::Do(void (HttpConnection::*step)()) {
  asio::post(stream_.get_executor(), [self = shared_from_this(), step] { (*self.*step)(); });
}

void HttpConnection::Start() {
  boost::beast::error_code ignored;
  stream_.tcp().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  Do(stream_.is_tls() ? &HttpConnection::Greet : &HttpConnection::AwaitRequest);
}

void HttpConnection::Greet() {
  stream_.tcp().expires_after(Chrono(shared_->limits.head));
  stream_.async_handshake([self = shared_from_this()](Error error) {
    if (error || self->is_closed_) return self->Close();
    self->certificate_names_ = self->stream_.certificate_names();
    self->AwaitRequest();
  });
}

void HttpConnection::Stop() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->is_stopping_ = true;
    if (self->is_idle_) self->Close();
    if (self->leave_) self->leave_();
  });
}

void HttpConnection::Abort() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->task_ != nullptr && self->task_->call != nullptr) self->task_->call->Cancel();
    self->Close();
  });
}

// ---- a request comes in

void HttpConnection::AwaitRequest() {
  if (is_stopping_ || is_closed_) return Close();
  task_.reset();
  reader_.reset();
  head_scanned_ = 0;
  unread_body_ = false;
  is_head_ = false;
  is_version_11_ = true;
  keep_alive_ = false;
  if (buffer_.size() > 0) {
    stream_.tcp().expires_after(Chrono(shared_->limits.head));
    return ReadHead();
  }
  size_t open;
  {
    const absl::MutexLock lock(&shared_->mutex);
    open = shared_->open.size();
  }
  const bool is_crowded = open * 2 > static_cast<size_t>(shared_->limits.connections);
  stream_.tcp().expires_after(Chrono(shared_->limits.idle / (is_crowded ? 10 : 1)));
  is_idle_ = true;
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](Error error, size_t size) {
                            self->is_idle_ = false;
                            if (error || self->is_closed_) return self->Close();
                            self->stream_.tcp().expires_after(Chrono(self->shared_->limits.head));
                            self->HasHeadBytes(error, size);
                          });
}

void HttpConnection::ReadHead() {
  const size_t end = FindHeadEnd(ViewOf(buffer_), head_scanned_);
  if (end != absl::string_view::npos) return TakeHead(end);
  if (buffer_.size() >= kHttpHeadBytesMax) {
    unread_body_ = true;
    return Refuse(absl::InvalidArgumentError(
        "HEAD_TOO_LARGE: path and headers are over 16 KiB; ask for less at once"));
  }
  head_scanned_ = buffer_.size() - std::min<size_t>(buffer_.size(), 3);
  const size_t room = std::min(kReadBytes, kHttpHeadBytesMax - buffer_.size());
  stream_.async_read_some(
      buffer_.prepare(room),
      [self = shared_from_this()](Error error, size_t size) { self->HasHeadBytes(error, size); });
}

void HttpConnection::HasHeadBytes(Error error, size_t size) {
  if (error == boost::beast::error::timeout || error || is_closed_) return Close();
  buffer_.commit(size);
  ReadHead();
}

void HttpConnection::TakeHead(size_t size) {
  reader_.emplace();
  const absl::Status status = reader_->TakeHead(ViewOf(buffer_).substr(0, size));
  buffer_.consume(size);
  if (!status.ok()) {
    unread_body_ = true;
    return Refuse(status);
  }
  HttpHead head = reader_->Head();
  head.peer = peer_;
  head.certificate_names = certificate_names_;
  is_version_11_ = reader_->is_version_11();
  is_head_ = head.verb == "HEAD";
  keep_alive_ = reader_->keep_alive() && !is_stopping_;
  unread_body_ = reader_->has_body();
  task_ = shared_->handler->Begin(std::move(head));
  if (task_->refused.has_value()) return Write(*std::move(task_->refused));
  unread_body_ ? TakeBody() : RunTask();
}

// ---- its body

bool HttpConnection::TakeLargeBody() {
  const auto length = reader_->parser().content_length();
  if (length.has_value() && *length <= kSmallBodyBytes) return true;
  has_large_body_ = true;
  return ++shared_->large_bodies <= shared_->limits.large_bodies;
}

void HttpConnection::GiveBack() {
  if (has_large_body_) --shared_->large_bodies;
  has_large_body_ = false;
  shared_->unsent_bytes -= out_.size();
  out_.clear();
}

void HttpConnection::TakeBody() {
  if (!TakeLargeBody()) return Refuse(Crowded());
  const absl::string_view expect = task_->head.Header("expect");
  if (expect.empty() || !is_version_11_) return ReadBody();
  if (!absl::EqualsIgnoreCase(expect, "100-continue")) {
    return Refuse(absl::InvalidArgumentError(
        "EXPECTATION_FAILED: the header Expect may say 100-continue and nothing else"));
  }
  static constexpr absl::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  stream_.tcp().expires_after(Chrono(shared_->limits.write));
  asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                    [self = shared_from_this()](Error error, size_t) {
                      error ? self->Close() : self->ReadBody();
                    });
}

void HttpConnection::ReadBody() {
  stream_.tcp().expires_after(Chrono(shared_->limits.body));
  http::async_read(stream_, buffer_, reader_->parser(),
                   [self = shared_from_this()](Error error, size_t) { self->HasBody(error); });
}

void HttpConnection::HasBody(Error error) {
  // A socket that Beast found too slow is closed already.
  if (is_closed_ || error == boost::beast::error::timeout ||
      error == http::error::partial_message || error == http::error::end_of_stream ||
      error == asio::error::connection_reset) {
    return Close();
  }
  if (error) return Refuse(HttpReader::ErrorOf(error));
  unread_body_ = false;
  RunTask();
}

void HttpConnection::RunTask() {
  const std::string body = reader_->TakeBody();
  reader_.reset();
  task_->Run(body, shared_from_this());
}

void HttpConnection::Refuse(const absl::Status& status) {
  keep_alive_ = false;
  Write(ErrorAnswer(status));
}

// ---- an answer goes out

std::string HttpConnection::HeadText(const HttpAnswer& answer, bool is_stream) const {
  const auto reason = http::obsolete_reason(static_cast<http::status>(answer.status));
  std::string text = absl::StrCat(
      "HTTP/1.1 ", answer.status, " ", absl::string_view(reason.data(), reason.size()),
      "\r\nDate: ", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(), absl::UTCTimeZone()),
      "\r\n");
  if (!answer.content_type.empty()) {
    absl::StrAppend(&text, "Content-Type: ", answer.content_type, "\r\n");
  }
  if (!is_stream && answer.status != 204) {
    absl::StrAppend(&text, "Content-Length: ", answer.body.size(), "\r\n");
  }
  if (is_stream && is_version_11_) absl::StrAppend(&text, "Transfer-Encoding: chunked\r\n");
  // What is answered today is not to be shown tomorrow, taken for a page, or put into one.
  absl::StrAppend(&text,
                  "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                  "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
  for (const auto& [name, value] : answer.headers) {
    absl::StrAppend(&text, name, ": ", value, "\r\n");
  }
  if (is_stream || !keep_alive_) {
    absl::StrAppend(&text, "Connection: close\r\n");
  } else if (!is_version_11_) {
    absl::StrAppend(&text, "Connection: keep-alive\r\n");
  }
  return absl::StrCat(text, "\r\n");
}

void HttpConnection::Respond(HttpAnswer answer) {
  asio::dispatch(stream_.get_executor(),
                 [self = shared_from_this(), answer = std::move(answer)]() mutable {
                   self->Write(std::move(answer));
                 });
}

void HttpConnection::Write(HttpAnswer answer) {
  // Whoever has his answer may ask the next.
  if (task_ != nullptr) task_->held.reset();
  GiveBack();
  if (is_closed_) return;
  if (answer.body.size() + shared_->unsent_bytes > shared_->limits.unsent_bytes) {
    answer = ErrorAnswer(Crowded());
  }
  // What is not read would be taken for the next request.
  if (unread_body_ || is_stopping_) keep_alive_ = false;
  out_ = HeadText(answer, false);
  if (!is_head_) out_ += answer.body;
  shared_->unsent_bytes += out_.size();
  out_sent_ = 0;
  WriteOn();
}

void HttpConnection::WriteOn() {
  if (out_sent_ == out_.size()) return Answered();
  stream_.tcp().expires_after(Chrono(shared_->limits.write));
  const size_t size = std::min(kWriteBytes, out_.size() - out_sent_);
  asio::async_write(stream_, asio::buffer(out_.data() + out_sent_, size),
                    [self = shared_from_this()](Error error, size_t written) {
                      if (error || self->is_closed_) return self->Close();
                      self->out_sent_ += written;
                      self->WriteOn();
                    });
}

void HttpConnection::Answered() {
  GiveBack();
  if (keep_alive_) return AwaitRequest();
  unread_body_ ? Linger() : End();
}

// ---- a stream goes out

void HttpConnection::OpenStream(HttpAnswer answer, std::function<void()> leave) {
  keep_alive_ = false;
  pipe_.Open(HeadText(answer, true), is_version_11_);
  pipe_.Put(answer.body);
  asio::post(stream_.get_executor(), [self = shared_from_this(), leave = std::move(leave)] {
    self->GiveBack();
    if (self->is_closed_ || self->is_stopping_) leave();
    if (self->is_closed_) return;
    self->leave_ = leave;
    self->stream_.tcp().expires_never();
    self->WatchReader();
    self->timer_.expires_after(Chrono(self->shared_->limits.stream_head));
    self->timer_.async_wait([self](Error error) {
      if (!error) self->Flush();
    });
  });
}

void HttpConnection::WatchReader() {
  stream_.async_read_some(asio::buffer(ignored_), [self = shared_from_this()](Error error, size_t) {
    error ? self->Close() : self->WatchReader();
  });
}

bool HttpConnection::Send(absl::string_view bytes) {
  if (!pipe_.Put(bytes)) return false;
  Do(&HttpConnection::Flush);
  return true;
}

void HttpConnection::EndStream(absl::string_view last, const HttpAnswer* instead) {
  if (!pipe_.End(last, instead != nullptr)) {
    asio::post(stream_.get_executor(), [self = shared_from_this(), answer = *instead]() mutable {
      self->timer_.cancel();
      self->leave_ = nullptr;
      self->Write(std::move(answer));
    });
    return;
  }
  Do(&HttpConnection::Flush);
}

void HttpConnection::HurryStream(std::shared_ptr<HttpExchange> self) {
  pipe_.Stop();
  asio::post(stream_.get_executor(), [this, self = std::move(self)]() mutable {
    if (is_closed_) return;
    timer_.expires_after(Chrono(shared_->limits.hurry));
    timer_.async_wait([this, self = std::move(self)](Error error) {
      if (!error) Close();
    });
  });
}

void HttpConnection::Flush() {
  if (is_flushing_ || is_closed_) return;
  flushing_ = pipe_.Take();
  if (flushing_.empty()) {
    if (pipe_.is_done()) End();
    return;
  }
  is_flushing_ = true;
  stream_.tcp().expires_after(Chrono(shared_->limits.write));
  asio::async_write(stream_, asio::buffer(flushing_),
                    [self = shared_from_this()](Error error, size_t) {
                      self->is_flushing_ = false;
                      error ? self->Close() : self->Flush();
                    });
}

// ---- the end

void HttpConnection::End() {
  if (!stream_.is_tls() || is_closed_) return Close();
  stream_.tcp().expires_after(kLingerTime);
  stream_.async_shutdown([self = shared_from_this()](Error) { self->Close(); });
}

void HttpConnection::Linger() {
  Error ignored;
  if (!stream_.is_tls()) {
    stream_.tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }
  stream_.tcp().expires_after(kLingerTime);
  DiscardOn(kLingerBytes);
}

void HttpConnection::DiscardOn(size_t left) {
  stream_.async_read_some(asio::buffer(ignored_),
                          [self = shared_from_this(), left](Error error, size_t size) {
                            if (error || self->is_closed_ || size >= left) return self->Close();
                            self->DiscardOn(left - size);
                          });
}

void HttpConnection::Close() {
  if (is_closed_) return;
  is_closed_ = true;
  Error ignored;
  timer_.cancel();
  stream_.tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.tcp().close();
  pipe_.Fail();
  if (leave_) leave_();
  leave_ = nullptr;
}

}  // namespace rapport::edge
