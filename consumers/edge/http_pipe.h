// HttpPipe: bytes of a stream between the thread that makes them and the one that sends them.
//
// What waits is bounded: whoever makes more is held up until the other side has taken some.
//
// Threads: Open, Put and End by the thread that makes; Take, Stop and Fail by any.
#pragma once

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace rapport::edge {

class HttpPipe {
 public:
  // `head` goes first, as it is. With `chunked` all that follows is framed as HTTP/1.1 has it.
  void Open(std::string head, bool chunked);
  // Waits while 64 KiB wait already; false once it was stopped or failed.
  bool Put(absl::string_view bytes);
  // False: nothing was taken yet, nothing is put in any more, and what waited is gone: something
  // else can be answered. True: `last` ends it.
  bool End(absl::string_view last, bool may_replace);

  // All that waits.
  std::string Take();
  // All was put in and taken.
  bool is_done() const;
  // Nothing is put in any more but its end.
  void Stop();
  // Nobody takes any more.
  void Fail();

 private:
  void Append(absl::string_view bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::string waiting_ ABSL_GUARDED_BY(mutex_);
  bool is_chunked_ ABSL_GUARDED_BY(mutex_) = false;
  bool was_taken_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_failed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace rapport::edge
