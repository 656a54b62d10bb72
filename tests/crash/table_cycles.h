// TableCycles: lives of one RocksDB table, each ended by a power cut at a change that the seed
// decides. What is written in a life, and what must be there after it, say LogCycles and
// StateCycles.
//
// A reader looks beside the writers. What it sees wrong, and a call that fails without a power cut,
// end the cycles at the end of that life.
//
// Threads: belongs to one thread, starts others; Seen from any.
// Errors:  DATA_LOSS, naming what was wrong first; others as OpenAndCheck says.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "engine/table/table.h"
#include "tests/crash/tally.h"
#include "tests/kit/rocks_crash_disk.h"

namespace rapport::crash {

class TableCycles {
 public:
  virtual ~TableCycles() = default;

  absl::Status Run(int lives, Tally& tally);

 protected:
  // With `damage` unsynced bytes that are left may be zeros or flipped. A life is cut within its
  // first `changes_max` changes of the disk.
  TableCycles(uint64_t seed, bool damage, uint64_t changes_max);

  // Opens the table and checks all that is in it.
  virtual absl::Status OpenAndCheck() = 0;
  // What becomes of a table that cannot be opened, or is wrong, without a power cut.
  virtual absl::Status Refused(const absl::Status& status, Tally& tally);
  // Writes until it is done or a call fails.
  virtual void Work() = 0;
  // Checks a part of the table beside the writers.
  virtual absl::Status CheckSome(std::mt19937_64& random) = 0;
  // Adds what was tried and promised so far.
  virtual void Count(Tally& tally) = 0;

  std::thread StartReader();
  void Join(std::vector<std::thread>& writers, std::thread& reader);

  const bool damage_;
  std::mt19937_64 random_;
  kit::RocksCrashDisk disk_;
  std::unique_ptr<table::Table> table_;

 private:
  void ReaderLoop(uint64_t seed);
  // What a reader or a writer met that no power cut explains.
  void Seen(const absl::Status& status);
  void Crash(Tally& tally);

  const uint64_t changes_max_;
  std::atomic<bool> stop_{false};
  std::atomic<int64_t> reads_{0};
  std::mutex seen_mutex_;
  absl::Status seen_;
};

}  // namespace rapport::crash
