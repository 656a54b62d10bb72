#include "projections/facts/ring.h"

#include <algorithm>

#include "engine/base/fixed_point.h"

namespace rapport::facts {
namespace {

constexpr uint64_t kBucketMax = INT64_MAX;

struct Place {
  int32_t epoch;
  uint64_t pow;
};

Place PlaceOf(int64_t day, int32_t half_life) {
  const int64_t epoch = day / half_life;
  const int64_t within = day % half_life;
  return {static_cast<int32_t>(epoch), Pow2(static_cast<uint32_t>(within * 1024 / half_life))};
}

uint64_t Saturate(uint128 sum) {
  return sum > kBucketMax ? kBucketMax : static_cast<uint64_t>(sum);
}

// Makes `epoch` the newest and drops what fell too far behind.
void Raise(Ring& ring, int32_t epoch) {
  if (epoch <= ring.top) return;
  ring.top = epoch;
  while (!ring.buckets.empty() && ring.buckets[0].epoch <= epoch - kRingEpochs) {
    ring.buckets.Erase(ring.buckets.begin());
  }
}

void AddBucket(Ring& ring, int32_t epoch, uint128 sum) {
  if (sum == 0 || epoch <= ring.top - kRingEpochs) return;
  // Events mostly come in order, so the place is near the end.
  RingBucket* at = ring.buckets.end();
  while (at != ring.buckets.begin() && at[-1].epoch > epoch) --at;
  if (at != ring.buckets.begin() && at[-1].epoch == epoch) {
    at[-1].sum = Saturate(sum + at[-1].sum);
  } else {
    ring.buckets.Insert(at, {epoch, Saturate(sum)});
  }
}

}  // namespace

void RingAdd(Ring& ring, int32_t half_life, int64_t day, int64_t weight) {
  const Place place = PlaceOf(day, half_life);
  Raise(ring, place.epoch);
  AddBucket(ring, place.epoch, uint128{static_cast<uint64_t>(weight)} * place.pow);
}

int64_t RingRead(const Ring& ring, int32_t half_life, int64_t day, int64_t m) {
  const Place place = PlaceOf(day, half_life);
  uint128 sum = 0;
  for (const RingBucket& bucket : ring.buckets) {
    if (bucket.epoch > place.epoch) break;
    sum += bucket.sum >> std::min(63, place.epoch - bucket.epoch);
  }
  return static_cast<int64_t>(sum * static_cast<uint64_t>(m) / place.pow);
}

int64_t ReadDays(absl::Span<const int32_t> days, int32_t half_life, int64_t day, int64_t m) {
  if (days.empty()) return 0;
  const Place place = PlaceOf(day, half_life);
  const int32_t top = days.back() / half_life;
  uint128 sum = 0;
  // A bucket is halved as a whole, so days of one epoch are added up first.
  for (size_t i = days.size(); i > 0;) {
    const int32_t epoch = days[i - 1] / half_life;
    if (epoch <= top - kRingEpochs) break;
    uint64_t bucket = 0;
    for (; i > 0 && days[i - 1] / half_life == epoch; --i) {
      bucket += PlaceOf(days[i - 1], half_life).pow;
    }
    if (epoch <= place.epoch) sum += bucket >> std::min(63, place.epoch - epoch);
  }
  return static_cast<int64_t>(sum * static_cast<uint64_t>(m) / place.pow);
}

void RingMerge(Ring& into, const Ring& from) {
  Raise(into, from.top);
  for (const RingBucket& bucket : from.buckets) AddBucket(into, bucket.epoch, bucket.sum);
}

}  // namespace rapport::facts
