// Interruption: lets a long command end in order when it is interrupted.
//
//   Interruption interruption;
//   while (...) RETURN_IF_ERROR(interruption.Check());
//
// While it lives, the first SIGINT or SIGTERM is noted; the next one ends the process as usual.
//
// Threads: one object at a time; Check from any thread. Errors: CANCELLED once a signal has come.
#pragma once

#include <csignal>

#include "absl/status/status.h"

namespace rapport::operations {

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  absl::Status Check() const;

 private:
  struct sigaction int_before_;
  struct sigaction term_before_;
};

}  // namespace rapport::operations
