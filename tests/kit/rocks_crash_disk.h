// RocksCrashDisk is a file system in memory for a real RocksDB that loses what a power cut loses.
//
//   kit::RocksCrashDisk disk;
//   disk.CutPowerAt(120);                       // the 120th change from now and all after it fail
//   auto table = table::OpenRocksTableOn(disk.env(), "/table", options);
//   ... until a call fails ...
//   table->reset();
//   disk.Restore(/*seed=*/7);                   // what was not synced is lost or torn
//   table = table::OpenRocksTableOn(disk.env(), "/table", options);
//
// Bytes of a file that were not synced are torn at a random place. Files made, linked or renamed
// since their folder was last synced are undone, the latest first, as many as the seed says.
//
// Threads:   all methods from any thread.
// Ownership: must outlive the tables on it. REQUIRES: no table is open during Restore.
#pragma once

#include <cstdint>
#include <memory>

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace rapport::kit {

class RocksCrashDisk {
 public:
  RocksCrashDisk();
  ~RocksCrashDisk();

  rocksdb::Env* env();

  // The n-th change from now fails, and all after it; 0 lifts it.
  void CutPowerAt(int64_t n);

  // Changes so far.
  int64_t changes() const;

  // Loses what was not synced, then works again.
  void Restore(uint64_t seed);

 private:
  class Files;
  std::shared_ptr<Files> files_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace rapport::kit
