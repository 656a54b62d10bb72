#include "engine/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport {
namespace {

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::InternalError(absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(errno)));
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags)
      : file_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~Descriptor() {
    if (file_ >= 0) close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return file_; }
  bool ok() const { return file_ >= 0; }

 private:
  const int file_;
};

class RealFiles : public Files {
 public:
  absl::Status MakeDirectory(const std::string& path) override {
    std::error_code error;
    const bool made = std::filesystem::create_directories(path, error);
    if (!error && made && chmod(path.c_str(), 0700) != 0) return Failed("protect", path);
    if (!error) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat("cannot make the directory ", path, ": ", error.message()));
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& directory) override {
    std::vector<std::string> names;
    std::error_code error;
    auto entry = std::filesystem::directory_iterator(directory, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      if (entry->is_regular_file()) names.push_back(entry->path().filename().string());
    }
    if (error) {
      return absl::InternalError(absl::StrCat("cannot list ", directory, ": ", error.message()));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::StatusOr<std::string> Read(const std::string& path) override {
    const Descriptor file(path, O_RDONLY);
    if (!file.ok() && errno == ENOENT) {
      return absl::NotFoundError(absl::StrCat(path, " is not there"));
    }
    if (!file.ok()) return Failed("open", path);
    std::string bytes;
    char buffer[16 * 1024];
    while (true) {
      const ssize_t size = read(file.get(), buffer, sizeof(buffer));
      if (size < 0) return Failed("read", path);
      if (size == 0) return bytes;
      bytes.append(buffer, static_cast<size_t>(size));
    }
  }

  absl::Status Write(const std::string& path, absl::string_view bytes) override {
    return Put(path, O_WRONLY | O_CREAT | O_TRUNC, bytes);
  }

  absl::Status Append(const std::string& path, absl::string_view bytes) override {
    return Put(path, O_WRONLY | O_CREAT | O_APPEND, bytes);
  }

  absl::Status Sync(const std::string& path) override {
    const Descriptor file(path, O_RDONLY);
    if (!file.ok() || fsync(file.get()) != 0) return Failed("sync", path);
    return absl::OkStatus();
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
    const bool is_refusal = errno == EBUSY || errno == EACCES || errno == EPERM || errno == EROFS;
    absl::Status failed = Failed(absl::StrCat("put ", from, " in the place of"), to);
    if (is_refusal) return absl::FailedPreconditionError(failed.message());
    return failed;
  }

  absl::Status CheckReplaceable(const std::string& path) override {
    const std::string directory = DirectoryOf(path);
    struct statx found = {};
    if (statx(AT_FDCWD, path.c_str(), 0, STATX_TYPE, &found) == 0 &&
        (found.stx_attributes & found.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, " is mounted as a file of its own, so that none can take its place"));
    }
    if (access(directory.c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
    return absl::FailedPreconditionError(Failed("write into", directory).message());
  }

  absl::Status Remove(const std::string& path) override {
    if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
    absl::Status failed = Failed("remove", path);
    // A file system that cannot be written says so before it looks.
    if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) return absl::OkStatus();
    return failed;
  }

  absl::Status SyncDirectory(const std::string& path) override {
    const Descriptor directory(path, O_RDONLY | O_DIRECTORY);
    if (!directory.ok() || fsync(directory.get()) != 0) return Failed("sync", path);
    return absl::OkStatus();
  }

 private:
  static absl::Status Put(const std::string& path, int flags, absl::string_view bytes) {
    const Descriptor file(path, flags);
    if (!file.ok()) return Failed("open", path);
    while (!bytes.empty()) {
      const ssize_t size = write(file.get(), bytes.data(), bytes.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return Failed("write", path);
      bytes.remove_prefix(static_cast<size_t>(size));
    }
    return absl::OkStatus();
  }
};

}  // namespace

Files& SystemFiles() {
  static RealFiles* const files = new RealFiles;
  return *files;
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string NewNameOf(const std::string& path) { return path + ".new"; }

absl::Status ReplaceFile(Files& files, const std::string& path, absl::string_view bytes) {
  const std::string made = NewNameOf(path);
  RETURN_IF_ERROR(files.Write(made, bytes));
  RETURN_IF_ERROR(files.Sync(made));
  RETURN_IF_ERROR(files.Rename(made, path));
  return files.SyncDirectory(DirectoryOf(path));
}

}  // namespace rapport
