// ScratchFolder is an empty folder of a test's own, gone when the test is.
//
//   kit::ScratchFolder folder;
//   auto table = OpenRocksTable(folder.path(), options);
//
// Threads: belongs to one thread. Several tests and programs may have one at the same time.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "engine/base/check.h"

namespace rapport::kit {

class ScratchFolder {
 public:
  ScratchFolder() {
    path_ = (std::filesystem::temp_directory_path() / "rapport-test-XXXXXX").string();
    RAPPORT_CHECK(mkdtemp(path_.data()) != nullptr) << "cannot make " << path_;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace rapport::kit
