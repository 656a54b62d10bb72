// Bodies of requests: which forms a method takes, and how each becomes its request.
//
//   ASSIGN_OR_RETURN(const BodyForm form, FormOf(head, match));     // by the head alone
//   ASSIGN_OR_RETURN(HttpRequest request, ReadRequest(head, match, form, body));
//
// JSON everywhere; publishing takes CloudEvents besides, and a batch NDJSON: a touchpoint a line,
// as `rapport events publish` reads them. A content type must be named: a page of another site can
// make a browser send a form, but not JSON.
//
// Threads: pure.
// Errors:  INVALID_ARGUMENT: those of json_reader.h, request_fields.h and cloud_event.h;
//          CONTENT_TYPE_UNKNOWN, ENCODING_REFUSED.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "consumers/edge/http_message.h"
#include "consumers/edge/http_router.h"

namespace rapport::edge {

enum class BodyForm {
  kNone,
  kJson,
  // The bytes of the message.
  kProto,
  // A touchpoint a line.
  kLines,
  kBinaryCloudEventJson,
  kBinaryCloudEventProto,
  kStructuredCloudEvent,
};

absl::StatusOr<BodyForm> FormOf(const HttpHead& head, const HttpRouter::Match& match);
// Of a call of Connect: the whole request, as JSON or bytes.
absl::StatusOr<BodyForm> ConnectFormOf(const HttpHead& head);

struct HttpRequest {
  std::unique_ptr<google::protobuf::Message> message;
  // Items of a batch that could not be read, by index; they stand empty in the message.
  std::map<int, absl::Status> unreadable;
  // In which line each item stands; empty when they came otherwise.
  std::vector<int64_t> lines;
};

absl::StatusOr<HttpRequest> ReadRequest(const HttpHead& head, const HttpRouter::Match& match,
                                        BodyForm form, const std::string& body);

// Whether results of events must be told otherwise than the method did.
bool HasRejected(const google::protobuf::Message& response);
// Puts what could not be read in place of what the method said of those items, names fields as JSON
// has them, and says in which line each rejected item stands.
void TellRejected(const std::map<int, absl::Status>& unreadable, const std::vector<int64_t>& lines,
                  google::protobuf::Message& response);

}  // namespace rapport::edge
