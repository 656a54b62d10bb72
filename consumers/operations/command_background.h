// What goes on without the command that began it, or is followed to its end.
//
//   RETURN_IF_ERROR(StartInBackground(client, request, order, format));
//   ASSIGN_OR_RETURN(const EndedOperation ended, FollowToEnd(client, request, "verify", ...));
//
// Threads: one thread. Errors: as the server said; what an operation failed by, INTERNAL for a
//          rebuild and for what was cancelled; CANCELLED once this command is interrupted.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"
#include "rapport/v1/operation_request.pb.h"

namespace rapport::operations {

struct BackgroundOrder {
  // Does not wait; of a server only.
  bool no_wait = false;
  // Records, or customers of the present, a second, at most; 0 = as many as it can.
  int64_t max_rate = 0;
};

struct EndedOperation {
  v1::Operation operation;
  v1::OperationResult result;
};

// INVALID_ARGUMENT for an order that no server would go on with. `flag` is what asks not to wait.
absl::Status CheckMayNotWait(Client& client, bool no_wait, absl::string_view flag = "--no-wait");

// Begins it and says how to look at it. `flag` as of CheckMayNotWait.
absl::Status StartInBackground(Client& client, const v1::OperationRequest& request,
                               const BackgroundOrder& order, Format format,
                               absl::string_view flag = "--background");

// Waits for the end of an operation, and says what it ended by; `title` and `what` stand before the
// bar, which is shown only if `shows`. After an interruption the operation goes on, which is said.
absl::Status AwaitOperation(Client& client, absl::string_view title, absl::string_view what,
                            bool shows, v1::Operation& operation);

// Begins it and waits for what comes of it. An interruption cancels it.
absl::StatusOr<EndedOperation> FollowToEnd(Client& client, const v1::OperationRequest& request,
                                           const BackgroundOrder& order, absl::string_view title,
                                           bool shows);

// As it is, with what came of it if that is asked for and there.
absl::StatusOr<EndedOperation> AskOperation(Client& client, const std::string& id,
                                            bool with_result = false);
// As it is once it was given up.
absl::StatusOr<v1::Operation> AskToCancel(Client& client, const std::string& id);
// OK for one that is done, else what it ended by.
absl::Status OutcomeOf(const v1::Operation& operation);
// How one is: `verify 63 %, 6,300,000 of 10,000,000 records, 2 s left`.
std::string WalkLine(const v1::Operation& operation);

// As the command that asks for it prints it. How many things were found wrong.
absl::StatusOr<int> PrintResult(const EndedOperation& ended, Format format);

}  // namespace rapport::operations
