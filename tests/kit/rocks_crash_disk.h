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
// Each file loses a part of its own of what was not synced: all, nothing, or a tail torn at a
// random place; now and then bytes of what is left are zeros or flipped. Each folder loses, of what
// happened in it since it was last synced, as many of the latest changes as the seed says: files
// made, linked or renamed are gone, files deleted are back. Of the change that meets the power cut
// itself it is unknown whether it happened.
//
// It can also fail one call and go on: FailAt. A failed sync then never makes its bytes durable,
// also when a later sync of the file says OK.
//
// Threads:   all methods from any thread.
// Ownership: must outlive the tables on it. REQUIRES: no table is open during Restore.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace rapport::kit {

// What happened on a disk in its life.
struct CrashStory {
  // Power cuts after which one file had lost unsynced bytes and another one had kept some.
  int64_t independent = 0;
  int64_t files_torn = 0;
  int64_t files_damaged = 0;
  int64_t entries_undone = 0;
  int64_t deletions_undone = 0;
  // Files of rows that a flush or a compaction made, and that were deleted, by compactions.
  int64_t tables_made = 0;
  int64_t tables_deleted = 0;
};

class CrashFileSystem;

class RocksCrashDisk {
 public:
  RocksCrashDisk();
  ~RocksCrashDisk();

  rocksdb::Env* env();

  // The n-th change from now fails, and all after it; 0 lifts it.
  void CutPowerAt(int64_t n);
  // The n-th change from now fails with an I/O error, those after it work; 0 lifts it. Of a failed
  // append half of the bytes are written.
  void FailAt(int64_t n);
  // The n-th read from now fails with an I/O error, those after it work; 0 lifts it.
  void FailReadAt(int64_t n);
  // Whether the change or read that was to fail has come.
  bool has_failed() const;
  // Appends to and syncs of the file whose change failed, after it had failed.
  int64_t retries() const;

  // Changes so far: files made, linked, renamed, deleted, appended to, cut; files and folders
  // synced.
  int64_t changes() const;

  // Loses what was not synced, then works again. With `damage` some of the unsynced bytes that are
  // left are zeros or flipped.
  void Restore(uint64_t seed, bool damage = false);
  CrashStory story() const;

  // Files whose path begins with `prefix`, the bytes of one, one put there whole and durable, and a
  // byte of one inverted.
  std::vector<std::string> Files(const std::string& prefix) const;
  std::string BytesOf(const std::string& path) const;
  void Put(const std::string& path, const std::string& bytes);
  uint64_t SizeOf(const std::string& path) const;
  void Flip(const std::string& path, uint64_t offset);

 private:
  const std::shared_ptr<CrashFileSystem> files_;
  const std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace rapport::kit
