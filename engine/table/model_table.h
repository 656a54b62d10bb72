// ModelDisk is a disk in memory that holds one table and loses what a power cut would lose.
//
// The table on it behaves as the one on RocksDB does (one conformance suite runs over both) and is
// deterministic, so crash tests and simulations run on it:
//
//   ModelDisk disk;
//   auto table = *disk.Open(options);
//   EXPECT_OK(table->Write(batch, Durability::kSynced));
//   disk.Crash(/*seed=*/7);        // `table` is dead from here on
//   table = *disk.Open(options);   // finds what was durable
//
// What survives a crash is always a prefix of the writes. Without a WAL it ends at the last flush:
// of Flush, of Ingest, or of a full write buffer. With a WAL it holds at least all synced writes,
// and as many of the later ones as the seed says.
//
// Threads:   all methods may be called from any thread.
// Ownership: tables may outlive the disk's handle; they share what is on it.
// Errors:    Open gives UNAVAILABLE while another table is open. A table that failed or crashed
//            answers INTERNAL to everything that would write.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "engine/table/table.h"

namespace rapport::table {

class ModelDisk {
 public:
  ModelDisk();

  // Opens the table on the disk; an empty one at first.
  absl::StatusOr<std::unique_ptr<Table>> Open(const TableOptions& options);

  // Another disk with what is durable on this one, as a backup has it.
  std::unique_ptr<ModelDisk> Copy() const;

  // Cuts the power: the open table is dead, what was not durable is gone. No failure is awaited any
  // more.
  void Crash(uint64_t seed);

  // Lets the n-th operation from now fail with INTERNAL; 1 is the next, 0 none. A Write and a Flush
  // are one operation, an Ingest is two: its flush, then its file. Whether a failed synced write is
  // found after a crash is up to the crash's seed, as on a real disk.
  void FailAt(int64_t n);

  // Operations so far.
  int64_t operations() const;

  // What is on the disk and who has it open.
  struct Contents;

 private:
  std::shared_ptr<Contents> contents_;
};

}  // namespace rapport::table
