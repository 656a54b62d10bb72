// EmbeddedCycles: lives of the embedded log, its archive on real RocksDB, each ended by a power
// cut.
//
//   EmbeddedCycles cycles({.seed = 7});
//   absl::Status wrong = cycles.Run(/*lives=*/4, tally);
//
// Several publishers append at once. After each cut every append that was acknowledged must be in
// the archive at its place, and what is there besides must be something that was tried.
//
// Threads: belongs to one thread, starts others.
// Errors:  DATA_LOSS: the first thing that is wrong.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "engine/base/clock.h"
#include "engine/log/archive.h"
#include "engine/log/embedded_log.h"
#include "tests/crash/rocks_world_disk.h"
#include "tests/crash/tally.h"

namespace rapport::crash {

struct EmbeddedCyclesOptions {
  uint64_t seed = 1;
  // Unsynced bytes that are left may be zeros or flipped.
  bool damage = false;
};

class EmbeddedCycles {
 public:
  explicit EmbeddedCycles(const EmbeddedCyclesOptions& options);

  absl::Status Run(int lives, Tally& tally);

 private:
  absl::Status Open();
  void Close();
  void Publish(int publisher, uint64_t seed);
  absl::Status Check();

  std::mt19937_64 random_;
  const int partitions_;
  RocksWorldDisk disk_;
  ManualClock clock_;
  std::unique_ptr<table::Table> table_;
  std::unique_ptr<log::Archive> archive_;
  std::unique_ptr<log::EmbeddedLog> log_;
  std::mutex mutex_;
  // Values that were tried, and those acknowledged at their place.
  std::set<std::string> tried_;
  std::map<std::pair<Partition, Offset>, std::string> acknowledged_;
  int64_t next_ = 0;
};

}  // namespace rapport::crash
