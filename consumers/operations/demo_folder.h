// DemoFolder: where the demo keeps its store: a temporary folder that goes away, or one to keep.
//
//   ASSIGN_OR_RETURN(auto folder, DemoFolder::Make(options.keep));
//   engine_options.data_directory = folder->path();
//
// A temporary one lies below TMPDIR, or /tmp. To be destroyed after the engine that uses it.
//
// Threads: Make and destruction on one thread; Remove from any thread.
// Errors:  FAILED_PRECONDITION when the folder to keep holds something already, UNAVAILABLE when
//          none can be made.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace rapport::operations {

class DemoFolder {
 public:
  // `keep` empty = a temporary one.
  static absl::StatusOr<std::unique_ptr<DemoFolder>> Make(const std::string& keep);
  ~DemoFolder() { Remove(); }
  DemoFolder(const DemoFolder&) = delete;
  DemoFolder& operator=(const DemoFolder&) = delete;

  const std::string& path() const { return path_; }
  bool temporary() const { return temporary_; }

  // Deletes a temporary folder now: for an end of the process without destructors.
  void Remove() const;

 private:
  DemoFolder(std::string path, bool temporary) : path_(std::move(path)), temporary_(temporary) {}

  const std::string path_;
  const bool temporary_;
};

}  // namespace rapport::operations
