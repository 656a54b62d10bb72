#include "consumers/operations/demo_progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "consumers/operations/output.h"

namespace rapport::operations {
namespace {

constexpr int kBarWidth = 12;
constexpr absl::Duration kShowEvery = absl::Milliseconds(100);

}  // namespace

DemoProgress::DemoProgress(absl::string_view phase, std::string what)
    : DemoProgress(phase, std::move(what), absl::Now()) {}

DemoProgress::DemoProgress(absl::string_view phase, std::string what, absl::Time begun)
    : phase_(phase), what_(std::move(what)), terminal_(isatty(STDOUT_FILENO) != 0), begun_(begun) {}

absl::Duration DemoProgress::elapsed() const { return absl::Now() - begun_; }

void DemoProgress::Show(int64_t done, int64_t total) {
  if (!terminal_ || absl::Now() - shown_ < kShowEvery) return;
  shown_ = absl::Now();
  std::printf("\r");
  Print(done, total, "");
  std::fflush(stdout);
}

void DemoProgress::Done(absl::string_view note) {
  if (terminal_) std::printf("\r\x1b[K");
  Print(1, 1, note);
  std::printf("\n");
  std::fflush(stdout);
}

void DemoProgress::Done(std::string what, absl::string_view note) {
  what_ = std::move(what);
  Done(note);
}

void DemoProgress::Print(int64_t done, int64_t total, absl::string_view note) const {
  std::string bar;
  if (terminal_) {
    const auto full = static_cast<size_t>(
        total <= 0 ? 0 : std::clamp<int64_t>(kBarWidth * done / total, 0, kBarWidth));
    bar = std::string(full, '#') + std::string(kBarWidth - full, '-') + "  ";
  }
  std::printf("%s%s%s%s s  %s", Pad(phase_, 10).c_str(), Pad(what_, 46).c_str(), bar.c_str(),
              Pad(absl::StrFormat("%.1f", absl::ToDoubleSeconds(elapsed())), -5).c_str(),
              std::string(note).c_str());
}

std::string RateText(int64_t count, absl::Duration elapsed) {
  const double seconds = std::max(absl::ToDoubleSeconds(elapsed), 0.001);
  const double rate = static_cast<double>(count) / seconds;
  if (rate >= 1e6) return absl::StrFormat("%.1f M/s", rate / 1e6);
  return rate >= 1e4 ? absl::StrFormat("%.0f k/s", rate / 1e3) : absl::StrFormat("%.0f/s", rate);
}

}  // namespace rapport::operations
