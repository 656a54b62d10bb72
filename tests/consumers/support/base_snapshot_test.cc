// Tables of the whole base are what one customer after the other is told to be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

class BaseSnapshotTest : public testing::Test {
 protected:
  BaseSnapshotTest() {
    std::vector<kit::EventBuilder> events;
    for (uint64_t id = 1; id <= 60; ++id) {
      const int64_t day = kDay + static_cast<int64_t>(id) % 50;
      const std::string customer = absl::StrCat("c", id % 7);
      if (id % 5 == 0) {
        events.push_back(AnEvent(v1::KIND_COMPLAINT_RAISED)
                             .Of(customer)
                             .Id(id)
                             .OnDay(day)
                             .Key(absl::StrCat("case", id)));
      } else {
        events.push_back(Bought(customer, id, day));
      }
    }
    // Who comes later, and two who are one.
    events.push_back(Bought("late", 100, kDay + 55));
    events.push_back(Bought("twin-a", 101));
    events.push_back(Bought("twin-b", 102, kDay + 3));
    world_.Publish(events);
  }

  // All messages of the table as of a moment.
  std::vector<v1::SnapshotBaseResponse> Snapshot(v1::BaseTable table, int64_t as_of_us,
                                                 absl::Status& status,
                                                 const std::string& known_at = "",
                                                 const std::string& rules = "") {
    v1::SnapshotBaseRequest request;
    request.set_table(table);
    request.mutable_viewpoint()->set_as_of_us(as_of_us);
    request.mutable_viewpoint()->set_known_at(known_at);
    request.mutable_viewpoint()->set_rules(rules);
    const auto context = world_.Context();
    const auto stream = world_.past().SnapshotBase(context.get(), request);
    std::vector<v1::SnapshotBaseResponse> responses;
    for (v1::SnapshotBaseResponse response; stream->Read(&response);) {
      responses.push_back(response);
    }
    status = edge::FromRpcStatus(stream->Finish());
    return responses;
  }

  std::map<std::string, v1::BaseRelationship> Relationships(int64_t as_of_us,
                                                            const std::string& known_at = "") {
    absl::Status status;
    std::map<std::string, v1::BaseRelationship> rows;
    for (const auto& response :
         Snapshot(v1::BASE_TABLE_RELATIONSHIPS, as_of_us, status, known_at)) {
      for (const auto& row : response.relationships()) {
        EXPECT_TRUE(rows.emplace(row.customer_id(), row).second) << row.customer_id() << " twice";
      }
    }
    EXPECT_OK(status);
    return rows;
  }

  v1::GetRelationshipResponse Get(const std::string& customer, int64_t as_of_us) {
    v1::GetRelationshipRequest request;
    request.set_customer_id(customer);
    request.set_include_facts(true);
    request.mutable_viewpoint()->set_as_of_us(as_of_us);
    v1::GetRelationshipResponse response;
    EXPECT_OK(world_.Call(world_.relationships(), &Cards::GetRelationship, request, response));
    return response;
  }

  using Cards = v1::RelationshipService::Stub;
  ServiceWorld world_;
};

TEST_F(BaseSnapshotTest, EveryRowIsWhatItsCustomerIs) {
  for (const int64_t day : {kDay + 10, kDay + 30, kDay + 60, kDay + 200}) {
    const int64_t as_of_us = day * kMicrosPerDay;
    for (const auto& [customer, row] : Relationships(as_of_us)) {
      const v1::GetRelationshipResponse one = Get(customer, as_of_us);
      EXPECT_EQ(row.standing().score_milli(), one.standing().score_milli()) << customer;
      EXPECT_EQ(row.standing().stage(), one.standing().stage()) << customer;
      EXPECT_EQ(row.standing().next_change_at_us(), one.standing().next_change_at_us());
      EXPECT_EQ(row.first_seen_at_us(), one.facts().common().first_seen_at_us());
      EXPECT_EQ(row.newest_at_us(), one.facts().common().newest_at_us());
      EXPECT_EQ(row.spend_centi(), one.facts().money().spend_centi());
      EXPECT_LE(row.newest_at_us(), as_of_us);
    }
  }
}

