#include "projections/follow_up/pauses.h"

#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "tests/kit/follow_up_world.h"

namespace rapport::follow_up {
namespace {

Pauses Read(const kit::FollowUpWorld& world, absl::string_view key, int64_t trigger_hour) {
  return ReadPauses(world.facts(), world.policies().answers(), key, trigger_hour * kMicrosPerHour);
}

Interval Hours(int64_t begin, int64_t end) {
  return {begin * kMicrosPerHour, end * kMicrosPerHour};
}

class PausesTest : public testing::Test {
 protected:
  kit::FollowUpWorld world_{kit::GoldenPolicies()};
};

TEST_F(PausesTest, LastFromAskingBackToTheReply) {
  world_.Add("1000 EnquiryMade Q -;1005 QuestionAnswered Q 1;1020 EnquiryMade Q -");
  const Pauses pauses = Read(world_, "Q", 1000);
  ASSERT_EQ(pauses.over.size(), 1u);
  EXPECT_EQ(pauses.over[0], Hours(1005, 1020));
  EXPECT_EQ(pauses.open_since, kNever);
}

TEST_F(PausesTest, CountOverlappingOnesOnce) {
  world_.Add("1005 QuestionAnswered Q 1;1009 QuestionAnswered Q 1;1020 EnquiryMade Q -");
  const Pauses pauses = Read(world_, "Q", 1000);
  ASSERT_EQ(pauses.over.size(), 1u);
  EXPECT_EQ(pauses.over[0], Hours(1005, 1020));
}

TEST_F(PausesTest, StayOpenWithoutAReply) {
  world_.Add("1005 QuestionAnswered Q 1;1020 EnquiryMade Other -;1030 ComplaintResolved Q -");
  const Pauses pauses = Read(world_, "Q", 1000);
  EXPECT_TRUE(pauses.over.empty());
  EXPECT_EQ(pauses.open_since, 1005 * kMicrosPerHour);
}

TEST_F(PausesTest, EndWithAnyActOfTheCustomerInAnyList) {
  world_.Add("1005 QuestionAnswered Q 1;1020 ComplaintReopened Q -");
  EXPECT_EQ(Read(world_, "Q", 1000).over.size(), 1u);
}

TEST_F(PausesTest, BeginStrictlyAfterTheTriggerAndNeedAKey) {
  world_.Add("1000 QuestionAnswered Q 1;1005 QuestionAnswered - 1;1010 QuestionAnswered Q -");
  EXPECT_TRUE(Read(world_, "Q", 1000).none());
  EXPECT_TRUE(Read(world_, "", 1000).none());
}

TEST_F(PausesTest, MoveWhatIsLaterThanTheirBeginning) {
  Pauses pauses;
  pauses.over = {{10, 15}, {20, 40}};
  EXPECT_EQ(pauses.Move(10), 10) << "not later than the beginning";
  EXPECT_EQ(pauses.Move(11), 16);
  EXPECT_EQ(pauses.Move(15), 20) << "moved by the first, it is no later than the second";
  EXPECT_EQ(pauses.Move(16), 41) << "moved by the first, it is later than the second";
  EXPECT_EQ(pauses.Move(kNever), kNever);
}

TEST_F(PausesTest, MoveWithTheClockWhileOpen) {
  Pauses pauses;
  pauses.open_since = 100;
  EXPECT_FALSE(pauses.Moves(100));
  EXPECT_EQ(pauses.At(100, 150), 100);
  EXPECT_TRUE(pauses.Moves(101));
  EXPECT_EQ(pauses.At(101, 150), 151);
  EXPECT_FALSE(pauses.Moves(kNever));
}

}  // namespace
}  // namespace rapport::follow_up
