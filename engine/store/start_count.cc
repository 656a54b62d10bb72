#include "engine/store/start_count.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::store {
namespace {

absl::Status Write(const std::string& mark, int starts) {
  std::ofstream file(mark, std::ios::trunc);
  file << starts;
  file.close();
  if (file) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("cannot write ", mark, "; look at the disk"));
}

void Delete(const std::string& mark) {
  std::error_code ignored;
  std::filesystem::remove(mark, ignored);
}

}  // namespace

int StartCount::In(const std::string& mark) {
  std::ifstream file(mark);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  int starts = 0;
  return absl::SimpleAtoi(text, &starts) ? starts : 0;
}

absl::Status StartCount::Count(const std::string& mark) {
  const int starts = In(mark);
  absl::MutexLock lock(&mutex_);
  if (forgiven_) return absl::OkStatus();
  RETURN_IF_ERROR(Write(mark, starts + 1));
  counted_in_ = mark;
  before_ = starts;
  return absl::OkStatus();
}

void StartCount::Clear(const std::string& mark) {
  absl::MutexLock lock(&mutex_);
  Delete(mark);
  counted_in_.clear();
}

void StartCount::Forgive() {
  absl::MutexLock lock(&mutex_);
  forgiven_ = true;
  if (counted_in_.empty()) return;
  if (before_ == 0) {
    Delete(counted_in_);
  } else {
    // Where it cannot be written, one start too many is counted.
    Write(counted_in_, before_).IgnoreError();
  }
  counted_in_.clear();
}

}  // namespace rapport::store
