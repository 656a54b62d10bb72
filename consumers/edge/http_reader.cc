#include "consumers/edge/http_reader.h"

#include <boost/asio/buffer.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "consumers/edge/http_head.h"
#include "engine/base/status_macros.h"

namespace rapport::edge {
namespace {

namespace http = boost::beast::http;

std::string TextOf(boost::beast::string_view view) { return {view.data(), view.size()}; }

}  // namespace

HttpReader::HttpReader() {
  parser_.header_limit(static_cast<uint32_t>(kHttpHeadBytesMax));
  parser_.body_limit(kHttpBodyBytesMax);
}

absl::Status HttpReader::ErrorOf(boost::beast::error_code error) {
  if (error == http::error::body_limit) {
    return absl::InvalidArgumentError(
        "TOO_LARGE: the body is over 1 MiB; send less at once, a batch takes 500 events");
  }
  return absl::InvalidArgumentError(
      absl::StrCat("PAYLOAD_MALFORMED: the request is no HTTP (", error.message(), ")"));
}

absl::Status HttpReader::TakeHead(absl::string_view raw) {
  RETURN_IF_ERROR(CheckHttpHead(raw));
  boost::beast::error_code error;
  const size_t taken = parser_.put(boost::asio::buffer(raw.data(), raw.size()), error);
  if (error) return ErrorOf(error);
  if (taken != raw.size() || !parser_.is_header_done()) {
    return absl::InvalidArgumentError("PAYLOAD_MALFORMED: the head of the request is no HTTP/1.1");
  }
  has_body_ = !parser_.is_done();
  return absl::OkStatus();
}

HttpHead HttpReader::Head() const {
  const auto& message = parser_.get();
  HttpHead head;
  head.verb = TextOf(message.method_string());
  const std::string target = TextOf(message.target());
  const size_t question = target.find('?');
  head.path = target.substr(0, question);
  if (question != std::string::npos) head.query = target.substr(question + 1);
  for (const auto& field : message) {
    head.headers.emplace_back(absl::AsciiStrToLower(TextOf(field.name_string())),
                              TextOf(field.value()));
  }
  head.has_body = has_body_;
  return head;
}

}  // namespace rapport::edge
