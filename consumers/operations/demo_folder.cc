#include "consumers/operations/demo_folder.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/disk.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {

absl::StatusOr<std::unique_ptr<DemoFolder>> DemoFolder::Make(const std::string& keep) {
  std::error_code error;
  if (!keep.empty()) {
    RETURN_IF_ERROR(MakeDirectories(keep));
    if (std::filesystem::is_empty(keep, error) && !error) {
      return std::unique_ptr<DemoFolder>(new DemoFolder(keep, false));
    }
    return absl::FailedPreconditionError(
        absl::StrCat("DIRECTORY_NOT_EMPTY: --keep ", keep,
                     " holds something already; name a new directory, or look at what is there "
                     "with rapport serve --data ",
                     keep));
  }
  const char* parent = std::getenv("TMPDIR");
  std::string path =
      absl::StrCat(parent == nullptr || *parent == '\0' ? "/tmp" : parent, "/rapport-demo-XXXXXX");
  if (mkdtemp(path.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot make a folder ", path, ": ",
                                               std::strerror(errno),
                                               "; set TMPDIR to a folder that can be written to"));
  }
  return std::unique_ptr<DemoFolder>(new DemoFolder(std::move(path), true));
}

void DemoFolder::Remove() const {
  if (!temporary_) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace rapport::operations
