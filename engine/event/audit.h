// Audit: a file of what was done with personal data, in which a changed byte is found.
//
//   ASSIGN_OR_RETURN(std::string chain, audit->Append({now_us, "uid 1000", "reveal", "cust-1",
//                                                      {"note"}, "call back"}));
//
// One JSON object a line. Each ends with a hash over the line and the hash before, so that no line
// can be changed, taken out or put in without all after it failing. Whoever keeps the last hash
// elsewhere, as the receipt of an erasure does, also finds a file that was cut.
//
// Threads:   Append from any thread.
// Ownership: borrows `files`. One Audit per file.
// Errors:    DATA_LOSS (AUDIT_CHANGED) names the first line that does not fit; UNAVAILABLE
//            (AUDIT_UNAVAILABLE) after a failed write: nothing is opened that is not written down.
#pragma once

#include <memory>
// allow: thread, because many callers write into one file
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/files.h"

namespace rapport::event {

struct AuditEntry {
  int64_t at_us = 0;
  // Who did it, such as `uid 1000` or `ipv4:127.0.0.1:40000`.
  std::string who;
  // `reveal` or `erase`.
  std::string action;
  std::string customer_id;
  // Which texts, such as `note`.
  std::vector<std::string> fields;
  // Why, in the words of who did it.
  std::string purpose;
};

// How a whole file ends.
struct AuditEnd {
  int64_t lines = 0;
  // 32 hexadecimal digits; empty without lines.
  std::string chain;
};

class Audit {
 public:
  // Always gives an audit; one whose file does not verify refuses everything and says why.
  static std::unique_ptr<Audit> Open(Files* files, const std::string& path);

  absl::Status status() const;
  // Returns the chain when the entry is durable.
  absl::StatusOr<std::string> Append(const AuditEntry& entry);

 private:
  Audit(Files* files, const std::string& path) : files_(files), path_(path) {}
  absl::Status Load();

  Files* const files_;
  const std::string path_;
  // allow: thread, because many callers write into one file
  mutable std::mutex mutex_;
  absl::Status trouble_;
  AuditEnd end_;
};

// Checks the bytes of an audit file from its first line to its last.
absl::StatusOr<AuditEnd> VerifyAudit(absl::string_view text);

// A purpose must be 1..256 bytes; INVALID_ARGUMENT says so.
absl::Status CheckPurpose(absl::string_view purpose);

}  // namespace rapport::event
