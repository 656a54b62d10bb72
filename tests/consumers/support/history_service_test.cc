// Replay and digests through the service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::StatusIs;

std::vector<kit::EventBuilder> Events() {
  std::vector<kit::EventBuilder> events;
  for (uint64_t id = 1; id <= 12; ++id) {
    const std::string customer = absl::StrCat("c", id % 4);
    events.push_back(id % 3 == 0 ? AnEvent(v1::KIND_COMPLAINT_RAISED).Key("C1")
                                 : APurchase().Key(absl::StrCat("o", id)).Worth(5, "EUR"));
    events.back().Of(customer).Id(id).OnDay(kDay + static_cast<int64_t>(id));
  }
  return events;
}

v1::DigestResponse DigestOf(ServiceWorld& world) {
  v1::DigestRequest request;
  request.set_per_customer(true);
  v1::DigestResponse response;
  EXPECT_OK(world.Call(world.past(), &Past::Digest, request, response));
  return response;
}

TEST(HistoryServiceTest, ReplayGivesEveryEventAsItWasPublished) {
  ServiceWorld world;
  world.Publish(Events());
  // What is no event is left to the list of the quarantine.
  world.AppendRaw("c1", "\xff\xff");
  absl::Status status;
  const auto replayed = world.Replay({}, status);
  ASSERT_OK(status);
  std::map<std::string, std::string> found, wanted;
  for (const auto& entry : replayed) {
    found[entry.event().event_id()] = entry.event().payload();
    EXPECT_GT(entry.appended_at_us(), 0);
  }
  for (const auto& event : Events()) {
    wanted[ItemOf(event).event().event_id()] = ItemOf(event).event().payload();
  }
  EXPECT_EQ(replayed.size(), 12u);
  EXPECT_EQ(found, wanted);
}

TEST(HistoryServiceTest, ReplayLeavesOutWhatWasNotAskedFor) {
  ServiceWorld world;
  world.Publish(Events());
  absl::Status status;
  v1::ReplayEventsRequest request;
  request.set_customer_id("c0");
  EXPECT_EQ(world.Replay(request, status).size(), 3u);
  request.add_kinds(v1::KIND_COMPLAINT_RAISED);
  EXPECT_EQ(world.Replay(request, status).size(), 1u) << "only event 12";
  request.clear_customer_id();
  EXPECT_EQ(world.Replay(request, status).size(), 4u);
  request.clear_kinds();
  size_t sum = 0;
  for (const int32_t partition : {0, 1}) {
    request.set_partition(partition);
    const auto replayed = world.Replay(request, status);
    for (const auto& entry : replayed) EXPECT_EQ(entry.partition(), partition);
    sum += replayed.size();
  }
  EXPECT_EQ(sum, 12u);
}

TEST(HistoryServiceTest, ReplayBeginsAtAPosition) {
  ServiceWorld world;
  world.Publish(Events());
  v1::ReplayEventsRequest request;
  request.set_partition(0);
  absl::Status status;
  const auto all = world.Replay(request, status);
  ASSERT_GE(all.size(), 3u);
  request.set_from_position(absl::StrCat("p:0@", all[2].offset()));
  const auto rest = world.Replay(request, status);
  ASSERT_OK(status);
  EXPECT_EQ(rest.size(), all.size() - 2);
  EXPECT_EQ(rest[0].offset(), all[2].offset());
  request.set_from_position(absl::StrCat("p:0@", all.back().offset() + 1));
  EXPECT_TRUE(world.Replay(request, status).empty());
  EXPECT_OK(status);
  request.set_from_position("p:0@1000000");
  world.Replay(request, status);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "behind the end of the log"));
}

TEST(HistoryServiceTest, ReplayRefusesWhatIsNotThere) {
  ServiceWorld world;
  absl::Status status;
  v1::ReplayEventsRequest request;
  request.set_partition(2);
  world.Replay(request, status);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: partition"));
  request.clear_partition();
  request.set_from_position("deadbeef.1:0@0");
  world.Replay(request, status);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss, "POSITION_LOST"));
  request.set_from_position("3@1");
  world.Replay(request, status);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"));
}

TEST(HistoryServiceTest, FollowingGivesWhatComesLaterUntilTheCallerLeaves) {
  ServiceWorld world;
  v1::ReplayEventsRequest request;
  request.set_follow(true);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  const auto stream = world.past().ReplayEvents(&context, request);
  world.Publish(Events());
  v1::ReplayEventsResponse event;
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(stream->Read(&event)) << i;
  context.TryCancel();
  EXPECT_FALSE(stream->Read(&event));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST(HistoryServiceTest, EqualEventsInAnotherOrderHaveEqualFacts) {
  ServiceWorld one, other;
  std::vector<kit::EventBuilder> events = Events();
  one.Publish(events);
  std::reverse(events.begin(), events.end());
  other.Publish(events);
  const v1::DigestResponse a = DigestOf(one), b = DigestOf(other);
  EXPECT_EQ(a.facts_digest(), b.facts_digest());
  EXPECT_EQ(a.facts_digest().size(), 32u);
  EXPECT_NE(a.state_digest(), b.state_digest()) << "their logs differ";
  ASSERT_EQ(a.customers_size(), 4);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(a.customers(i).customer_id(), absl::StrCat("c", i));
    EXPECT_EQ(a.customers(i).facts_digest(), b.customers(i).facts_digest());
  }
  EXPECT_EQ(a.partitions_size(), 2);
  EXPECT_EQ(a.partitions(0).customers() + a.partitions(1).customers(), 4);
  EXPECT_EQ(a.partitions(0).offset() + a.partitions(1).offset(), 12);
}

TEST(HistoryServiceTest, ADigestIsTheSameAfterAReopeningAndAnotherAfterAnEvent) {
  ServiceWorld world;
  world.Publish(Events());
  const v1::DigestResponse before = DigestOf(world);
  world.Reopen();
  const v1::DigestResponse after = DigestOf(world);
  EXPECT_EQ(after.facts_digest(), before.facts_digest());
  EXPECT_EQ(after.state_digest(), before.state_digest());
  world.Publish({APurchase().Of("c1").Id(99).OnDay(kDay).Key("o99").Worth(1, "EUR")});
  EXPECT_NE(DigestOf(world).facts_digest(), before.facts_digest());
}

}  // namespace
}  // namespace rapport
