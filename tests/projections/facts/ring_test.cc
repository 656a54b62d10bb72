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

std::string BucketsOf(const Ring& ring) {
  return absl::StrJoin(ring.buckets, ";", [](std::string* out, const RingBucket& bucket) {
    absl::StrAppend(out, bucket.epoch, ":", bucket.sum);
  });
}

Ring RingWith(const std::vector<Add>& adds, int32_t half_life) {
  Ring ring;
  for (const Add& add : adds) RingAdd(ring, half_life, add.day, add.weight);
  return ring;
}

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
      const Ring ring = RingWith(adds, half_life);
      EXPECT_EQ(RingRead(ring, half_life, day, 1000), csv.Number(row, "read_m1000"));
      EXPECT_EQ(RingRead(ring, half_life, day, 1), csv.Number(row, "read_m1"));
      EXPECT_EQ(ring.top, csv.Number(row, "top_epoch"));
      EXPECT_EQ(BucketsOf(ring), csv.Text(row, "buckets_epoch_value"));
      std::reverse(adds.begin(), adds.end());
    }
  }
}

TEST(RingTest, WeightOfZeroMakesTheTopAndNoBucket) {
  const Ring ring = RingWith({{100, 0}}, 91);
  EXPECT_EQ(ring.top, 1);
  EXPECT_TRUE(ring.buckets.empty());
}

TEST(RingTest, WeightOfZeroDropsWhatIsTooOld) {
  const Ring ring = RingWith({{0, 7}, {24, 0}}, 1);
  EXPECT_EQ(ring.top, 24);
  EXPECT_TRUE(ring.buckets.empty());
}

TEST(RingTest, KeepsTheLastEpochThatIsNotTooOld) {
  const Ring ring = RingWith({{1, 7}, {24, 0}}, 1);
  EXPECT_EQ(ring.buckets.size(), 1u);
}

TEST(RingTest, StaysAtTheGreatestSum) {
  Ring ring = RingWith({{0, INT64_MAX}, {0, INT64_MAX}}, 91);
  EXPECT_EQ(ring.buckets[0].sum, uint64_t{INT64_MAX});
  RingMerge(ring, Ring(ring));
  EXPECT_EQ(ring.buckets[0].sum, uint64_t{INT64_MAX});
  EXPECT_EQ(RingRead(ring, 91, 0, 1000), INT64_MAX / (1 << 20) * 1000 + 999);
}

TEST(RingTest, ReadingADayBeforeTheTopSeesOnlyWhatWasThen) {
  const Ring ring = RingWith({{0, 8}, {500, 100}}, 91);
  EXPECT_EQ(RingRead(ring, 91, 90, 1), RingRead(RingWith({{0, 8}}, 91), 91, 90, 1));
}

TEST(RingTest, MergeEqualsAllAdditionsInAnyOrder) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    const int32_t half_life = 1 + static_cast<int32_t>(random() % 400);
    std::vector<Add> adds = RandomAdds(random, 12);
    const Ring whole = RingWith(adds, half_life);
    std::shuffle(adds.begin(), adds.end(), random);
    const auto cut = adds.begin() + static_cast<long>(random() % 13);
    Ring left = RingWith({adds.begin(), cut}, half_life);
    const Ring right = RingWith({cut, adds.end()}, half_life);
    RingMerge(left, right);
    EXPECT_EQ(left.top, whole.top);
    EXPECT_EQ(BucketsOf(left), BucketsOf(whole));
  }
}

TEST(RingTest, ReadDaysEqualsARingOfDays) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 200; ++round) {
    const int32_t half_life = 1 + static_cast<int32_t>(random() % 200);
    std::vector<int32_t> days;
    Ring ring;
    int32_t day = static_cast<int32_t>(random() % 9000);
    for (int i = 0; i < 30; ++i) {
      days.push_back(day);
      RingAdd(ring, half_life, day, 1);
      day += 1 + static_cast<int32_t>(random() % 100);
    }
    const int64_t read = days[random() % 30] + static_cast<int64_t>(random() % 300);
    EXPECT_EQ(ReadDays(days, half_life, read, 1000), RingRead(ring, half_life, read, 1000));
  }
  EXPECT_EQ(ReadDays({}, 91, 100, 1000), 0);
}

}  // namespace
}  // namespace rapport::facts
