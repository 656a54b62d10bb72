#include "consumers/operations/demo_signals.h"

#include <ctime>

namespace rapport::operations {

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
  return absl::CancelledError("the demo was interrupted; start it again with rapport demo");
}

void DemoSignals::Await() {
  int signal = 0;
  sigwait(&stopping_, &signal);
}

}  // namespace rapport::operations
