// DemoProgress: one line for each phase of the demo; on a terminal with a bar that moves.
//
//   DemoProgress progress("publish", "100,000 events, synced");
//   progress.Show(done, total);
//   progress.Done("47 k/s");
//
//   publish   100,000 events, synced        ############   2.1 s  47 k/s
//
// In a pipe nothing is printed until Done.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rapport::operations {

class DemoProgress {
 public:
  DemoProgress(absl::string_view phase, std::string what);
  // Counts the seconds from `begun` instead of from now.
  DemoProgress(absl::string_view phase, std::string what, absl::Time begun);

  // At most ten times a second.
  void Show(int64_t done, int64_t total);
  void Done(absl::string_view note);
  // The same with the final words for what was done.
  void Done(std::string what, absl::string_view note);

  absl::Duration elapsed() const;

 private:
  void Print(int64_t done, int64_t total, absl::string_view note) const;

  const std::string phase_;
  std::string what_;
  const bool terminal_;
  const absl::Time begun_;
  absl::Time shown_ = absl::InfinitePast();
};

// `47 k/s`, `1.2 M/s`.
std::string RateText(int64_t count, absl::Duration elapsed);

}  // namespace rapport::operations
