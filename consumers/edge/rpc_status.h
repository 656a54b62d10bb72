// Errors at the doors: absl::Status <-> what gRPC carries.
//
// A status of ours begins with its reason: `EVENT_ID_CONFLICT: event_id: ...`. At the door it
// becomes a canonical code, the message, and details (rapport.v1.ErrorInfo, BadRequest, RetryInfo)
// in `grpc-status-details-bin`, in the shape of google.rpc.Status.
//
// Threads: all functions are pure.
#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/errors.pb.h"

namespace rapport::edge {

// `EVENT_ID_CONFLICT`; derived from the code when the message does not begin with a reason.
std::string ReasonOf(const absl::Status& status);

// The message without its reason.
std::string TextOf(const absl::Status& status);

// What the reason is about, for ErrorInfo.metadata; it goes with the status through the process.
void AddMetadata(absl::string_view key, absl::string_view value, absl::Status& status);

v1::ErrorStatus ToErrorStatus(const absl::Status& status);
absl::Status FromErrorStatus(const v1::ErrorStatus& error);

grpc::Status ToRpcStatus(const absl::Status& status);
// A server of ours has answered so; otherwise the way there failed.
bool IsAnswer(const grpc::Status& status);
// The reason, if the server sent one, stands in front of the message again.
absl::Status FromRpcStatus(const grpc::Status& status);

}  // namespace rapport::edge
