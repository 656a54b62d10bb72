#include "consumers/operations/stop_signals.h"

#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "consumers/operations/exit_code.h"
#include "consumers/operations/output.h"

namespace rapport::operations {
namespace {

// So long a start may go on after it was told to end.
constexpr absl::Duration kPatience = absl::Seconds(3);
constexpr absl::Duration kGlance = absl::Milliseconds(20);
// So long the watch looks away for what is done at the first signal; a disk needs less.
constexpr std::chrono::milliseconds kAside{100};

// The signal that comes within `most`; nothing positive when none does.
int Wait(const sigset_t& signals, absl::Duration most) {
  const timespec timeout = absl::ToTimespec(most);
  return sigtimedwait(&signals, nullptr, &timeout);
}

// Ends the process as `signal` does, which has its default action again. Process 1 of a container
// is not ended by that.
void End(int signal) {
  raise(signal);
  std::_Exit(128 + signal);
}

// Does `work` in a thread of its own and waits a little for it. It may hang, as a disk does: nobody
// waits for it then.
void DoAside(std::function<void()> work) {
  std::packaged_task<void()> task(std::move(work));
  const std::future<void> done = task.get_future();
  std::thread(std::move(task)).detach();
  done.wait_for(kAside);
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
      LetGo();
      raise(signal);
    }
    if (signal > 0) {
      came_ = true;
      end = absl::Now() + kPatience;
      DoAside([give_up] {
        Talk("stopping before it has started");
        give_up();
      });
    }
    if (absl::Now() < end || done) continue;
    std::_Exit(kDone);
  }
}

bool StopSignals::AwaitFor(absl::Duration most) const { return Wait(signals_, most) > 0; }

void StopSignals::LetGo() const {
  struct sigaction end = {};
  end.sa_handler = End;
  end.sa_flags = SA_RESETHAND | SA_NODEFER;
  sigaction(SIGINT, &end, nullptr);
  sigaction(SIGTERM, &end, nullptr);
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

}  // namespace rapport::operations
