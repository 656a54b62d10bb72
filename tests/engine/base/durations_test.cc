#include "engine/base/durations.h"

#include <gtest/gtest.h>

#include <numeric>

namespace rapport {
namespace {

TEST(DurationsTest, EachFallsUnderTheFirstBoundThatHoldsIt) {
  Durations durations;
  for (const int64_t bound : Durations::kBoundsUs) {
    durations.Note(bound);
    durations.Note(bound + 1);
  }
  const Durations::Sight sight = durations.Look();
  EXPECT_EQ(sight.counts.front(), 1);
  for (size_t i = 1; i + 1 < sight.counts.size(); ++i) EXPECT_EQ(sight.counts[i], 2) << i;
  EXPECT_EQ(sight.counts.back(), 1);
  int64_t sum = 0;
  for (const int64_t bound : Durations::kBoundsUs) sum += 2 * bound + 1;
  EXPECT_EQ(sight.sum_us, sum);
}

TEST(DurationsTest, AClockThatWasSetBackTakesNoTime) {
  Durations durations;
  durations.Note(-5);
  EXPECT_EQ(durations.Look().counts.front(), 1);
  EXPECT_EQ(durations.Look().sum_us, 0);
}

}  // namespace
}  // namespace rapport
