// EngineCycles: lives of a whole engine, archive and state on real RocksDB, each ended by a power
// cut.
//
//   EngineCycles cycles({.seed = 7});
//   absl::Status wrong = cycles.Run(/*lives=*/4, tally);
//
// A log in memory stands for the broker and grows while the engine mirrors and folds it. After each
// cut every partition's facts must be those of a fresh fold of the log up to its position; at the
// end both digests must be those of an engine that was never disturbed, and of a rebuild.
//
// Threads: belongs to one thread, starts others.
// Errors:  DATA_LOSS: the first thing that is wrong.
#pragma once

#include <memory>
#include <random>

#include "absl/status/status.h"
#include "tests/crash/rocks_world_disk.h"
#include "tests/crash/tally.h"
#include "tests/kit/engine_world.h"

namespace rapport::crash {

struct EngineCyclesOptions {
  uint64_t seed = 1;
  // Unsynced bytes that are left may be zeros or flipped.
  bool damage = false;
};

class EngineCycles {
 public:
  explicit EngineCycles(const EngineCyclesOptions& options);

  absl::Status Run(int lives, Tally& tally);

 private:
  void PublishSome(int count);
  // Each partition is a fold of a prefix.
  absl::Status CheckPrefixes();
  absl::Status CheckEnd();

  const bool damage_;
  std::mt19937_64 random_;
  const int partitions_;
  RocksWorldDisk* const disk_;
  kit::EngineWorld world_;
  uint64_t next_id_ = 1;
};

}  // namespace rapport::crash
