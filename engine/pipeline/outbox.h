// Outbox gives the log the twins that wait in the state, once they are durable there.
//
//   outbox.Open(store);                    // what an earlier life left
//   outbox.Committed(twins);               // so many more rows are there
//   for (Offset sent : outbox.Send(store)) ... its row goes with the next cut ...
//
// It reads rows and appends what they hold, some at a time, in the order of the records. A row that
// is still there at the next start is appended again, which is harmless: it has the same id.
//
// Threads:   the partition's thread; the log answers from any.
// Ownership: borrows all of OutboxParts. It may be gone before the log answers.
// Errors:    those of the store. A log that refuses is asked again later; refused() says why. What
// it
//            refuses holds nothing else up.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/clock.h"
#include "engine/log/log.h"
#include "engine/pipeline/progress.h"
#include "engine/store/state_store.h"

namespace rapport::pipeline {

struct OutboxParts {
  Partition partition = 0;
  log::Log* log = nullptr;
  // Of all partitions: twins go to other ones.
  const Progress* progress = nullptr;
  const Clock* clock = nullptr;
};

class Outbox {
 public:
  explicit Outbox(const OutboxParts& parts) : parts_(parts) {}

  absl::Status Open(const store::StateStore& store);
  void Committed(size_t twins) { waiting_ += static_cast<int64_t>(twins); }

  // Goes on, waiting for nothing. The offsets of the records whose twins the log has by now; each
  // is told once.
  absl::StatusOr<std::vector<Offset>> Send(const store::StateStore& store);
  // The log was given some and has not answered yet.
  bool IsSending() const { return sending_ != nullptr; }
  // Asks again at once what was refused.
  void Hurry() { again_at_us_ = 0; }

  // Rows that the log does not have.
  int64_t waiting() const { return waiting_; }
  // Not OK: why the log did not take one at last.
  const absl::Status& refused() const { return refused_; }

 private:
  struct Sending;
  // Takes what the log has said of all that it was given.
  std::vector<Offset> Take();
  void Append(const store::WaitingTwin& twin, size_t place);
  // Of what is sent forgets what has no row any more, from at_ up to `end`.
  void Forget(const std::vector<store::WaitingTwin>& rows, Offset end);
  // All rows were seen.
  void BeginAgain();

  const OutboxParts parts_;
  int64_t waiting_ = 0;
  // Rows before it are sent; those behind it in `sent_` as well.
  Offset next_ = 0;
  // Where it goes on: behind rows that were refused, until it has seen all. Then it begins again.
  Offset at_ = 0;
  // Of the rows since it began.
  absl::Status refused_since_;
  std::set<Offset> sent_;
  std::shared_ptr<Sending> sending_;
  absl::Status refused_;
  int64_t again_at_us_ = 0;
};

}  // namespace rapport::pipeline
