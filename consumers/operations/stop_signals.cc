#include "consumers/operations/stop_signals.h"

#include <cstdlib>
#include <thread>

#include "absl/time/clock.h"
#include "consumers/operations/exit_code.h"
#include "consumers/operations/output.h"

namespace rapport::operations {
namespace {

// So long a start may go on after it was told to end.
constexpr absl::Duration kPatience = absl::Seconds(3);
constexpr absl::Duration kGlance = absl::Milliseconds(20);

// The signal that comes within `most`; nothing positive when none does.
int Wait(const sigset_t& signals, absl::Duration most) {
  const timespec timeout = absl::ToTimespec(most);
  return sigtimedwait(&signals, nullptr, &timeout);
}

}  // namespace

StopSignals::StopSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void StopSignals::Watch(const std::function<void()>& work, const std::function<void()>& give_up) {
  std::atomic<bool> done{false};
  std::thread watch([&] { WatchOver(done, give_up); });
  work();
  done = true;
  watch.join();
}

void StopSignals::WatchOver(const std::atomic<bool>& done, const std::function<void()>& give_up) {
  absl::Time end = absl::InfiniteFuture();
  while (!done) {
    const int signal = Wait(signals_, kGlance);
    if (signal > 0 && came_) {
      // The second one does what signals do.
      LetGo();
      raise(signal);
    }
    if (signal > 0 && !came_) {
      came_ = true;
      end = absl::Now() + kPatience;
      Talk("stopping before it has started");
      give_up();
    }
    if (absl::Now() < end || done) continue;
    std::_Exit(kDone);
  }
}

bool StopSignals::AwaitFor(absl::Duration most) const { return Wait(signals_, most) > 0; }

void StopSignals::LetGo() const { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

}  // namespace rapport::operations
