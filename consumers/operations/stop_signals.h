// StopSignals: SIGINT and SIGTERM end a server in order, also one that is still being opened.
//
//   StopSignals signals;                          // before any other thread begins
//   signals.Watch([&] { server = Open(count); }, [count] { count->Forgive(); });
//   if (signals.came()) return absl::OkStatus();  // whatever became of the start
//   while (!signals.AwaitFor(absl::Hours(1))) LookAfterThings();
//   signals.LetGo();
//   server->Shutdown();
//
// A start cannot be broken off everywhere: it waits for disks and brokers. So it gets a short time
// to come to its end after the first signal, and is then ended as a crash would end it, which loses
// nothing. A second signal ends the process at once, as it ends any other; where it would not, for
// the first process of a container, the exit code is 128 and the signal's number.
//
// Threads: one; it watches in others. Threads begun later inherit that the signals are blocked.
#pragma once

#include <signal.h>

#include <atomic>
#include <functional>

#include "absl/time/time.h"

namespace rapport::operations {

class StopSignals {
 public:
  StopSignals();

  // Does `work`. After the first signal does `give_up`, beside it; when `work` then goes on for too
  // long, ends the process with the exit code of an end in order. Does not wait for a `give_up`
  // that hangs: a copy of it may outlive this call, and so must what it refers to.
  void Watch(const std::function<void()>& work, const std::function<void()>& give_up);
  // True when a signal came while it was watched.
  bool came() const { return came_; }
  // Waits for a signal, at most so long; true when one came.
  bool AwaitFor(absl::Duration most) const;
  // From here on a signal ends the process at once.
  void LetGo() const;

 private:
  void WatchOver(const std::atomic<bool>& done, const std::function<void()>& give_up);

  sigset_t signals_;
  std::atomic<bool> came_{false};
};

}  // namespace rapport::operations
