// LogCycles: lives of a table with a write-ahead log, as the archive uses it, each ended by a power
// cut.
//
//   LogCycles cycles({.seed = 7});
//   absl::Status wrong = cycles.Run(/*lives=*/4, tally);
//
// Several threads append numbered rows, synced, buffered, or buffered and synced by an empty write
// later, and now and then some as a file. Afterwards each thread's rows are 1..k without a hole,
// and all that a sync promised are among them: also another thread's, when its write had returned
// before that sync began.
//
// Threads: belongs to one thread, starts others.
// Errors:  DATA_LOSS: the first thing that is wrong after a crash, or that a reader saw.
#pragma once

#include <atomic>
#include <memory>
#include <random>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "tests/crash/table_cycles.h"

namespace rapport::crash {

struct LogCyclesOptions {
  uint64_t seed = 1;
  // Unsynced bytes that are left may be zeros or flipped.
  bool damage = false;
};

class LogCycles : public TableCycles {
 public:
  explicit LogCycles(const LogCyclesOptions& options);

 private:
  // What one thread appends.
  struct Writer {
    std::atomic<int64_t> tried{0};
    std::atomic<int64_t> written{0};
    std::atomic<int64_t> durable{0};
  };

  absl::Status OpenAndCheck() override;
  void Work() override;
  absl::Status CheckSome(std::mt19937_64& random) override;
  void Count(Tally& tally) override;
  // The number of rows of a writer. DATA_LOSS for a hole, a wrong row, or too few or too many.
  absl::StatusOr<int64_t> Check(size_t writer, int64_t least);
  void WriterLoop(size_t writer, uint64_t seed, int rows);
  absl::Status Sync(const table::WriteBatch& batch);
  // The writer's next `count` rows as a file.
  absl::Status IngestRun(size_t writer, int64_t count);
  // Does what makes all durable that was written before.
  absl::Status Settle(absl::FunctionRef<absl::Status()> act);

  std::vector<std::unique_ptr<Writer>> writers_;
  // Of a hundred writes so many are synced.
  uint64_t synced_percent_ = 0;
  std::atomic<int64_t> ingests_{0};
};

}  // namespace rapport::crash
