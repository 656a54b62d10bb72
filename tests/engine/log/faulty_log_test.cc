#include "tests/kit/faulty_log.h"

#include <gtest/gtest.h>

#include "engine/base/clock.h"
#include "engine/log/memory_log.h"
#include "tests/kit/status_matchers.h"

namespace rapport::log {
namespace {

using ::rapport::kit::StatusIs;

class FaultyLogTest : public testing::Test {
 protected:
  absl::StatusOr<Appended> Append() { return AppendAndWait(log_, {"key", "value", {}}); }
  Offset End() { return memory_.Range(0)->end; }

  MemoryLog memory_{1, LogIdentity{1, 1}, &SystemClock()};
  kit::FaultyLog log_{&memory_};
};

TEST_F(FaultyLogTest, FailsAppendsWithoutAppending) {
  log_.FailAppends(2, absl::ResourceExhaustedError("QUEUE_FULL"));
  EXPECT_THAT(Append(), StatusIs(absl::StatusCode::kResourceExhausted, "QUEUE_FULL"));
  EXPECT_THAT(Append(), StatusIs(absl::StatusCode::kResourceExhausted, "QUEUE_FULL"));
  EXPECT_EQ(End(), 0);
  EXPECT_OK(Append());
}

TEST_F(FaultyLogTest, LosesTheAnswerButKeepsTheRecord) {
  log_.LoseAnswers(1);
  EXPECT_THAT(Append(), StatusIs(absl::StatusCode::kUnavailable, "lost"));
  EXPECT_EQ(End(), 1);
}

TEST_F(FaultyLogTest, DoublesAppends) {
  log_.DoubleAppends(1);
  EXPECT_EQ(Append()->offset, 1);
  EXPECT_EQ(End(), 2);
}

TEST_F(FaultyLogTest, FailsAndLimitsReads) {
  for (int i = 0; i < 3; ++i) EXPECT_OK(Append());
  auto reader = log_.NewReader(0, 0);
  ASSERT_OK(reader);
  log_.FailReads(1, absl::UnavailableError("broker gone"));
  EXPECT_THAT((*reader)->Read(10, absl::ZeroDuration()),
              StatusIs(absl::StatusCode::kUnavailable, "broker gone"));
  log_.LimitReads(2);
  EXPECT_EQ((*reader)->Read(10, absl::ZeroDuration())->records.size(), 2u);
  EXPECT_EQ((*reader)->Read(10, absl::ZeroDuration())->records.size(), 1u);
}

TEST_F(FaultyLogTest, CanBeOutOfReach) {
  auto reader = log_.NewReader(0, 0);
  ASSERT_OK(reader);
  log_.SetReachable(absl::UnavailableError("no broker"));
  EXPECT_THAT(Append(), StatusIs(absl::StatusCode::kUnavailable, "no broker"));
  EXPECT_THAT(log_.Range(0), StatusIs(absl::StatusCode::kUnavailable, "no broker"));
  EXPECT_THAT(log_.NewReader(0, 0), StatusIs(absl::StatusCode::kUnavailable, "no broker"));
  EXPECT_THAT((*reader)->Read(1, absl::ZeroDuration()),
              StatusIs(absl::StatusCode::kUnavailable, "no broker"));
  log_.SetReachable(absl::OkStatus());
  EXPECT_OK(Append());
  EXPECT_EQ((*reader)->Read(1, absl::ZeroDuration())->records.size(), 1u);
}

}  // namespace
}  // namespace rapport::log
