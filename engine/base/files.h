// Files is the seam to small files that must survive a power cut: keys, audit.
//
//   RETURN_IF_ERROR(ReplaceFile(SystemFiles(), path, bytes));
//
// What is written is durable only after Sync; a name that appears, moves or goes only after
// SyncDirectory. A twin in tests loses what was not synced.
//
// Threads: as safe as the file system; callers keep two writers of one file apart.
// Errors:  NOT_FOUND from Read for a file that is not there; FAILED_PRECONDITION from Rename and
//          CheckReplaceable when the system lets no file be put there; INTERNAL for everything
//          else, with the path and the cause.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rapport {

class Files {
 public:
  virtual ~Files() = default;

  // Makes the directory, and its parents, readable by the owner alone.
  virtual absl::Status MakeDirectory(const std::string& path) = 0;
  // Names of the files in a directory, sorted.
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& directory) = 0;
  virtual absl::StatusOr<std::string> Read(const std::string& path) = 0;
  // Puts `bytes` in place of what the file holds; a new one is its owner's alone (mode 0600).
  virtual absl::Status Write(const std::string& path, absl::string_view bytes) = 0;
  virtual absl::Status Append(const std::string& path, absl::string_view bytes) = 0;
  virtual absl::Status Sync(const std::string& path) = 0;
  // FAILED_PRECONDITION: it was refused, and nothing has changed.
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  // Whether another file could be renamed to `path`: its directory takes files, and it is no mount
  // point of its own, as a container's secret can be.
  virtual absl::Status CheckReplaceable(const std::string& path) = 0;
  virtual absl::Status Remove(const std::string& path) = 0;
  virtual absl::Status SyncDirectory(const std::string& path) = 0;
};

// The machine's. Never destroyed.
Files& SystemFiles();

// The directory that holds `path`.
std::string DirectoryOf(const std::string& path);

// Where ReplaceFile keeps new bytes until they are whole.
std::string NewNameOf(const std::string& path);

// Puts `bytes` under `path` so that a power cut leaves the old bytes or the new, whole.
absl::Status ReplaceFile(Files& files, const std::string& path, absl::string_view bytes);

}  // namespace rapport
