// The pipeline over seams in memory: what is folded, what is not, and what is told about it.
#include "engine/pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/pipeline/publisher.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EngineWorld;
using kit::EventOf;
using kit::StatusIs;

kit::EventBuilder Bought(const std::string& customer, uint64_t id, int64_t day) {
  return APurchase()
      .Of(customer)
      .Id(id)
      .OnDay(day)
      .Key(absl::StrCat("order-", id))
      .Worth(10, "EUR");
}

uint32_t TouchesOf(EngineWorld& world, const std::string& customer) {
  uint32_t touches = 0;
  const absl::Status status = world.pipeline().Read(
      customer, [&](const store::CustomerView& view) { touches = view.touches; });
  return status.ok() ? touches : 0;
}

TEST(PipelineTest, CountsAnEventOnceHoweverOftenItComes) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (int copy = 0; copy < 5; ++copy) world.Publish(Bought("ana", 1, 20000));
  world.Publish(Bought("ana", 2, 20001));
  ASSERT_OK(world.AwaitAll());
  const store::EventCounters counters = world.pipeline().counters();
  EXPECT_EQ(counters.archived, 6);
  EXPECT_EQ(counters.folded, 2);
  EXPECT_EQ(counters.duplicates, 4);
  EXPECT_EQ(TouchesOf(world, "ana"), 2u);
}

TEST(PipelineTest, ARestampedCopyIsADuplicate) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought("ana", 1, 20000));
  world.Publish(Bought("ana", 1, 20005));
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(world.pipeline().counters().duplicates, 1);
}

TEST(PipelineTest, TheFirstOfTwoContentsUnderOneIdStands) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought("ana", 1, 20000));
  world.Publish(Bought("ana", 1, 20000).Worth(99, "EUR"));
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(world.pipeline().counters().conflicts, 1);
  ASSERT_OK(world.pipeline().Checkpoint(absl::Now() + absl::Seconds(10)));
  const auto quarantine = world.pipeline().Quarantine(0, 0, 10);
  ASSERT_OK(quarantine);
  ASSERT_EQ(quarantine->size(), 1u);
  EXPECT_EQ(quarantine->at(0).rejection.reason, Reason::kEventIdConflict);
  EXPECT_EQ(quarantine->at(0).offset, 1);
}

TEST(PipelineTest, DuplicatesAreFoundAmongThousandsOfTouchesInAnyOrderOfIds) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  // Ids fall, so none is the greatest, and chunks fill up.
  for (uint64_t id = 1000; id > 0; --id) world.Publish(Bought("ana", id, 20000));
  for (uint64_t id = 1; id <= 1000; id += 7) world.Publish(Bought("ana", id, 20000));
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(world.pipeline().counters().folded, 1000);
  EXPECT_EQ(world.pipeline().counters().duplicates, 143);
  const auto touches = world.pipeline().Touches("ana");
  ASSERT_OK(touches);
  EXPECT_EQ(touches->size(), 1000u);
}

TEST(PipelineTest, ABadRecordIsQuarantinedAndThePartitionGoesOn) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.PublishRaw("ana", "\x0a\xff not an event");
  kit::EventBuilder unknown = Bought("ana", 1, 20000);
  unknown.envelope().set_kind(static_cast<v1::Kind>(191));
  world.Publish(unknown);
  world.Publish(Bought("ana", 2, 20000));
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(world.pipeline().counters().rejected, 2);
  EXPECT_EQ(world.pipeline().counters().folded, 1);
  uint32_t quarantined = 0;
  ASSERT_OK(world.pipeline().Read(
      "ana", [&](const store::CustomerView& view) { quarantined = view.quarantined; }));
  EXPECT_GE(quarantined, 1u);
}

TEST(PipelineTest, ARecordOnAForeignPartitionIsQuarantined) {
  EngineWorld world(15);
  world.log().AppendTo(3, {"TT0124", EventOf(Bought("TT0124", 1, 20000)).SerializeAsString(), {}});
  ASSERT_OK(world.Start());
  ASSERT_OK(world.AwaitAll());
  ASSERT_OK(world.pipeline().Checkpoint(absl::Now() + absl::Seconds(10)));
  const auto quarantine = world.pipeline().Quarantine(3, 0, 10);
  ASSERT_OK(quarantine);
  ASSERT_EQ(quarantine->size(), 1u);
  EXPECT_EQ(quarantine->at(0).rejection.reason, Reason::kPartitionWrong);
}

