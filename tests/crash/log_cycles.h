// LogCycles: lives of a table with a write-ahead log, as the archive uses it, each ended by a power
// cut.
//
//   LogCycles cycles({.seed = 7});
//   absl::Status wrong = cycles.Run(/*lives=*/4, tally);
//
// Several threads append numbered rows, synced, buffered, or buffered and synced by an empty write
// later. Afterwards each thread's rows are 1..k without a hole, and all that a sync promised are
// among them: also another thread's, when its write had returned before that sync began.
//
// Threads: belongs to one thread, starts others.
// Errors:  DATA_LOSS: the first thing that is wrong after a crash, or that a reader saw.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/table/table.h"
#include "tests/crash/tally.h"
#include "tests/kit/rocks_crash_disk.h"

namespace rapport::crash {

struct LogCyclesOptions {
  uint64_t seed = 1;
  // Unsynced bytes that are left may be zeros or flipped.
  bool damage = false;
};

class LogCycles {
 public:
  explicit LogCycles(const LogCyclesOptions& options);

  absl::Status Run(int lives, Tally& tally);

 private:
  // What one thread appends.
  struct Writer {
    std::atomic<int64_t> tried{0};
    std::atomic<int64_t> written{0};
    std::atomic<int64_t> durable{0};
  };

  absl::Status OpenAndCheck();
  // The number of rows of a writer. DATA_LOSS for a hole, a wrong row, or too few or too many.
  absl::StatusOr<int64_t> Check(size_t writer, int64_t least);
  void Work();
  void WriterLoop(size_t writer, uint64_t seed, int rows);
  absl::Status Sync(const table::WriteBatch& batch);
  void ReaderLoop(uint64_t seed);

  const LogCyclesOptions options_;
  std::mt19937_64 random_;
  kit::RocksCrashDisk disk_;
  std::unique_ptr<table::Table> table_;
  std::vector<std::unique_ptr<Writer>> writers_;
  // Of a hundred writes so many are synced.
  uint64_t synced_percent_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int64_t> reads_{0};
  // What a reader or a writer met that no power cut explains.
  void Seen(const absl::Status& status);
  std::mutex seen_mutex_;
  absl::Status seen_;
};

}  // namespace rapport::crash
