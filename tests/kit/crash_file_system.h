// CrashFileSystem is the file system of a RocksCrashDisk: one in memory that knows what is synced.
//
// Threads: all methods from any thread. REQUIRES: nobody uses it during Restore.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/kit/crash_power.h"
#include "tests/kit/rocks_crash_disk.h"

namespace rapport::kit {

class CrashFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit CrashFileSystem(std::unique_ptr<rocksdb::Env> memory)
      : FileSystemWrapper(memory->GetFileSystem()), memory_(std::move(memory)) {}

  // How much of a file is written, and how much of that is synced. Links of a file share it.
  struct FileState {
    uint64_t size = 0;
    uint64_t synced = 0;
    // A failed sync took the bytes from here on for written: no later sync makes them durable.
    uint64_t durable_max = UINT64_MAX;
  };

  static const char* kClassName() { return "RocksCrashDisk"; }
  const char* Name() const override { return kClassName(); }

  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                      rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                        rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* dbg) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* dbg) override;

  void Restore(uint64_t seed, bool damage);
  CrashStory story() {
    std::lock_guard<std::mutex> lock(mutex_);
    return story_;
  }
  std::vector<std::string> Files(const std::string& prefix);
  uint64_t SizeOf(const std::string& path);
  void Flip(const std::string& path, uint64_t offset) { Change(path, offset, 1, false); }

  void SyncFolder(const std::string& folder);
  rocksdb::IOStatus Append(FileState& file, const std::string& path,
                           rocksdb::FSWritableFile& target, const rocksdb::Slice& data,
                           const rocksdb::IOOptions& options, rocksdb::IODebugContext* dbg);
  rocksdb::IOStatus Sync(FileState& file, const std::string& path);
  rocksdb::IOStatus Cut(FileState& file, const std::string& path, rocksdb::FSWritableFile& target,
                        uint64_t size, const rocksdb::IOOptions& options,
                        rocksdb::IODebugContext* dbg);
  CrashPower& power() { return power_; }

 private:
  class WritableFile;
  class Folder;

  // A change of a folder that is not synced yet.
  struct FolderChange {
    enum class Kind { kNew, kRenamed, kDeleted };
    Kind kind = Kind::kNew;
    std::string path;
    // Where a renamed file came from.
    std::string renamed_from;
    // Where what was deleted or replaced waits, empty if nothing was.
    std::string kept_at;
  };

  // A place for a file that a folder change took away.
  std::string Keep(const std::string& path);
  void Undo(const FolderChange& change);
  void LoseEntries(std::mt19937_64& random);
  void LoseBytes(std::mt19937_64& random, bool damage);
  // Inverts or zeroes bytes of a file.
  void Change(const std::string& path, uint64_t offset, uint64_t count, bool zero);
  void MoveState(const std::string& from, const std::string& to);

  const std::unique_ptr<rocksdb::Env> memory_;
  CrashPower power_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<FileState>> states_;
  // Folder -> its changes, in order.
  std::map<std::string, std::vector<FolderChange>> changes_;
  uint64_t kept_ = 0;
  CrashStory story_;
};

}  // namespace rapport::kit
