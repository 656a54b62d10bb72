#include "consumers/operations/exit_code.h"

#include <cstdio>
#include <string>

#include "consumers/edge/rpc_status.h"

namespace rapport::operations {

ExitCode ExitCodeOf(const absl::Status& status) {
  // These have an exit code of their own, whatever else their code of the contract says.
  const std::string reason = edge::ReasonOf(status);
  if (reason == "RULES_INVALID") return kFoundWrong;
  if (reason == "REBUILD_RUNS") return kConflict;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kDone;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return kWrongUsage;
    case absl::StatusCode::kNotFound:
      return kNotFound;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return kConflict;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return kUnavailable;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return kNotPermitted;
    case absl::StatusCode::kCancelled:
      return kInterrupted;
    default:
      return kFailed;
  }
}

ExitCode Tell(const absl::Status& status) {
  std::fprintf(stderr, "rapport: %s\n", std::string(status.message()).c_str());
  return ExitCodeOf(status);
}

}  // namespace rapport::operations
