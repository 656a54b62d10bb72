#include "engine/store/start_count.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/store/mark.h"

namespace rapport::store {

int StartCount::In(const std::string& mark) {
  int starts = 0;
  return absl::SimpleAtoi(ReadMark(mark), &starts) ? starts : 0;
}

absl::Status StartCount::Count(const std::string& mark) {
  const int starts = In(mark);
  absl::MutexLock lock(&mutex_);
  if (forgiven_) return absl::OkStatus();
  RETURN_IF_ERROR(WriteMark(mark, absl::StrCat(starts + 1)));
  counted_in_ = mark;
  before_ = starts;
  return absl::OkStatus();
}

void StartCount::Clear(const std::string& mark) {
  absl::MutexLock lock(&mutex_);
  DeleteMark(mark);
  counted_in_.clear();
}

void StartCount::Forgive() {
  absl::MutexLock lock(&mutex_);
  forgiven_ = true;
  if (counted_in_.empty()) return;
  if (before_ == 0) {
    DeleteMark(counted_in_);
  } else {
    // Where it cannot be written, one start too many is counted.
    WriteMark(counted_in_, absl::StrCat(before_)).IgnoreError();
  }
  counted_in_.clear();
}

}  // namespace rapport::store
