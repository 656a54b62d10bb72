// What goes on no faster than it may.
#include "consumers/edge/pace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "consumers/edge/call.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

TEST(PaceTest, WaitsUntilWhatWasDoneWasNotTooFast) {
  const Call call{Caller()};
  Pace pace(1000);
  const absl::Time begun = absl::Now();
  for (int i = 0; i < 30; ++i) pace.Keep(10, call);
  // 300 at 1000 a second, less the tenth of a second that may be caught up with.
  EXPECT_GE(absl::Now() - begun, absl::Milliseconds(190));
}

TEST(PaceTest, ACancelledCallWaitsForNothing) {
  Call call{Caller()};
  call.Cancel();
  Pace pace(1);
  pace.Keep(1'000'000, call);
  EXPECT_TRUE(call.cancelled());
}

TEST(PaceTest, WithoutAPaceNothingIsWaitedFor) {
  const Call call{Caller()};
  Pace pace(0);
  for (int i = 0; i < 1000; ++i) pace.Keep(INT64_MAX / 2000, call);
  EXPECT_FALSE(call.cancelled());
}

TEST(PaceTest, APaceIsNotNegative) {
  EXPECT_OK(CheckPace(0));
  EXPECT_OK(CheckPace(1));
  EXPECT_THAT(CheckPace(-1), kit::StatusIs(absl::StatusCode::kInvalidArgument,
                                           "FIELD_INVALID: records_per_second_max"));
}

}  // namespace
}  // namespace rapport::edge
