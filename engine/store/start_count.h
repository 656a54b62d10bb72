// StartCount counts, in a mark on disk, the starts in a row that ended while a state was opened.
//
//   StartCount count;
//   RETURN_IF_ERROR(count.Count(mark));  // this start: the mark says one more
//   ...
//   count.Clear(mark);                   // it came to its end: there is no mark any more
//
// A start that is ended on purpose says nothing of the state: whoever ends it says so with Forgive,
// before or after it was counted, and what this process counted is taken back. What earlier starts
// left stays.
//
// Threads: any. Forgive writes to the disk, as the others do: it takes as long as the disk does.
// Errors:  INTERNAL when the mark cannot be written.
#pragma once

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace rapport::store {

class StartCount {
 public:
  // Starts that `mark` counts; 0 when there is none.
  static int In(const std::string& mark);

  // Counts this start in `mark`, unless it is forgiven.
  absl::Status Count(const std::string& mark);

  // Deletes `mark`.
  void Clear(const std::string& mark);

  // This start is ended on purpose: it is not counted.
  void Forgive();

 private:
  absl::Mutex mutex_;
  bool forgiven_ ABSL_GUARDED_BY(mutex_) = false;
  // Where this start is counted, and what was there before; empty when it is not.
  std::string counted_in_ ABSL_GUARDED_BY(mutex_);
  int before_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rapport::store