TEST(PipelineTest, AnonymousTouchpointsAreKeptWithoutACustomer) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (int copy = 0; copy < 3; ++copy) world.Publish(Bought("", 7, 20000));
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(world.pipeline().counters().anonymous, 1);
  EXPECT_EQ(world.pipeline().counters().duplicates, 2);
  const auto ids = world.pipeline().CustomerIds();
  ASSERT_OK(ids);
  EXPECT_TRUE(ids->empty());
}

TEST(PipelineTest, ACustomerOfWhomNothingIsKnownIsNotFound) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  EXPECT_THAT(world.pipeline().Read("nobody", [](const store::CustomerView&) {}),
              StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
}

TEST(PipelineTest, EvictionChangesNoDigest) {
  EngineWorld small(2), large(2);
  small.options().memory_bytes = 1;
  small.options().batch_records_max = 3;
  ASSERT_OK(small.Start());
  ASSERT_OK(large.Start());
  for (uint64_t id = 1; id <= 600; ++id) {
    const auto event =
        Bought(absl::StrCat("c", id % 40), id, 20000 + static_cast<int64_t>(id % 50));
    small.Publish(event);
    large.Publish(event);
    if (id % 200 == 0) {
      ASSERT_OK(small.pipeline().Checkpoint(absl::Now() + absl::Seconds(10)));
    }
  }
  EXPECT_EQ(small.Digests(), large.Digests());
}

TEST(PipelineTest, WhatAnOperatorOrdersIsDoneByThePartitionsOwnThreadAndDurable) {
  EngineWorld world(2);
  ASSERT_OK(world.Start());
  ASSERT_OK(Pronounce(world.archive(), {0, 4, log::CrashVerdict::Kind::kCrashed, 3, ""}, 1));
  world.Stop();
  for (uint64_t id = 1; id <= 100; ++id) world.Publish(Bought(absl::StrCat("c", id), id, 20000));
  ASSERT_OK(world.Start());
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(world.pipeline().counters().rejected, 1);
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  const auto retried = world.pipeline().RetryQuarantine(0, {}, "ops", deadline);
  ASSERT_OK(retried);
  EXPECT_EQ(retried->released, 1);
  EXPECT_EQ(world.pipeline().counters().folded, 100);
  EXPECT_TRUE(world.pipeline().Quarantine(0, 0, 10)->empty());
  const Offset end = world.log().Range(1)->end;
  world.Stop();
  for (uint64_t id = 101; id <= 200; ++id) world.Publish(Bought(absl::StrCat("c", id), id, 20000));
  world.log().DropBefore(1, end + 10);
  ASSERT_OK(world.Start());
  absl::StatusOr<log::AcceptedGap> gap;
  do {
    gap = world.pipeline().AcceptLoss(1, "ops: why", deadline);
  } while (!gap.ok() && absl::Now() < deadline);
  ASSERT_OK(gap);
  EXPECT_EQ(gap->from, end);
  EXPECT_EQ(gap->to, end + 10);
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(world.pipeline().counters().folded, 190);
  EXPECT_THAT(world.pipeline().AcceptLoss(2, "ops: why", deadline),
              StatusIs(absl::StatusCode::kInvalidArgument, "there is no 2"));
  const kit::WorldDigests lived = world.Digests();
  world.Stop();
  world.LoseState();
  ASSERT_OK(world.Start());
  EXPECT_EQ(world.Digests(), lived);
}

TEST(PipelineTest, APositionOfAnotherLogIsLost) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  const auto position = Position::Parse("deadbeef.1:0@1");
  ASSERT_OK(position);
  EXPECT_THAT(world.pipeline().WaitFor(*position, absl::Now() + absl::Seconds(5)),
              StatusIs(absl::StatusCode::kDataLoss, "POSITION_LOST"));
}

TEST(PipelineTest, APositionThatIsNotReachedSaysHowFarItIs) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  const auto position = Position::Parse("7c1e90ab.1:0@10");
  ASSERT_OK(position);
  EXPECT_THAT(world.pipeline().WaitFor(*position, absl::Now() + absl::Milliseconds(20)),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "POSITION_NOT_REACHED"));
}

TEST(PipelineTest, APositionBehindTheEndOfTheLogIsRefusedWithoutWaiting) {
  EngineWorld world(2);
  ASSERT_OK(world.Start());
  const auto position = Position::Parse("7c1e90ab.1:0@0,1@10");
  ASSERT_OK(position);
  EXPECT_THAT(
      world.pipeline().WaitFor(*position, absl::InfiniteFuture()),
      StatusIs(absl::StatusCode::kInvalidArgument,
               "POSITION_MALFORMED: 7c1e90ab.1:0@0,1@10 is behind the end of the log, where "
               "partition 1 ends at 0"));
}

