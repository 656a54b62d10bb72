// GenerationPointer says, in a small file that is always replaced whole, which generation of a
// state serves.
//
//   GenerationPointer pointer(&SystemFiles(), data + "/state/<name>.current");
//   ASSIGN_OR_RETURN(const int64_t serves, pointer.Read());   // 0 when there is no file
//   RETURN_IF_ERROR(pointer.Set(serves + 1));
//
// A power cut leaves the old number or the new.
//
// Threads: one thread at a time. Ownership: borrows the files.
// Errors:  Read: DATA_LOSS when the file says nothing that can be read. Set: INTERNAL; which of the
//          two numbers the next start reads is not known then, so the process must end.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/files.h"

namespace rapport::store {

class GenerationPointer {
 public:
  GenerationPointer(Files* files, std::string path) : files_(files), path_(std::move(path)) {}

  absl::StatusOr<int64_t> Read() const;
  absl::Status Set(int64_t generation);

  const std::string& path() const { return path_; }

 private:
  Files* const files_;
  const std::string path_;
};

}  // namespace rapport::store
