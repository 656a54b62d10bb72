#include "engine/base/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace rapport {
namespace {

constexpr size_t kBytesMax = size_t{1} << 20;

absl::Status CheckOwner(absl::string_view what, const std::string& path, const struct stat& file) {
  if ((file.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("FILE_EXPOSED: others than its owner may use the file of ", what, " ", path,
                     "; chmod 600 it"));
  }
  if (file.st_uid == geteuid() || file.st_uid == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("FILE_EXPOSED: the file of ", what, " ", path,
                                                    " belongs to another user; chown it"));
}

absl::StatusOr<std::string> ReadFile(absl::string_view what, const std::string& path,
                                     bool is_secret) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    return absl::NotFoundError(absl::StrCat("FILE_MISSING: cannot read the file of ", what, " ",
                                            path, ": ", std::strerror(errno)));
  }
  const absl::Cleanup closing = [file] { close(file); };
  struct stat about = {};
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
    return absl::NotFoundError(absl::StrCat("FILE_MISSING: ", path, " is no file of ", what));
  }
  if (is_secret) {
    const absl::Status owner = CheckOwner(what, path, about);
    if (!owner.ok()) return owner;
  }
  std::string bytes(kBytesMax + 1, '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(file, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return absl::UnavailableError(absl::StrCat("FILE_UNREADABLE: cannot read the file of ", what,
                                                 " ", path, ": ", std::strerror(errno),
                                                 "; see to its disk"));
    }
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  bytes.resize(size);
  if (size <= kBytesMax) return bytes;
  return absl::InvalidArgumentError(
      absl::StrCat("TOO_LARGE: the file of ", what, " ", path, " has more than 1 MiB"));
}

}  // namespace

absl::StatusOr<std::string> ReadSecretFile(absl::string_view what, const std::string& path) {
  return ReadFile(what, path, /*is_secret=*/true);
}

absl::StatusOr<std::string> ReadOpenFile(absl::string_view what, const std::string& path) {
  return ReadFile(what, path, /*is_secret=*/false);
}

}  // namespace rapport
