#include "engine/base/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"

namespace rapport {

absl::StatusOr<DiskSpace> DiskSpaceOf(const std::string& path) {
  struct statvfs stat;
  if (statvfs(path.c_str(), &stat) != 0) {
    return absl::InternalError(absl::StrCat("cannot ask for the space of the disk that holds ",
                                            path, ": ", std::strerror(errno)));
  }
  return DiskSpace{stat.f_bavail * stat.f_frsize, stat.f_blocks * stat.f_frsize};
}

absl::Status MakeDirectories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("cannot make the directory ", path, ": ", error.message(),
                   "; check its parent's permissions or name another with --data"));
}

uint64_t DirectoryBytes(const std::string& path) {
  std::error_code error;
  uint64_t bytes = 0;
  for (auto entry = std::filesystem::recursive_directory_iterator(path, error);
       !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    // Files come and go while the engine runs; one that is gone has no size.
    if (entry->is_regular_file(ignored)) {
      const uint64_t size = entry->file_size(ignored);
      if (!ignored) bytes += size;
    }
  }
  return bytes;
}

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::Take(const std::string& directory) {
  RETURN_IF_ERROR(MakeDirectories(directory));
  const std::string path = absl::StrCat(directory, "/LOCK");
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot open ", path, ": ", std::strerror(errno), "; check the directory's permissions"));
  }
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t size = pread(file, holder, sizeof(holder) - 1, 0);
    close(file);
    return absl::UnavailableError(
        absl::StrCat("DIRECTORY_IN_USE: ", directory, " is used by process ",
                     size > 0 ? absl::StripSuffix(holder, "\n") : "unknown",
                     "; ask that one with --server, stop it, or name another directory"));
  }
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(file, 0) != 0 || pwrite(file, pid.data(), pid.size(), 0) < 0) {
    close(file);
    return absl::InternalError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }
  return std::unique_ptr<DirectoryLock>(new DirectoryLock(file));
}

DirectoryLock::~DirectoryLock() { close(file_); }

}  // namespace rapport
