#include "tests/consumers/edge/raw_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"

namespace rapport::edge {

RawHttp::RawHttp(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience = {10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  RAPPORT_CHECK(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0)
      << "cannot connect to port " << port;
}

RawHttp::~RawHttp() { close(socket_); }

bool RawHttp::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void RawHttp::EndWriting() { shutdown(socket_, SHUT_WR); }

bool RawHttp::ReadMore() {
  char bytes[4096];
  const ssize_t size = recv(socket_, bytes, sizeof(bytes), 0);
  if (size <= 0) return false;
  read_.append(bytes, static_cast<size_t>(size));
  return true;
}

RawHttp::Answer RawHttp::ReadAnswer(bool is_head) {
  Answer answer;
  size_t end;
  while ((end = read_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore()) return answer;
  }
  answer.head = read_.substr(0, end + 4);
  read_.erase(0, end + 4);
  if (!absl::SimpleAtoi(answer.head.substr(9, 3), &answer.status)) answer.status = -1;
  size_t length = std::string::npos;
  const std::string lower = absl::AsciiStrToLower(answer.head);
  if (const size_t at = lower.find("content-length: "); at != std::string::npos) {
    const size_t begin = at + sizeof("content-length: ") - 1;
    (void)absl::SimpleAtoi(lower.substr(begin, lower.find('\r', begin) - begin), &length);
  }
  if (is_head || answer.status == 204 || answer.status == 100) length = 0;
  while (read_.size() < length && ReadMore()) {
  }
  answer.body = read_.substr(0, length);
  read_.erase(0, length);
  return answer;
}

std::string RawHttp::ReadUntil(absl::string_view text) {
  while (read_.find(std::string(text)) == std::string::npos && ReadMore()) {
  }
  return read_;
}

std::string RawHttp::ReadToEnd() {
  while (ReadMore()) {
  }
  return read_;
}

bool RawHttp::IsClosed() {
  char byte;
  errno = 0;
  return read_.empty() && recv(socket_, &byte, 1, 0) <= 0 && errno != EAGAIN;
}

std::string Get(absl::string_view path, absl::string_view headers) {
  return absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost\r\n", headers, "\r\n");
}

std::string Post(absl::string_view path, absl::string_view body, absl::string_view headers) {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: localhost\r\nContent-Type: ",
                      "application/json\r\nContent-Length: ", body.size(), "\r\n", headers, "\r\n",
                      body);
}

}  // namespace rapport::edge