TEST_F(BaseSnapshotTest, WhoHadNotComeYetHasNoRow) {
  EXPECT_EQ(Relationships(kLater).size(), 10u) << "seven, late and two twins";
  const auto before = Relationships((kDay + 55) * kMicrosPerDay - 1);
  EXPECT_EQ(before.size(), 9u);
  EXPECT_FALSE(before.contains("late"));
  EXPECT_THAT(Relationships(1), IsEmpty()) << "long before all of them";
}

TEST_F(BaseSnapshotTest, WhoAreOneHaveOneRow) {
  const auto merged = [](const char* customer, uint64_t id) {
    return std::move(AnEvent(v1::KIND_CUSTOMER_MERGED)
                         .Of(customer)
                         .Id(id)
                         .OnDay(kDay + 9)
                         .Set("survivor", "twin-b")
                         .Set("merged", "twin-a"));
  };
  world_.Publish({merged("twin-a", 110), merged("twin-b", 111)});
  const auto rows = Relationships(kLater);
  ASSERT_TRUE(rows.contains("twin-b"));
  EXPECT_FALSE(rows.contains("twin-a"));
  EXPECT_EQ(rows.at("twin-b").members(), 2u);
  EXPECT_EQ(rows.at("twin-b").spend_centi(), 1000) << "two purchases of 5 EUR";
}

TEST_F(BaseSnapshotTest, PointsOfACustomerAddUpToTheScore) {
  for (const int64_t as_of_us : {(kDay + 30) * kMicrosPerDay, kLater}) {
    absl::Status status;
    std::map<std::string, int64_t> sums;
    size_t of_events = 0;
    for (const auto& response : Snapshot(v1::BASE_TABLE_POINTS, as_of_us, status)) {
      for (const v1::BasePoints& row : response.points()) {
        sums[row.customer_id()] += row.milli_points();
        of_events += row.event_id().empty() ? 0 : 1;
      }
    }
    ASSERT_OK(status);
    EXPECT_GT(of_events, 40u);
    for (const auto& [customer, row] : Relationships(as_of_us)) {
      EXPECT_EQ(sums[customer], row.standing().score_milli()) << customer;
    }
  }
}

TEST_F(BaseSnapshotTest, FollowUpsAreThoseOfTheCards) {
  absl::Status status;
  std::map<std::string, int> found;
  for (const auto& response : Snapshot(v1::BASE_TABLE_FOLLOW_UPS, kLater, status)) {
    for (const v1::CustomerFollowUp& row : response.follow_ups()) ++found[row.follow_up().name()];
  }
  ASSERT_OK(status);
  std::map<std::string, int> wanted;
  for (const auto& [customer, row] : Relationships(kLater)) {
    const auto card = Get(customer, kLater);
    for (const v1::FollowUp& one : card.standing().follow_ups()) ++wanted[one.name()];
  }
  EXPECT_FALSE(wanted.empty());
  EXPECT_EQ(found, wanted);
}

TEST_F(BaseSnapshotTest, WhatWasKnownAtAPositionStaysAsItWas) {
  const std::string position = world_.engine().pipeline().Applied().ToString();
  const auto before = Relationships(kLater, position);
  world_.Publish({Bought("c1", 200, kDay + 1), Bought("new", 201, kDay + 1)});
  const auto after = Relationships(kLater, position);
  ASSERT_EQ(before.size(), after.size());
  for (const auto& [customer, row] : before) {
    EXPECT_EQ(row.SerializeAsString(), after.at(customer).SerializeAsString()) << customer;
  }
  EXPECT_TRUE(Relationships(kLater).contains("new"));
}

