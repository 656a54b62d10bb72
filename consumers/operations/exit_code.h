// Exit codes of the program, and how a failure is told.
//
// Threads: pure.
#pragma once

#include "absl/status/status.h"

namespace rapport::operations {

enum ExitCode {
  kDone = 0,
  kFailed = 1,
  kWrongUsage = 2,
  kNotFound = 3,
  kConflict = 4,
  kUnavailable = 5,
  kFoundWrong = 6,
  kNotPermitted = 7,
  kDiskFailed = 74,
  kInterrupted = 130,
};

ExitCode ExitCodeOf(const absl::Status& status);

// Says on stderr what went wrong, in one line with its reason, and returns the exit code.
ExitCode Tell(const absl::Status& status);

}  // namespace rapport::operations
