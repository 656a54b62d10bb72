// StateCycles: lives of a table without write-ahead log, each ended by a power cut.
//
//   StateCycles cycles({.seed = 7});
//   absl::Status wrong = cycles.Run(/*lives=*/4, tally);
//
// In a life several threads commit beside each other, each to a partition of its own, by batch and
// flush or by ingest; a reader checks what it sees; buffers are small, so that RocksDB flushes and
// compacts all the time. Then the power goes, at a change that the seed decides. Afterwards each
// partition must be exactly at one of its commits, none before what was promised to stay, and the
// commits found must be a prefix of what happened over all partitions.
//
// Threads: belongs to one thread, starts others.
// Errors:  DATA_LOSS: the first thing that is wrong after a crash, or that a reader saw.
//          FAILED_PRECONDITION: each partition is right, but not one with another.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "absl/status/status.h"
#include "tests/crash/commit_oracle.h"
#include "tests/crash/table_cycles.h"
#include "tests/crash/variant_table.h"

namespace rapport::crash {

// What is done otherwise than the product does it.
struct StateVariant {
  const char* name = "ours";
  // The product's table, or the variant's.
  bool ours = true;
  IngestWay way = IngestWay::kFlushFirst;
  // The position row is written in a call of its own, after the other rows.
  bool position_apart = false;
  // The rows are ingested in two calls.
  bool file_by_file = false;
};

const std::vector<StateVariant>& StateVariants();

struct StateCyclesOptions {
  uint64_t seed = 1;
  StateVariant variant;
  // Unsynced bytes that are left may be zeros or flipped.
  bool damage = false;
};

class StateCycles : public TableCycles {
 public:
  explicit StateCycles(const StateCyclesOptions& options);

 private:
  absl::Status OpenAndCheck() override;
  // OK when the table may be refused as damaged.
  absl::Status Refused(const absl::Status& status, Tally& tally) override;
  void Work() override;
  absl::Status CheckSome(std::mt19937_64& random) override;
  void Count(Tally& tally) override;
  void WriterLoop(size_t partition, uint64_t seed, int commits);
  // One thread for all partitions, as the product's committer.
  void CommitterLoop(uint64_t seed, int commits);
  absl::Status WriteRows(const std::vector<Commit>& commits);
  absl::Status IngestRows(const std::vector<Commit>& commits);
  absl::Status Flush();
  std::vector<int64_t> Written() const;
  void PromiseAll(const std::vector<int64_t>& written);
  // FAILED_PRECONDITION when a partition is at a commit that came after a lost one of another.
  absl::Status CheckOrder(const std::vector<int64_t>& numbers);
  Commit NextCommit(size_t partition, std::mt19937_64& random, bool ingest);

  const StateVariant variant_;
  std::vector<std::unique_ptr<CommitOracle>> oracles_;
  // Per partition: the last commit whose write has returned.
  std::vector<std::unique_ptr<std::atomic<int64_t>>> written_;
  // Per partition and commit: what was written of all partitions before it was begun.
  std::vector<std::map<int64_t, std::vector<int64_t>>> before_;
  std::atomic<int64_t> ingests_{0};
};

}  // namespace rapport::crash
