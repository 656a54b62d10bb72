// What a relationship was over time, over the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::StatusIs;

class StandingsServiceTest : public testing::Test {
 protected:
  static v1::ListStandingsRequest AskFor(const std::string& customer, int64_t as_of_us = kLater) {
    v1::ListStandingsRequest request;
    request.set_customer_id(customer);
    request.mutable_viewpoint()->set_as_of_us(as_of_us);
    request.set_changes_only(true);
    return request;
  }
  absl::Status Ask(const v1::ListStandingsRequest& request) {
    return world_.Call(world_.past(), &Past::ListStandings, request, response_);
  }
  std::vector<int> Stages() const {
    std::vector<int> stages;
    for (const v1::StandingRow& row : response_.rows()) stages.push_back(row.stage());
    return stages;
  }

  ServiceWorld world_;
  v1::ListStandingsResponse response_;
};

TEST_F(StandingsServiceTest, TheLastChangeIsTheStandingThatGetGives) {
  world_.Publish({Bought("ana", 1, kDay), Bought("ana", 2, kDay + 10)});
  ASSERT_OK(Ask(AskFor("ana")));
  EXPECT_EQ(response_.customer_id(), "ana");
  EXPECT_EQ(response_.info().as_of_us(), kLater);
  EXPECT_EQ(response_.quarantined(), 0u);
  v1::GetRelationshipRequest request;
  request.set_customer_id("ana");
  request.mutable_viewpoint()->set_as_of_us(kLater);
  v1::GetRelationshipResponse now;
  ASSERT_OK(world_.Call(world_.relationships(), &Relationships::GetRelationship, request, now));
  ASSERT_GE(response_.rows_size(), 2);
  const v1::StandingRow& last = *response_.rows().rbegin();
  EXPECT_EQ(last.stage(), now.standing().stage());
  EXPECT_EQ(last.stage_rule().rule_id(), now.standing().stage_rule().rule_id());
  ASSERT_EQ(last.flags_size(), now.standing().flags_size());
  for (int i = 0; i < last.flags_size(); ++i) {
    EXPECT_EQ(last.flags(i), now.standing().flags(i).flag());
  }
  EXPECT_EQ(response_.rows(1).causes(0).event_id(), "00000000-0000-0000-0000-000000000002");
}

TEST_F(StandingsServiceTest, WhatTimeWillBringIsToldUpToTenYearsAhead) {
  world_.Publish({Bought("ana", 1, kDay)});
  v1::ListStandingsRequest request = AskFor("ana");
  request.set_to_us(kLater + 3653 * kMicrosPerDay);
  ASSERT_OK(Ask(request));
  EXPECT_THAT(Stages(), testing::ElementsAre(v1::STAGE_EXPLORATION, v1::STAGE_DISSOLUTION));
  EXPECT_TRUE(response_.rows(1).by_time());
  EXPECT_EQ(response_.rows(1).at_us(), (kDay + 183) * kMicrosPerDay);
  request.set_to_us(kLater + 3653 * kMicrosPerDay + 1);
  EXPECT_THAT(Ask(request), StatusIs(absl::StatusCode::kInvalidArgument, "TIME_OUT_OF_RANGE"));
}

TEST_F(StandingsServiceTest, WhatWasKnownAtAPositionIsWithoutWhatCameLater) {
  world_.Publish({Bought("ana", 1, kDay)});
  ASSERT_OK(Ask(AskFor("ana")));
  v1::ListStandingsRequest request = AskFor("ana");
  request.mutable_viewpoint()->set_known_at(response_.info().position());
  world_.Publish({Bought("ana", 2, kDay - 5)});
  ASSERT_OK(Ask(request));
  EXPECT_THAT(Stages(), testing::ElementsAre(v1::STAGE_EXPLORATION));
  ASSERT_OK(Ask(AskFor("ana")));
  EXPECT_GE(response_.rows_size(), 2);
}

