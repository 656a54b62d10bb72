// rapport operations list | show | wait | cancel
//
// Threads: one thread. Errors: as the server said; INTERNAL with what an operation failed by.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct OperationChoice {
  std::string id;
  // What came of it in place of how it is.
  bool result = false;
};

absl::Status ListOperations(Client& client, Format format);
// These give how many things a verification found wrong, whose result they print.
absl::StatusOr<int> ShowOperation(Client& client, const OperationChoice& choice, Format format);
// However long that is.
absl::StatusOr<int> WaitForOperation(Client& client, const OperationChoice& choice, Format format);
absl::StatusOr<int> CancelOperation(Client& client, const OperationChoice& choice, Format format);

}  // namespace rapport::operations
