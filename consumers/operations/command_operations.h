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
};

absl::Status ListOperations(Client& client, Format format);
absl::Status ShowOperation(Client& client, const OperationChoice& choice, Format format);
// However long that is.
absl::Status WaitForOperation(Client& client, const OperationChoice& choice, Format format);
absl::Status CancelOperation(Client& client, const OperationChoice& choice, Format format);

}  // namespace rapport::operations
