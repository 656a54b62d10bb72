#include "consumers/operations/catch_up.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace rapport::operations {
namespace {

enum class Course { kEnded, kWaits, kWorks };

std::vector<absl::StatusOr<Offset>> LogEnds(const Followed& followed) {
  std::vector<absl::StatusOr<Offset>> ends;
  absl::Status silence;
  for (Partition partition = 0; partition < followed.partitions; ++partition) {
    if (!silence.ok()) {
      ends.emplace_back(silence);
      continue;
    }
    const absl::StatusOr<log::OffsetRange> range = followed.range(partition);
    if (absl::IsUnavailable(range.status())) silence = range.status();
    if (range.ok()) {
      ends.emplace_back(range->end);
    } else {
      ends.emplace_back(range.status());
    }
  }
  return ends;
}

// How a partition comes along that is to come to `end`, and in `why` what keeps it from there.
Course Look(const pipeline::PartitionProgress& progress, const absl::StatusOr<Offset>& end,
            absl::Status& why) {
  why = progress.stopped.ok() ? end.status() : progress.stopped;
  if (!why.ok()) return Course::kEnded;
  // A state that is ahead of an older archive has applied all and may yet have to learn of an
  // erasure.
  if (progress.is_compared && progress.is_current && progress.applied >= *end) {
    return Course::kEnded;
  }
  why = progress.waiting;
  return why.ok() ? Course::kWorks : Course::kWaits;
}

}  // namespace

std::vector<absl::Status> CatchUp(const Followed& followed, absl::Duration patience) {
  constexpr absl::Duration kGlance = absl::Milliseconds(5);
  const std::vector<absl::StatusOr<Offset>> ends = LogEnds(followed);
  std::vector<absl::Status> why(ends.size());
  absl::Time waits_since = absl::InfiniteFuture();
  while (true) {
    bool works = false;
    bool waits = false;
    for (size_t at = 0; at < ends.size(); ++at) {
      const auto partition = static_cast<Partition>(at);
      const Course course = Look(followed.progress(partition), ends[at], why[at]);
      works = works || course == Course::kWorks;
      waits = waits || course == Course::kWaits;
    }
    if (!works && !waits) return why;
    const absl::Time now = absl::Now();
    waits_since = works ? absl::InfiniteFuture() : std::min(waits_since, now);
    if (now - waits_since > patience) return why;
    absl::SleepFor(kGlance);
  }
}

}  // namespace rapport::operations
