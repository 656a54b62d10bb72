// Marks: small files beside a state that tell the next start something. They are not synced: a
// power cut may take one.
//
//   RETURN_IF_ERROR(WriteMark(path, "2"));
//   const std::string text = ReadMark(path);   // empty when there is none
//
// Threads: as safe as the file system.
// Errors:  INTERNAL when a mark cannot be written.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace rapport::store {

std::string ReadMark(const std::string& path);
absl::Status WriteMark(const std::string& path, const std::string& text);
// Also when there is none.
void DeleteMark(const std::string& path);

}  // namespace rapport::store