TEST(PipelineTest, ATruncatedLogStopsThePartitionAndReadsGoOn) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (uint64_t id = 1; id <= 10; ++id) world.Publish(Bought("ana", id, 20000));
  ASSERT_OK(world.AwaitAll());
  world.Stop();
  world.log().CutFrom(0, 5);
  ASSERT_OK(world.Start());
  const auto position = Position::Parse("7c1e90ab.1:0@11");
  EXPECT_THAT(world.pipeline().WaitFor(*position, absl::Now() + absl::Seconds(10)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
  EXPECT_EQ(TouchesOf(world, "ana"), 10u);
}

TEST(PipelineTest, ARecreatedLogOfEqualLengthStopsThePartition) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (uint64_t id = 1; id <= 5; ++id) world.Publish(Bought("ana", id, 20000));
  ASSERT_OK(world.AwaitAll());
  world.Stop();
  world.log().CutFrom(0, 0);
  for (uint64_t id = 11; id <= 15; ++id) world.Publish(Bought("ana", id, 20000));
  ASSERT_OK(world.Start());
  const auto position = Position::Parse("7c1e90ab.1:0@6");
  EXPECT_THAT(world.pipeline().WaitFor(*position, absl::Now() + absl::Seconds(10)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
}

TEST(PipelineTest, ALogThatHasForgottenIsAGap) {
  EngineWorld world(1);
  for (uint64_t id = 1; id <= 10; ++id) world.Publish(Bought("ana", id, 20000));
  world.log().DropBefore(0, 4);
  ASSERT_OK(world.Start());
  const auto position = Position::Parse("7c1e90ab.1:0@10");
  EXPECT_THAT(world.pipeline().WaitFor(*position, absl::Now() + absl::Seconds(10)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ARCHIVE_GAP"));
}

TEST(PipelineTest, AbortedTransactionsLeaveNoHole) {
  EngineWorld world(1);
  world.Publish(Bought("ana", 1, 20000));
  world.log().AppendGap(0, 3);
  world.Publish(Bought("ana", 2, 20001));
  world.log().AppendGap(0, 1);
  ASSERT_OK(world.Start());
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(world.pipeline().progress(0).applied, 6);
  EXPECT_EQ(TouchesOf(world, "ana"), 2u);
}

TEST(PublisherTest, TheSameEventAgainGetsTheFirstAnswer) {
  EngineWorld world(2);
  ASSERT_OK(world.Start());
  const Publisher publisher(&world.log(), &world.pipeline(), &SystemClock());
  const v1::Event event = EventOf(Bought("ana", 1, 20000));
  const auto first = publisher.Publish({event}, {});
  ASSERT_OK(first[0].status);
  EXPECT_FALSE(first[0].duplicate);
  ASSERT_OK(world.AwaitAll());
  const auto again = publisher.Publish({event}, {});
  ASSERT_OK(again[0].status);
  EXPECT_TRUE(again[0].duplicate);
  EXPECT_EQ(again[0].appended.offset, first[0].appended.offset);
  v1::Event other = event;
  other.set_place("elsewhere");
  EXPECT_THAT(publisher.Publish({other}, {})[0].status,
              StatusIs(absl::StatusCode::kAlreadyExists, "EVENT_ID_CONFLICT"));
}

TEST(PublisherTest, OneBadEventDoesNotFailItsNeighbours) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  const Publisher publisher(&world.log(), &world.pipeline(), &SystemClock());
  v1::Event noted = EventOf(Bought("ana", 1, 20000));
  noted.set_note("called him at home");
  const v1::Event mail = EventOf(Bought("ana@example.com", 2, 20000));
  const v1::Event good = EventOf(Bought("ana", 3, 20000));
  const auto outcomes = publisher.Publish({noted, mail, good}, {});
  // This publisher has no keys.
  EXPECT_THAT(outcomes[0].status,
              StatusIs(absl::StatusCode::kUnavailable, "KEY_STORE_UNAVAILABLE"));
  EXPECT_THAT(outcomes[1].status,
              StatusIs(absl::StatusCode::kInvalidArgument, "CUSTOMER_ID_LOOKS_PERSONAL"));
  EXPECT_OK(outcomes[2].status);
  EXPECT_EQ(world.log().Range(0)->end, 1);
}

}  // namespace
}  // namespace rapport::pipeline
