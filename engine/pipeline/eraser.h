// Eraser forgets a customer: what was sealed for them cannot be read from any copy any more.
//
//   ASSIGN_OR_RETURN(v1::ErasureReceipt receipt, eraser.Erase("cust-1", opening, deadline));
//
// What the log keeps in clear is counted first, so that nothing is half done where that fails. Then
// the request is made durable in the log, the key destroyed, the deed written into the audit file,
// its completion into the log. A crash anywhere between is made good by asking again, or by the
// next start (ApplyErasures); asking again gives the same receipt.
//
// Whoever has left anything can be forgotten: a folded event, a key (aliases are kept with it), a
// record in quarantine.
//
// Threads:   all methods from any thread; erasures go one after the other.
// Ownership: borrows everything.
// Errors:    NOT_FOUND (CUSTOMER_UNKNOWN, ERASURE_UNKNOWN), those of log, keys and audit.
//            UNAVAILABLE while a record of the customer is not archived again yet, or the log does
//            not give the request back. FAILED_PRECONDITION (PARTITION_STOPPED) where nothing more
//            is folded: a partition that stands still already gets no request and loses no key.
//            After any other error the request may stand in the log, and then the customer is
//            forgotten: where a partition stops in between, the key may be gone though the caller
//            hears PARTITION_STOPPED. Asking again, once it goes on, completes the erasure.
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
  // Waits until all is applied that the customer's partition holds. FAILED_PRECONDITION
  // (PARTITION_STOPPED) when it is stopped, also behind that.
  absl::Status AwaitPartition(const std::string& customer_id, absl::Time deadline) const;
  absl::Status Append(const v1::Event& event, absl::Time deadline);
  // NOT_FOUND (CUSTOMER_UNKNOWN) for one who has left nothing.
  absl::Status CheckKnown(const std::string& customer_id) const;
  // The customer's records in quarantine, on whichever partition they were written, as far as they
  // are durable there.
  absl::StatusOr<std::vector<store::QuarantineEntry>> Quarantined(
      const std::string& customer_id) const;
  // How many of the customer's events hold texts in clear. UNAVAILABLE when one is not archived
  // yet.
  absl::StatusOr<int64_t> CountInEvents(const std::string& customer_id) const;
  // Whether its record stands beyond an archive that is being filled up from the log.
  bool WillBeArchived(const store::QuarantineEntry& entry) const;
  // How many texts log and quarantine keep in clear, and how many records cannot be read.
  absl::StatusOr<v1::ErasureCompleted> CountTexts(const std::string& customer_id) const;
  // UNAVAILABLE unless the request is applied: a log that was replaced meanwhile took it away, or
  // the archive does not hold it yet.
  absl::Status CheckRequested(const std::string& customer_id) const;
  absl::Status Complete(const std::string& customer_id, const event::Opening& opening,
                        v1::ErasureCompleted done, absl::Time deadline);

  const EraserParts parts_;
  std::mutex mutex_;
};

}  // namespace rapport::pipeline
