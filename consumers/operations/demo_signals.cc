#include "consumers/operations/demo_signals.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "consumers/operations/exit_code.h"

namespace rapport::operations {
namespace {

absl::Status Interrupted() {
  return absl::CancelledError("the demo was interrupted; start it again with rapport demo");
}

}  // namespace

DemoSignals::DemoSignals() {
  sigemptyset(&stopping_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stopping_, signal);
  pthread_sigmask(SIG_BLOCK, &stopping_, &before_);
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &pipe_before_);
}

DemoSignals::~DemoSignals() {
  sigaction(SIGPIPE, &pipe_before_, nullptr);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

absl::Status DemoSignals::Check() {
  const timespec at_once = {};
  if (sigtimedwait(&stopping_, nullptr, &at_once) < 0) return absl::OkStatus();
  return Interrupted();
}

void DemoSignals::EndAtOnceWithin(const std::function<void()>& work,
                                  const std::function<void()>& tidy_up) {
  std::atomic<bool> done{false};
  std::thread watch([&] {
    const timespec glance = {.tv_sec = 0, .tv_nsec = 20'000'000};
    while (!done) {
      if (sigtimedwait(&stopping_, nullptr, &glance) < 0) continue;
      tidy_up();
      std::fflush(stdout);
      std::_Exit(Tell(Interrupted()));
    }
  });
  work();
  done = true;
  watch.join();
}

void DemoSignals::Await() {
  int signal = 0;
  sigwait(&stopping_, &signal);
}

}  // namespace rapport::operations
