// What is owed, to one and to all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "projections/catalog.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::StatusIs;

constexpr int kCustomers = 7;

class FollowUpsTest : public testing::Test {
 protected:
  FollowUpsTest() {
    std::vector<kit::EventBuilder> events;
    for (int i = 1; i <= kCustomers; ++i) {
      events.push_back(AnEvent(v1::KIND_COMPLAINT_RAISED)
                           .Of(absl::StrCat("c", i))
                           .Id(static_cast<uint64_t>(i))
                           .OnDay(kDay + i)
                           .Key("C1"));
    }
    world_.Publish(events);
    request_.mutable_viewpoint()->set_as_of_us(kLater);
  }

  v1::ListFollowUpsResponse List() {
    v1::ListFollowUpsResponse response;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::ListFollowUps, request_, response));
    return response;
  }

  ServiceWorld world_;
  v1::ListFollowUpsRequest request_;
};

TEST_F(FollowUpsTest, PagesHoldEachOnceAndOverdueOnesFirst) {
  request_.set_page_size(4);
  std::vector<v1::CustomerFollowUp> all;
  int64_t total = 0;
  do {
    const v1::ListFollowUpsResponse response = List();
    EXPECT_LE(response.follow_ups_size(), 4);
    total = response.total();
    all.insert(all.end(), response.follow_ups().begin(), response.follow_ups().end());
    request_.set_page_token(response.next_page_token());
  } while (!request_.page_token().empty());
  EXPECT_EQ(static_cast<int64_t>(all.size()), total);
  EXPECT_GE(total, kCustomers);
  std::set<std::string> names;
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_TRUE(names.insert(all[i].follow_up().name()).second);
    if (i == 0) continue;
    const auto rank = [](const v1::CustomerFollowUp& entry) {
      const bool overdue = entry.follow_up().status() == v1::FOLLOW_UP_STATUS_OVERDUE;
      return std::make_tuple(!overdue, overdue ? entry.follow_up().priority() : 0,
                             entry.follow_up().by_us());
    };
    EXPECT_LE(rank(all[i - 1]), rank(all[i])) << i;
  }
}

TEST_F(FollowUpsTest, OneCustomersAreHisOnly) {
  request_.set_customer_id("c3");
  const v1::ListFollowUpsResponse response = List();
  ASSERT_GT(response.follow_ups_size(), 0);
  for (const auto& entry : response.follow_ups()) EXPECT_EQ(entry.customer_id(), "c3");
  request_.set_customer_id("-");
  EXPECT_GT(List().total(), response.total());
}

TEST_F(FollowUpsTest, FiltersLeaveWhatWasAskedFor) {
  request_.add_policies("complaint_resolve");
  EXPECT_EQ(List().total(), kCustomers);
  const int64_t by = List().follow_ups(2).follow_up().by_us();
  request_.set_due_to_us(by);
  EXPECT_EQ(List().total(), 3) << "due by the third one's time";
  request_.clear_due_to_us();
  request_.add_statuses(v1::FOLLOW_UP_STATUS_DONE);
  EXPECT_EQ(List().total(), 0);
  request_.clear_statuses();
  const std::string department = List().follow_ups(0).follow_up().department();
  request_.add_departments(department);
  EXPECT_EQ(List().total(), kCustomers);
  request_.set_departments(0, "nobody's");
  EXPECT_EQ(List().total(), 0);
}

TEST_F(FollowUpsTest, AWindowLeavesWhatIsDueWithinIt) {
  request_.add_policies("complaint_resolve");
  const v1::ListFollowUpsResponse all = List();
  request_.set_due_from_us(all.follow_ups(2).follow_up().by_us());
  EXPECT_EQ(List().total(), kCustomers - 2);
  request_.set_due_to_us(all.follow_ups(4).follow_up().by_us());
  const v1::ListFollowUpsResponse window = List();
  ASSERT_EQ(window.total(), 3);
  EXPECT_EQ(window.follow_ups(0).SerializeAsString(), all.follow_ups(2).SerializeAsString());
}

