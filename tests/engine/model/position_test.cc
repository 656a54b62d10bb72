// Positions as text.
#include "engine/model/position.h"

#include <gtest/gtest.h>

#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;

TEST(PositionTest, IsReadAndWrittenAsDocumented) {
  const auto position = Position::Parse("7c1e90ab.1:3@1043");
  ASSERT_OK(position);
  EXPECT_EQ(position->log, (LogIdentity{0x7c1e90ab, 1}));
  EXPECT_EQ(position->next, (std::map<Partition, Offset>{{3, 1043}}));
  EXPECT_EQ(position->ToString(), "7c1e90ab.1:3@1043");
}

TEST(PositionTest, EveryPositionWrittenIsReadBack) {
  for (const LogIdentity log : {LogIdentity{}, {1, 1}, {0xffffffff, UINT32_MAX}, {0x0a0b0c0d, 7}}) {
    for (const std::map<Partition, Offset>& next :
         {std::map<Partition, Offset>{{0, 0}}, {{0, 1}, {1023, INT64_MAX}}}) {
      const Position position{log, next};
      const auto read = Position::Parse(position.ToString());
      ASSERT_OK(read) << position.ToString();
      EXPECT_EQ(read->log, log);
      EXPECT_EQ(read->next, next);
    }
  }
}

// A batch of which nothing was taken in is answered with such a position.
TEST(PositionTest, APositionWithoutPartitionsIsWrittenSoThatItIsReadBack) {
  const Position none{{0x7c1e90ab, 1}, {}};
  EXPECT_EQ(none.ToString(), "");
  EXPECT_EQ(Position{}.ToString(), "");
  const auto read = Position::Parse("");
  ASSERT_OK(read);
  EXPECT_TRUE(read->next.empty());
}

TEST(PositionTest, SeveralJoinToTheGreatestOfEachPartition) {
  const auto position = Position::Parse("7c1e90ab.1:3@10,5@7;7c1e90ab.1:3@12,4@1;7c1e90ab.1:5@2");
  ASSERT_OK(position);
  EXPECT_EQ(position->ToString(), "7c1e90ab.1:3@12,4@1,5@7");
}

TEST(PositionTest, ADeliveryReportHasNoLogAndJoinsAnyOne) {
  const auto alone = Position::Parse("p:3@1043");
  ASSERT_OK(alone);
  EXPECT_EQ(alone->log.epoch, 0u);
  EXPECT_EQ(alone->ToString(), "p:3@1043");
  EXPECT_EQ(Position::Parse("p:3@5;7c1e90ab.2:1@1")->ToString(), "7c1e90ab.2:1@1,3@5");
  EXPECT_EQ(Position::Parse("7c1e90ab.2:1@1;p:3@5")->ToString(), "7c1e90ab.2:1@1,3@5");
}

TEST(PositionTest, APlaceOfAWatchIsThePositionInIt) {
  const auto position = Position::Parse("7c1e90ab.1:3@10;t@1764192000000000;r@r-0a1b;s@t:5");
  ASSERT_OK(position);
  EXPECT_EQ(position->ToString(), "7c1e90ab.1:3@10");
  for (const char* text : {"7c1e90ab.1:3@10;t@", "7c1e90ab.1:3@10;u@1", "7c1e90ab.1:3@10;t@1 "}) {
    EXPECT_THAT(Position::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"))
        << text;
  }
}

TEST(PositionTest, MalformedTextIsNamed) {
  for (const char* text : {"7c1e90ab.1",
                           "7c1e90ab.1:",
                           "p:",
                           ":3@1",
                           "7c1e90ab:3@1",
                           "7c1e90ab.0:3@1",
                           "7c1e90a.1:3@1",
                           "7c1e90abc.1:3@1",
                           "7c1e90ag.1:3@1",
                           "7c1e90ab.1.1:3@1",
                           "7c1e90ab.1:3",
                           "7c1e90ab.1:@1",
                           "7c1e90ab.1:3@",
                           "7c1e90ab.1:-3@1",
                           "7c1e90ab.1:3@-1",
                           "7c1e90ab.1:3@1,",
                           "7c1e90ab.1:3@1;",
                           ";",
                           "7c1e90ab.1:3@99999999999999999999",
                           "7c1e90ab.1:99999999999@1",
                           "7c1e90ab.99999999999:3@1",
                           "P:3@1"}) {
    EXPECT_THAT(Position::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"))
        << text;
  }
  EXPECT_THAT(Position::Parse("nonsense"),
              StatusIs(absl::StatusCode::kInvalidArgument, "'nonsense' is not a position"));
}

// Numbers are digits only: a position is compared as text by those who keep it.
TEST(PositionTest, NumbersAreDigitsOnly) {
  for (const char* text : {"7c1e90ab.1:+3@1", "7c1e90ab.1: 3@1", "7c1e90ab.1:3@ 1",
                           "7c1e90ab.1:3@1 ", "0x1e90ab.1:3@1", "7c1e90ab.+1:3@1"}) {
    EXPECT_THAT(Position::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"))
        << text;
  }
}

TEST(PositionTest, PositionsOfTwoLogsDoNotJoin) {
  for (const char* text : {"7c1e90ab.1:3@1;7c1e90ac.1:4@1", "7c1e90ab.1:3@1;7c1e90ab.2:4@1"}) {
    EXPECT_THAT(Position::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"));
  }
}

}  // namespace
}  // namespace rapport
