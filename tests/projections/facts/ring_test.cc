#include "projections/facts/ring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/kit/csv.h"

namespace rapport::facts {
namespace {

struct Add {
  int64_t day;
  int64_t weight;
};

std::vector<Add> AddsOf(const std::string& cell) {
  std::vector<Add> adds;
  for (absl::string_view add : absl::StrSplit(cell, ';', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(add, ':');
    adds.push_back({kit::ToNumber(parts[0]), kit::ToNumber(parts[1])});
  }
  return adds;
}

// The ring among others, whose buckets it must not touch.
class OneRing {
 public:
  OneRing() {
    for (const RingName other : {RingName::kSpend, RingName::kModePersonal}) {
      RingAdd(rings_, other, 91, 500, 7);
    }
  }
  OneRing(const std::vector<Add>& adds, int32_t half_life) : OneRing() {
    for (const Add& add : adds) RingAdd(rings_, kName, half_life, add.day, add.weight);
  }

  void Give(int32_t half_life, int64_t day, int64_t weight) {
    RingAdd(rings_, kName, half_life, day, weight);
  }
  void Merge(const OneRing& other) { RingMerge(rings_, other.get()); }
  Ring get() const {
    EXPECT_EQ(rings_.Find(RingName::kSpend).buckets.size(), 1u);
    EXPECT_EQ(rings_.Find(RingName::kModePersonal).buckets.size(), 1u);
    return rings_.Find(kName);
  }
  int32_t top() const { return get().top(); }
  int64_t Read(int32_t half_life, int64_t day, int64_t m) const {
    return RingRead(get(), half_life, day, m);
  }
  // Of epochs that hold something.
  std::string Buckets() const {
    std::vector<std::string> buckets;
    for (const RingBucket& bucket : get().buckets) {
      if (bucket.sum > 0) buckets.push_back(absl::StrCat(+bucket.epoch, ":", +bucket.sum));
    }
    return absl::StrJoin(buckets, ";");
  }

 private:
  static constexpr RingName kName = RingName::kDialogue;
  Rings rings_;
};

OneRing RingWith(const std::vector<Add>& adds, int32_t half_life) { return {adds, half_life}; }

std::vector<Add> RandomAdds(std::mt19937_64& random, size_t count) {
  std::vector<Add> adds;
  for (size_t i = 0; i < count; ++i) {
    adds.push_back({static_cast<int64_t>(random() % 20'000), static_cast<int64_t>(random() % 5)});
  }
  return adds;
}

TEST(RingTest, MatchesTheVectors) {
  const kit::Csv csv = kit::ReadCsv(kit::GoldenPath("rings.csv"));
  ASSERT_EQ(csv.rows.size(), 114u);
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    SCOPED_TRACE(absl::StrCat("row ", row, ": ", csv.Text(row, "note")));
    const auto half_life = static_cast<int32_t>(csv.Number(row, "half_life_days"));
    std::vector<Add> adds = AddsOf(csv.Text(row, "adds_day_weight_in_arrival_order"));
    const int64_t day = csv.Number(row, "read_day");
    for (int order = 0; order < 2; ++order) {
      const OneRing ring = RingWith(adds, half_life);
      EXPECT_EQ(ring.Read(half_life, day, 1000), csv.Number(row, "read_m1000"));
      EXPECT_EQ(ring.Read(half_life, day, 1), csv.Number(row, "read_m1"));
      EXPECT_EQ(ring.top(), csv.Number(row, "top_epoch"));
      EXPECT_EQ(ring.Buckets(), csv.Text(row, "buckets_epoch_value"));
      std::reverse(adds.begin(), adds.end());
    }
  }
}

TEST(RingTest, WeightOfZeroMakesTheTopAndHoldsNothing) {
  const OneRing ring = RingWith({{100, 0}}, 91);
  EXPECT_EQ(ring.top(), 1);
  EXPECT_EQ(ring.Buckets(), "");
}

TEST(RingTest, WeightOfZeroDropsWhatIsTooOld) {
  const OneRing ring = RingWith({{0, 7}, {24, 0}}, 1);
  EXPECT_EQ(ring.top(), 24);
  EXPECT_EQ(ring.Buckets(), "");
}

TEST(RingTest, KeepsTheLastEpochThatIsNotTooOld) {
  const OneRing ring = RingWith({{1, 7}, {24, 0}}, 1);
  EXPECT_EQ(ring.Buckets(), absl::StrCat("1:", 7 << 20));
}

TEST(RingTest, KeepsNoBucketOfNothingButTheTop) {
  const OneRing ring = RingWith({{100, 0}, {200, 0}, {300, 0}}, 1);
  EXPECT_EQ(ring.get().buckets.size(), 1u);
}

TEST(RingTest, StaysAtTheGreatestSum) {
  OneRing ring = RingWith({{0, INT64_MAX}, {0, INT64_MAX}}, 91);
  const std::string greatest = absl::StrCat("0:", INT64_MAX);
  EXPECT_EQ(ring.Buckets(), greatest);
  const OneRing copy = ring;
  ring.Merge(copy);
  EXPECT_EQ(ring.Buckets(), greatest);
  EXPECT_EQ(ring.Read(91, 0, 1000), INT64_MAX / (1 << 20) * 1000 + 999);
}

TEST(RingTest, ReadingADayBeforeTheTopSeesOnlyWhatWasThen) {
  const OneRing ring = RingWith({{0, 8}, {500, 100}}, 91);
  EXPECT_EQ(ring.Read(91, 90, 1), RingWith({{0, 8}}, 91).Read(91, 90, 1));
}

TEST(RingTest, MergeEqualsAllAdditionsInAnyOrder) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    const int32_t half_life = 1 + static_cast<int32_t>(random() % 400);
    std::vector<Add> adds = RandomAdds(random, 12);
    const OneRing whole = RingWith(adds, half_life);
    std::shuffle(adds.begin(), adds.end(), random);
    const auto cut = adds.begin() + static_cast<long>(random() % 13);
    OneRing left = RingWith({adds.begin(), cut}, half_life);
    left.Merge(RingWith({cut, adds.end()}, half_life));
    EXPECT_EQ(left.top(), whole.top());
    EXPECT_EQ(left.Buckets(), whole.Buckets());
  }
}

TEST(RingTest, ReadDaysEqualsARingOfDays) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 200; ++round) {
    const int32_t half_life = 1 + static_cast<int32_t>(random() % 200);
    std::vector<uint16_t> days;
    OneRing ring;
    int32_t day = static_cast<int32_t>(random() % 9000);
    for (int i = 0; i < 30; ++i) {
      days.push_back(static_cast<uint16_t>(day));
      ring.Give(half_life, day, 1);
      day += 1 + static_cast<int32_t>(random() % 100);
    }
    const int64_t read = days[random() % 30] + static_cast<int64_t>(random() % 300);
    EXPECT_EQ(ReadDays(days, half_life, read, 1000), ring.Read(half_life, read, 1000));
  }
  EXPECT_EQ(ReadDays({}, 91, 100, 1000), 0);
}

}  // namespace
}  // namespace rapport::facts