TEST_F(FollowUpsTest, AgentsAndStagesLeaveTheirs) {
  world_.Publish(
      {AnEvent(v1::KIND_ACCOUNT_MANAGER_ASSIGNED).Of("c3").Id(100).OnDay(kDay).Key("kim")});
  request_.add_policies("complaint_resolve");
  request_.add_assignees("kim");
  const v1::ListFollowUpsResponse kims = List();
  ASSERT_EQ(kims.total(), 1);
  EXPECT_EQ(kims.follow_ups(0).customer_id(), "c3");
  EXPECT_EQ(kims.follow_ups(0).follow_up().assignee(), "kim");
  request_.clear_assignees();
  const v1::Stage stage = List().follow_ups(0).stage();
  request_.add_stages(stage);
  EXPECT_EQ(List().total(), kCustomers);
  request_.set_stages(0,
                      stage == v1::STAGE_COMMITMENT ? v1::STAGE_AWARENESS : v1::STAGE_COMMITMENT);
  EXPECT_EQ(List().total(), 0);
}

TEST_F(FollowUpsTest, AnOrderIsKept) {
  const auto ranks = [this](v1::FollowUpOrder order) {
    request_.set_order(order);
    std::vector<std::pair<int64_t, int64_t>> ranks;
    const v1::ListFollowUpsResponse list = List();
    for (const v1::CustomerFollowUp& entry : list.follow_ups()) {
      const int64_t by = entry.follow_up().by_us();
      const int64_t priority = entry.follow_up().priority();
      ranks.push_back(order == v1::FOLLOW_UP_ORDER_BY ? std::make_pair(by, priority)
                                                      : std::make_pair(priority, by));
    }
    return ranks;
  };
  for (const v1::FollowUpOrder order : {v1::FOLLOW_UP_ORDER_BY, v1::FOLLOW_UP_ORDER_PRIORITY}) {
    const auto ranked = ranks(order);
    EXPECT_GT(ranked.size(), 1u);
    EXPECT_TRUE(std::is_sorted(ranked.begin(), ranked.end())) << order;
  }
}

TEST_F(FollowUpsTest, ATokenOfOtherFiltersIsRefused) {
  request_.set_page_size(1);
  request_.set_page_token(List().next_page_token());
  request_.add_policies("complaint_resolve");
  v1::ListFollowUpsResponse response;
  EXPECT_THAT(
      world_.Call(world_.relationships(), &Relationships::ListFollowUps, request_, response),
      StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID"));
}

TEST_F(FollowUpsTest, AListDoesNotGoOnUnderOtherRules) {
  request_.set_page_size(1);
  request_.set_page_token(List().next_page_token());
  EXPECT_EQ(List().follow_ups_size(), 1);
  const std::shared_ptr<const fold::Projection> others =
      projections::Catalog(absl::StrReplaceAll(projections::StandardRulesText(),
                                               {{"horizon_days: 273", "horizon_days: 274"}}),
                           "others")
          .value();
  ASSERT_OK(world_.engine().Activate(others));
  v1::ListFollowUpsResponse response;
  EXPECT_THAT(
      world_.Call(world_.relationships(), &Relationships::ListFollowUps, request_, response),
      StatusIs(absl::StatusCode::kInvalidArgument,
               "PAGE_TOKEN_INVALID: page_token: the rules changed since the pages before; start "
               "again without one"));
  request_.clear_page_token();
  EXPECT_EQ(List().follow_ups_size(), 1);
}

TEST_F(FollowUpsTest, OneWhomNobodyKnowsIsNotFound) {
  request_.set_customer_id("nobody");
  v1::ListFollowUpsResponse response;
  EXPECT_THAT(
      world_.Call(world_.relationships(), &Relationships::ListFollowUps, request_, response),
      StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
}

}  // namespace
}  // namespace rapport