TEST_F(BaseSnapshotTest, TheFirstMessageSaysHowManyAndTheLastThatItIsWhole) {
  absl::Status status;
  const auto responses = Snapshot(v1::BASE_TABLE_RELATIONSHIPS, kLater, status);
  ASSERT_GE(responses.size(), 2u);
  EXPECT_EQ(responses.front().customers_total(), 10);
  EXPECT_EQ(responses.back().customers_read(), 10);
  EXPECT_TRUE(responses.back().whole());
  EXPECT_FALSE(responses.front().whole());
  EXPECT_EQ(responses.front().info().position(), responses.back().info().position());
  EXPECT_FALSE(responses.back().info().rules_digest().empty());
}

TEST_F(BaseSnapshotTest, WhatCannotBeAnsweredIsToldAndNothingIsSent) {
  absl::Status status;
  EXPECT_THAT(Snapshot(v1::BASE_TABLE_UNSPECIFIED, kLater, status), IsEmpty());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: table"));
  const v1::BaseTable table = v1::BASE_TABLE_RELATIONSHIPS;
  EXPECT_THAT(Snapshot(table, kEndOfTimeMicros, status), IsEmpty());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                               "TIME_OUT_OF_RANGE: viewpoint.as_of_us"));
  EXPECT_THAT(Snapshot(table, 0, status), IsEmpty());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                               "TIME_OUT_OF_RANGE: viewpoint.as_of_us"));
  EXPECT_THAT(Snapshot(table, kLater, status, "", "r-0123456789ab"), IsEmpty());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, "RULES_UNKNOWN"));
  EXPECT_THAT(Snapshot(table, kLater, status, "00000000.1:0@1"), IsEmpty());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss, "POSITION_LOST"));
}

// Replays of a part, and their counts.
TEST_F(BaseSnapshotTest, AReplayOfARangeHoldsExactlyItsEvents) {
  absl::Status status;
  v1::ReplayEventsRequest request;
  request.set_from_us((kDay + 10) * kMicrosPerDay);
  request.set_to_us((kDay + 20) * kMicrosPerDay);
  size_t wanted = 0;
  for (const auto& entry : world_.Replay({}, status)) {
    const int64_t at_us = entry.event().occurred_at_us();
    wanted += at_us >= request.from_us() && at_us < request.to_us() ? 1 : 0;
  }
  const auto replayed = world_.Replay(request, status);
  ASSERT_OK(status);
  EXPECT_EQ(replayed.size(), wanted);
  EXPECT_GT(wanted, 5u);
  for (const auto& entry : replayed) {
    EXPECT_GE(entry.event().occurred_at_us(), request.from_us());
    EXPECT_LT(entry.event().occurred_at_us(), request.to_us());
  }
  request.set_dry_run(true);
  const auto counted = world_.Replay(request, status);
  ASSERT_OK(status);
  ASSERT_EQ(counted.size(), 1u);
  EXPECT_EQ(counted[0].summary().events(), static_cast<int64_t>(wanted));
  EXPECT_GT(counted[0].summary().bytes(), 0);
}

TEST_F(BaseSnapshotTest, AReplayEndsWhereADryRunEnded) {
  kit::EventBuilder measured = Bought("c1", 300, kDay);
  v1::Measure& mood = *measured.envelope().add_measures();
  mood.set_name("mood");
  mood.set_value(3);
  world_.Publish({measured});
  absl::Status status;
  v1::ReplayEventsRequest request;
  request.set_dry_run(true);
  const auto counted = world_.Replay(request, status);
  ASSERT_OK(status);
  ASSERT_EQ(counted.size(), 1u);
  EXPECT_THAT(counted[0].summary().measures(), ElementsAre("mood"));
  world_.Publish({Bought("c2", 301, kDay)});
  request.set_dry_run(false);
  request.set_to_position(counted[0].summary().position());
  EXPECT_EQ(world_.Replay(request, status).size(),
            static_cast<size_t>(counted[0].summary().events()));
  EXPECT_EQ(world_.Replay({}, status).size(),
            static_cast<size_t>(counted[0].summary().events()) + 1);
  request.set_follow(true);
  EXPECT_THAT(world_.Replay(request, status), IsEmpty());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: follow"));
}

}  // namespace
}  // namespace rapport
