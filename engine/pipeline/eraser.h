// Eraser forgets a customer: what was sealed for them cannot be read from any copy any more.
//
//   ASSIGN_OR_RETURN(v1::ErasureReceipt receipt, eraser.Erase("cust-1", opening, deadline));
//
// The request is durable in the log first, then the key is destroyed, then the deed is written into
// the audit file, then its completion into the log. A crash anywhere between is made good by asking
// again, or by the next start (ApplyErasures); asking again gives the same receipt.
//
// Whoever has left anything can be forgotten: a folded event, a key (aliases are kept with it), a
// record in quarantine.
//
// Threads:   all methods from any thread; erasures go one after the other.
// Ownership: borrows everything.
// Errors:    NOT_FOUND (CUSTOMER_UNKNOWN, ERASURE_UNKNOWN), those of log, keys and audit.
#pragma once

#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "engine/event/audit.h"
#include "engine/event/revealer.h"
#include "engine/pipeline/erasure.h"
#include "engine/pipeline/publisher.h"
#include "rapport/v1/privacy.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::pipeline {

struct EraserParts {
  const Publisher* publisher = nullptr;
  Pipeline* pipeline = nullptr;
  log::Log* log = nullptr;
  log::Archive* archive = nullptr;
  event::KeyStore* keys = nullptr;
  event::Audit* audit = nullptr;
};

class Eraser {
 public:
  explicit Eraser(const EraserParts& parts) : parts_(parts) {}

  absl::StatusOr<v1::ErasureReceipt> Erase(const std::string& customer_id,
                                           const event::Opening& opening, absl::Time deadline);
  // The receipt of an erasure that is complete.
  absl::StatusOr<v1::ErasureReceipt> Find(const std::string& customer_id) const;

 private:
  // Waits until all is applied that the customer's partition holds.
  absl::Status AwaitPartition(const std::string& customer_id, absl::Time deadline) const;
  absl::Status Append(const v1::Event& event, absl::Time deadline);
  // NOT_FOUND (CUSTOMER_UNKNOWN) for one who has left nothing.
  absl::Status CheckKnown(const std::string& customer_id) const;
  // The customer's records in quarantine, on whichever partition they were written, as far as they
  // are durable there.
  absl::StatusOr<std::vector<store::QuarantineEntry>> Quarantined(
      const std::string& customer_id) const;
  // Fills `done` with how many texts the log keeps in clear.
  absl::Status CountClearTexts(const std::string& customer_id, v1::ErasureCompleted& done) const;
  absl::Status Complete(const std::string& customer_id, const event::Opening& opening,
                        const event::Tombstone& tombstone, absl::Time deadline);

  const EraserParts parts_;
  std::mutex mutex_;
};

}  // namespace rapport::pipeline
