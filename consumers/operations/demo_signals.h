// DemoSignals: Ctrl-C, a closed terminal and a polite kill are waited for, not died of, so that the
// demo can tidy up; writing into a closed pipe is an error of the stream.
//
//   DemoSignals signals;             // before any other thread begins
//   RETURN_IF_ERROR(signals.Check());
//   signals.Await();
//
// Threads: one; threads begun later inherit what is blocked. The destructor restores all of it.
#pragma once

#include <signal.h>

#include <functional>

#include "absl/status/status.h"

namespace rapport::operations {

class DemoSignals {
 public:
  DemoSignals();
  ~DemoSignals();
  DemoSignals(const DemoSignals&) = delete;
  DemoSignals& operator=(const DemoSignals&) = delete;

  // CANCELLED when a signal has come.
  absl::Status Check();
  // Does `work`, which cannot be broken off; should a signal come meanwhile, does `tidy_up` and
  // ends the process at once.
  void EndAtOnceWithin(const std::function<void()>& work, const std::function<void()>& tidy_up);
  // Waits for one.
  void Await();

 private:
  sigset_t stopping_;
  sigset_t before_;
  struct sigaction pipe_before_;
};

}  // namespace rapport::operations
