// `rapport customer erase`, `rapport customer find` and `rapport audit verify`.
//
// Threads: one thread. Errors: as the server said; AUDIT_CHANGED names the line.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CustomerErase {
  std::string id;
  std::string purpose;
  // Only the receipt of an erasure that is done.
  bool receipt = false;
  Format format = Format::kTable;
};
absl::Status EraseCustomer(Client& client, const CustomerErase& options);

// Whose an alias is. `-` reads it from stdin, so that it stands in no list of processes.
absl::Status FindCustomers(Client& client, const std::string& alias, Format format);

// Reads the audit file of a data directory from its first line to its last.
absl::Status VerifyAuditFile(const std::string& data_directory);

}  // namespace rapport::operations
