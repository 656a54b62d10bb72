// The next change against its definition: stepping day by day.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "projections/stage/course.h"
#include "tests/kit/random_history.h"
#include "tests/projections/stage/customer.h"

namespace rapport::stage {
namespace {

using kit::AnEvent;

constexpr int64_t kDay = 15'000;

std::optional<int64_t> Step(const Course& course, int64_t day, int64_t until) {
  const facts::StageState now = course.At(day);
  for (int64_t later = day + 1; later <= until; ++later) {
    if (course.At(later) != now) return later;
  }
  return std::nullopt;
}

// From change to change until nothing changes any more.
void FollowToTheEnd(Customer& customer, int64_t day, uint64_t seed) {
  const Course& course = customer.CourseOn(day);
  for (int changes = 0; changes < 40; ++changes) {
    const std::optional<int64_t> next = course.NextChangeDay(day);
    const int64_t until = next.value_or(std::min(kLastDay, day + 6'000));
    ASSERT_EQ(Step(course, day, until), next) << "seed " << seed << ", day " << day;
    if (!next.has_value()) return;
    day = *next;
  }
}

TEST(NextChangeTest, IsWhatSteppingFindsForRandomHistories) {
  for (uint64_t seed = 0; seed < 1'500; ++seed) {
    Customer customer;
    for (kit::EventBuilder& event : kit::RandomHistory(seed, 3 + static_cast<int>(seed % 25))) {
      customer.Does(std::move(event));
    }
    FollowToTheEnd(customer, customer.facts().newest_at_us / kMicrosPerDay, seed);
  }
}

TEST(NextChangeTest, FindsTheDayOnWhichFadingComplaintsDamageNoMore) {
  Customer ana;
  for (const char* key : {"C1", "C2", "C3"}) {
    ana.Does(AnEvent(v1::KIND_COMPLAINT_RAISED).OnDay(kDay).Key(key).Set("severity", 2));
    ana.Does(AnEvent(v1::KIND_COMPLAINT_RESOLVED).OnDay(kDay + 1).Key(key));
    ana.Does(AnEvent(v1::KIND_RESOLUTION_ANSWERED).OnDay(kDay + 1).Key(key).Set("accepted", 0));
  }
  const Course& course = ana.CourseOn(kDay + 1);
  EXPECT_TRUE(course.At(kDay + 1).has(v1::FLAG_DAMAGED));
  const std::optional<int64_t> next = course.NextChangeDay(kDay + 1);
  ASSERT_TRUE(next.has_value());
  EXPECT_TRUE(course.At(*next - 1).has(v1::FLAG_DAMAGED));
  EXPECT_FALSE(course.At(*next).has(v1::FLAG_DAMAGED));
  // Three times 1000 units, a half-life until they are half as much.
  EXPECT_EQ(*next, Step(course, kDay + 1, kDay + 400));
}

TEST(NextChangeTest, IsNoneWhenNothingCanChange) {
  Customer ana;
  EXPECT_EQ(ana.CourseOn(kDay).NextChangeDay(kDay), std::nullopt);
  ana.Does(AnEvent(v1::KIND_FRAUD_CONFIRMED).OnDay(kDay));
  EXPECT_EQ(ana.CourseOn(kDay).NextChangeDay(kDay), std::nullopt);
}

TEST(NextChangeTest, IsNoneBeyondTheEndOfTime) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_INTEREST_SHOWN).OnDay(kLastDay - 182));
  EXPECT_EQ(ana.CourseOn(kLastDay - 182).NextChangeDay(kLastDay - 182), std::nullopt);
  Customer ben;
  ben.Does(AnEvent(v1::KIND_INTEREST_SHOWN).OnDay(kLastDay - 183));
  EXPECT_EQ(ben.CourseOn(kLastDay - 183).NextChangeDay(kLastDay - 183), kLastDay);
}

}  // namespace
}  // namespace rapport::stage
