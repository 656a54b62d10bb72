// HttpReader: one request out of its bytes: the check of its head (http_head.h), then Beast's
// parser, which reads the body too.
//
//   HttpReader reader;
//   RETURN_IF_ERROR(reader.TakeHead(raw));
//   if (reader.has_body()) async_read(stream, buffer, reader.parser(), ...);
//
// Threads: one. Errors: INVALID_ARGUMENT: PAYLOAD_MALFORMED, TOO_LARGE.
#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "consumers/edge/http_message.h"

namespace rapport::edge {

class HttpReader {
 public:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  HttpReader();

  // `raw`: a head with its empty line, and nothing behind it.
  absl::Status TakeHead(absl::string_view raw);
  // What the parser says of a body that it cannot read.
  static absl::Status ErrorOf(boost::beast::error_code error);

  HttpHead Head() const;
  bool has_body() const { return has_body_; }
  bool is_version_11() const { return parser_.get().version() == 11; }
  bool keep_alive() const { return parser_.keep_alive(); }

  Parser& parser() { return parser_; }
  std::string TakeBody() { return std::move(parser_.get().body()); }

 private:
  Parser parser_;
  bool has_body_ = false;
};

}  // namespace rapport::edge