TEST_F(StandingsServiceTest, StepsBeginWhereTheyAreAskedFor) {
  world_.Publish({Bought("ana", 1, kDay), Bought("ana", 2, kDay + 10)});
  v1::ListStandingsRequest request = AskFor("ana");
  request.set_changes_only(false);
  request.set_step_us(kMicrosPerDay);
  request.set_from_us((kDay + 5) * kMicrosPerDay);
  request.set_to_us((kDay + 12) * kMicrosPerDay);
  ASSERT_OK(Ask(request));
  ASSERT_EQ(response_.rows_size(), 8);
  EXPECT_EQ(response_.rows(0).at_us(), request.from_us());
  EXPECT_EQ(response_.rows(0).stage(), v1::STAGE_EXPLORATION);
  EXPECT_EQ(response_.rows(7).at_us(), request.to_us());
  EXPECT_EQ(response_.rows(7).stage(), v1::STAGE_EXPANSION);
}

TEST_F(StandingsServiceTest, MergedCustomersHaveOneHistoryAndRecordsInQuarantineAreSaid) {
  world_.Publish({Bought("ana", 1, kDay), Bought("ben", 2, kDay + 10)});
  for (const char* whose : {"ana", "ben"}) {
    world_.Publish({AnEvent(v1::KIND_CUSTOMER_MERGED)
                        .Of(whose)
                        .Id(10)
                        .OnDay(kDay + 20)
                        .Set("survivor", "ana")
                        .Set("merged", "ben")});
  }
  world_.AppendRaw("ben", "\xff\xff");
  ASSERT_OK(Ask(AskFor("ben")));
  EXPECT_EQ(response_.merged_into(), "ana");
  EXPECT_THAT(response_.members(), testing::ElementsAre("ana", "ben"));
  EXPECT_EQ(response_.quarantined(), 1u);
  ASSERT_GE(response_.rows_size(), 2);
  EXPECT_EQ(response_.rows(1).causes(0).customer_id(), "ben");
  for (const v1::StandingRow& row : response_.rows()) {
    EXPECT_THAT(row.flags(), testing::Contains(v1::FLAG_INCOMPLETE));
  }
}

TEST_F(StandingsServiceTest, RefusesWhatCannotBeAnswered) {
  world_.Publish({Bought("ana", 1, kDay)});
  EXPECT_THAT(Ask(AskFor("nobody")), StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
  const auto wrong = [&](auto change, const char* says) {
    v1::ListStandingsRequest request = AskFor("ana");
    change(request);
    EXPECT_THAT(Ask(request), StatusIs(absl::StatusCode::kInvalidArgument, says));
  };
  wrong([](auto& request) { request.set_changes_only(false); }, "FIELD_INVALID");
  wrong([](auto& request) { request.set_step_us(kMicrosPerDay); }, "FIELD_INVALID");
  const auto step = [&](int64_t step_us) {
    return [step_us](auto& request) {
      request.set_changes_only(false);
      request.set_step_us(step_us);
    };
  };
  wrong(step(kMicrosPerHour - 1), "an hour or longer");
  wrong(step(0), "an hour or longer");
  wrong(step(-kMicrosPerDay), "an hour or longer");
  // 60 days of hours are 1440 rows and fit; from a hundred days before they would not.
  v1::ListStandingsRequest hours = AskFor("ana");
  step(kMicrosPerHour)(hours);
  EXPECT_OK(Ask(hours));
  hours.set_to_us(kLater + 40 * kMicrosPerDay);
  EXPECT_THAT(Ask(hours), StatusIs(absl::StatusCode::kInvalidArgument, "more than 2000 rows"));
  wrong([](auto& request) { request.set_from_us(kLater + 1); }, "TIME_OUT_OF_RANGE");
  wrong([](auto& request) { request.set_from_us(0); }, "TIME_OUT_OF_RANGE");
  wrong([](auto& request) { request.set_to_us(0); }, "TIME_OUT_OF_RANGE");
  wrong([](auto& request) { request.mutable_viewpoint()->set_known_at("nowhere"); },
        "POSITION_MALFORMED");
}

}  // namespace
}  // namespace rapport
