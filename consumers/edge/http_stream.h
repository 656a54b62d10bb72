// HttpSink: what a method that answers with a stream writes to, as lines of JSON or as server-sent
// events.
//
//   id: 7c1e90ab.1:3@1043        the message's own `position`, if it has one
//   event: changed               the field of its only oneof that is set, if it has one
//   data: {"changed":{...}}
//
// An error that comes when the stream has begun is its last line, `{"error":{...}}`, or an event
// `error`.
//
// Threads: as MessageSink. Ownership: borrows call and exchange.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "consumers/edge/call.h"
#include "consumers/edge/http_message.h"
#include "consumers/edge/method_table.h"

namespace rapport::edge {

enum class StreamForm { kLines, kEvents };

// By Accept; without a wish GET gives events, as browsers ask, and POST lines.
StreamForm StreamFormOf(const HttpHead& head);

// How a stream begins.
HttpAnswer StreamHead(StreamForm form);

// One message, ready to be sent.
std::string StreamText(StreamForm form, const google::protobuf::Message& message);
std::string StreamErrorText(StreamForm form, const absl::Status& status);

// Lets a request begin where a browser's stream broke off: `Last-Event-ID` stands in for the
// request's `from_position` or `position`.
void ResumeFrom(const HttpHead& head, google::protobuf::Message& request);

class HttpSink final : public MessageSink {
 public:
  HttpSink(const Call* call, HttpExchange* exchange, StreamForm form)
      : call_(call), exchange_(exchange), form_(form) {}
  bool Write(const google::protobuf::Message& message) override {
    return !call_->ended() && exchange_->Send(StreamText(form_, message));
  }

 private:
  const Call* const call_;
  HttpExchange* const exchange_;
  const StreamForm form_;
};

}  // namespace rapport::edge
