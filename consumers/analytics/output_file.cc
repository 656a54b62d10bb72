#include "consumers/analytics/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace rapport::analytics {
namespace {

namespace fs = std::filesystem;

constexpr size_t kAtOnce = size_t{1} << 20;

absl::Status NotWritten(const std::string& path, const std::string& why) {
  return absl::FailedPreconditionError(
      absl::StrCat("FILE_NOT_WRITTEN: ", path, ": ", why, "; choose another folder"));
}

absl::Status Exists(const std::string& path) {
  return absl::AlreadyExistsError(absl::StrCat(
      "FILE_EXISTS: ", path, " is there already; give --force to replace it, or another folder"));
}

// Whether the file that is locked still has this name: whoever had it before may have given it its
// final name, or taken it away.
bool IsNamed(int descriptor, const std::string& path) {
  struct stat held {
  }, named{};
  return fstat(descriptor, &held) == 0 && lstat(path.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

absl::Status Runs(const std::string& path) {
  return absl::AbortedError(
      absl::StrCat("EXPORT_RUNS: another export writes ", path, "; wait until it has ended"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path,
                                                               bool replace) {
  const fs::path name(path);
  std::error_code error;
  if (!replace && fs::exists(fs::symlink_status(name, error))) return Exists(path);
  const fs::path folder(DirectoryOf(path));
  fs::create_directories(folder, error);
  if (error) return NotWritten(path, error.message());
  const std::string hidden = (folder / ("." + name.filename().string() + ".part")).string();
  const int descriptor = open(hidden.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0) return NotWritten(path, strerror(errno));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0 || !IsNamed(descriptor, hidden)) {
    close(descriptor);
    return Runs(path);
  }
  std::unique_ptr<OutputFile> file(new OutputFile(path, hidden, replace, descriptor));
  if (ftruncate(descriptor, 0) != 0) return file->Failed("begin");
  return file;
}

OutputFile::OutputFile(std::string path, std::string hidden, bool replace, int descriptor)
    : path_(std::move(path)),
      hidden_(std::move(hidden)),
      replace_(replace),
      descriptor_(descriptor) {}

OutputFile::~OutputFile() {
  if (!committed_) unlink(hidden_.c_str());
  close(descriptor_);
}

absl::Status OutputFile::Failed(const char* what) const {
  const int cause = errno;
  const std::string why = absl::StrCat("cannot ", what, " it: ", strerror(cause));
  if (cause == ENOSPC || cause == EDQUOT || cause == EFBIG) {
    return absl::ResourceExhaustedError(
        absl::StrCat("DISK_FULL: ", path_, ": ", why,
                     "; nothing was left there: make room, or choose another folder"));
  }
  return NotWritten(path_, why);
}

absl::Status OutputFile::Append(absl::string_view bytes) {
  bytes_ += static_cast<int64_t>(bytes.size());
  waiting_.append(bytes.data(), bytes.size());
  return waiting_.size() < kAtOnce ? absl::OkStatus() : Flush();
}

absl::Status OutputFile::Flush() {
  absl::string_view rest = waiting_;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write");
    rest.remove_prefix(static_cast<size_t>(written));
  }
  waiting_.clear();
  return absl::OkStatus();
}

absl::Status OutputFile::Sync() {
  RETURN_IF_ERROR(Flush());
  return fsync(descriptor_) == 0 ? absl::OkStatus() : Failed("sync");
}

absl::Status OutputFile::Commit() {
  RETURN_IF_ERROR(Sync());
  // Somebody may have written it meanwhile.
  const unsigned int flags = replace_ ? 0 : RENAME_NOREPLACE;
  if (renameat2(AT_FDCWD, hidden_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
    return errno == EEXIST ? Exists(path_) : Failed("name");
  }
  committed_ = true;
  return SystemFiles().SyncDirectory(DirectoryOf(path_));
}

}  // namespace rapport::analytics
