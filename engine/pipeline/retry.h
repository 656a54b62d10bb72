// QuarantineRetry judges quarantined records of one partition again, by today's code. What is good
// now counts as if it had been from the start.
//
//   QuarantineRetry retry(parts, store, folder);
//   ASSIGN_OR_RETURN(const RetryOutcome outcome, retry.Run({.reason = Reason::kKindUnknown}, ...));
//
// The customers concerned are folded anew from their touches and their quarantined records, in the
// order of the log. An event that another one displaces so, and its copies, get the verdict they
// would get in a rebuild. A record that crashed a fold is tried first and released in the archive
// then; when it ends the process again, nothing has changed.
//
// Copies are looked for in the archive where they may differ from the event that stands then; that
// is one walk for all customers, and none when all say exactly the same.
//
// Threads:   the partition's thread, between two batches, with nothing dirty and no cut in flight.
// Ownership: borrows everything.
// Errors:    those of archive and store; nothing is changed then.
// Never:     changes anything of a customer who has no part in it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/pipeline/committer.h"
#include "engine/pipeline/refold.h"
#include "engine/store/state_store.h"

namespace rapport::pipeline {

// Which records; both empty = all.
struct RetryFilter {
  std::optional<Reason> reason;
  std::optional<Offset> offset;
};

struct RetryOutcome {
  // Records judged again, and those of them that are out of quarantine now.
  int64_t judged = 0;
  int64_t released = 0;
  // Customers folded anew, buckets of anonymous events included.
  int64_t customers = 0;

  RetryOutcome& operator+=(const RetryOutcome& other);
};

class QuarantineRetry {
 public:
  // `fatal` is called when the archive cannot be written.
  QuarantineRetry(const RefoldParts& parts, const store::StateStore* store, Folder* folder,
                  Fatal fatal);

  // What it changes is part of the folder's next cut. `caller` and `now_us` go into the archive
  // with verdicts that are taken back.
  absl::StatusOr<RetryOutcome> Run(const RetryFilter& filter, const std::string& caller,
                                   int64_t now_us);

 private:
  absl::Status Select(const RetryFilter& filter);
  absl::Status Judge();
  // Folds the names anew, into anew_.
  absl::Status RefoldAll();
  // Folds `name` anew, with `copies` of events that it loses. Gives those whose copies must be
  // looked for.
  absl::StatusOr<Displaced> Refold(const std::string& name, const std::set<Offset>& copies);
  absl::StatusOr<std::set<Offset>> Candidates(const std::string& name,
                                              const std::vector<store::Touch>& touches) const;
  // What outcomes change in the counters, which entries are gone, and who asks to be erased now.
  void Account(absl::Span<const Outcome> outcomes, const std::set<Offset>& touches, bool anonymous,
               Replacement& anew) const;
  absl::Status Release(const std::string& caller, int64_t now_us);

  const RefoldParts parts_;
  const store::StateStore* const store_;
  Folder* const folder_;
  const Fatal fatal_;
  // As they will be when this has worked.
  Verdicts verdicts_;
  Refolder refolder_;
  // All of the partition, by offset.
  std::map<Offset, store::QuarantineEntry> entries_;
  std::set<Offset> selected_;
  // Names to fold anew, and whose records turned out to be another's than the quarantine says.
  std::set<std::string> names_;
  std::map<Offset, std::string> assigned_;
  std::map<std::string, Replacement> anew_;
  // Entries of nobody's records that have another reason now.
  std::vector<store::QuarantineEntry> loose_;
};

}  // namespace rapport::pipeline
