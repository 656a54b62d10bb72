// DirectoryLock and DiskSpace: what a data directory needs from the machine.
//
// Threads: DiskSpaceOf from any thread. Ownership: the lock is held until it is destroyed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace rapport {

struct DiskSpace {
  uint64_t free_bytes = 0;
  uint64_t total_bytes = 0;
};

// Of the disk that holds `path`.
absl::StatusOr<DiskSpace> DiskSpaceOf(const std::string& path);

// Makes `path` and its parents. Errors name the path.
absl::Status MakeDirectories(const std::string& path);

// Bytes of all files below `path`.
uint64_t DirectoryBytes(const std::string& path);

// One process per data directory: an advisory lock on its file LOCK, which names the holder.
class DirectoryLock {
 public:
  // UNAVAILABLE (DIRECTORY_IN_USE) names the directory and the process that holds it.
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> Take(const std::string& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  const int file_;
};

}  // namespace rapport
