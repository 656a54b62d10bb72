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

// The buckets of one ring among all.
struct Part {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool empty() const { return begin == end; }
};

Part PartOf(const CompactVector<RingBucket>& buckets, RingName name) {
  Part part;
  while (part.begin < buckets.size() && buckets[part.begin].ring < name) ++part.begin;
  part.end = part.begin;
  while (part.end < buckets.size() && buckets[part.end].ring == name) ++part.end;
  return part;
}

// Makes `epoch` the newest: what fell too far behind is dropped, and an old top of nothing.
void Raise(CompactVector<RingBucket>& buckets, RingName name, int32_t epoch) {
  Part part = PartOf(buckets, name);
  if (!part.empty() && buckets[part.end - 1].epoch >= epoch) return;
  if (!part.empty() && buckets[part.end - 1].sum == 0) {
    buckets.Erase(&buckets[part.end - 1]);
    --part.end;
  }
  while (!part.empty() && buckets[part.begin].epoch <= epoch - kRingEpochs) {
    buckets.Erase(&buckets[part.begin]);
    --part.end;
  }
  buckets.Insert(buckets.begin() + part.end, {0, static_cast<uint16_t>(epoch), name});
}

// REQUIRES: Raise(epoch) before.
void AddBucket(CompactVector<RingBucket>& buckets, RingName name, int32_t epoch, uint128 sum) {
  const Part part = PartOf(buckets, name);
  if (sum == 0 || epoch <= buckets[part.end - 1].epoch - kRingEpochs) return;
  // Events mostly come in order, so the place is near the end.
  uint32_t at = part.end;
  while (at > part.begin && buckets[at - 1].epoch > epoch) --at;
  if (at > part.begin && buckets[at - 1].epoch == epoch) {
    buckets[at - 1].sum = Saturate(sum + buckets[at - 1].sum);
  } else {
    buckets.Insert(buckets.begin() + at, {Saturate(sum), static_cast<uint16_t>(epoch), name});
  }
}

}  // namespace

void RingAdd(Rings& rings, RingName name, int32_t half_life, int64_t day, int64_t weight) {
  const Place place = PlaceOf(day, half_life);
  Raise(rings.buckets(), name, place.epoch);
  AddBucket(rings.buckets(), name, place.epoch, uint128{static_cast<uint64_t>(weight)} * place.pow);
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

int64_t ReadDays(absl::Span<const uint16_t> days, int32_t half_life, int64_t day, int64_t m) {
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

uint128 RingWeight(const Ring& part, const Ring& whole) {
  uint128 weight = 0;
  for (const RingBucket& bucket : part.buckets) {
    const int32_t behind = whole.top() - bucket.epoch;
    if (behind < kRingEpochs) weight += uint128{bucket.sum} << (kRingEpochs - 1 - behind);
  }
  return weight;
}

void RingMerge(Rings& into, const Ring& from) {
  if (from.buckets.empty()) return;
  Raise(into.buckets(), from.name, from.top());
  for (const RingBucket& bucket : from.buckets) {
    AddBucket(into.buckets(), from.name, bucket.epoch, bucket.sum);
  }
}

}  // namespace rapport::facts
