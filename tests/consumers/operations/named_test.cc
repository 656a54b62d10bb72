// Who may be named: the proof list of everybody, as an API tells it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/operations/command_compare.h"
#include "engine/base/time.h"
#include "tests/consumers/operations/store_world.h"

namespace rapport::operations {
namespace {

using kit::AnEvent;
using kit::EventBuilder;
using kit::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

EventBuilder Referred(const std::string& customer, uint64_t id, bool consent) {
  EventBuilder event = AnEvent(v1::KIND_REFERRAL_MADE);
  event.Of(customer).Id(id).OnDay(kDay).Key("R-" + customer).Set("consent", consent ? 1 : 0);
  return event;
}

class NamedTest : public testing::Test {
 protected:
  v1::ReportRequest Asking(const std::string& name, int64_t day = kDay + 100) {
    v1::ReportRequest request;
    request.set_name(name);
    request.mutable_viewpoint()->set_as_of_us(day * kMicrosPerDay);
    return request;
  }
  absl::Status Ask(const v1::ReportRequest& request, v1::ReportResponse& response) {
    return world_.Call(world_.client().history(), &v1::HistoryService::Stub::Report, request,
                       &response);
  }
  v1::Table Tell(const v1::ReportRequest& request) {
    v1::ReportResponse response;
    EXPECT_OK(Ask(request, response));
    EXPECT_FALSE(response.info().position().empty());
    return response.table();
  }
  // The customers that the list names.
  std::vector<std::string> Named(const v1::ReportRequest& request) {
    std::vector<std::string> named;
    const v1::Table table = Tell(request);
    for (const v1::Row& row : table.rows()) {
      named.push_back(row.cells(0).text());
      EXPECT_THAT(row.customers(), ElementsAre(row.cells(0).text()));
    }
    return named;
  }
  std::vector<std::string> Named() { return Named(Asking("proof")); }

  StoreWorld world_;
};

// covers: 002-21
TEST_F(NamedTest, OnlyWhoConsentsIsListedUntilHeWithdrawsOrIsErased) {
  world_.Publish({Referred("ana", 1, true), Referred("ben", 2, false), Referred("cleo", 3, true)});
  EXPECT_THAT(Named(), ElementsAre("ana", "cleo"));
  world_.Publish({AnEvent(v1::KIND_CONSENT_CHANGED)
                      .Of("ana")
                      .Id(4)
                      .OnDay(kDay + 2)
                      .Key("NAMED")
                      .Set("granted", 0)});
  EXPECT_THAT(Named(), ElementsAre("cleo")) << "ana has withdrawn";
  EXPECT_THAT(Named(Asking("proof", kDay + 1)), ElementsAre("ana", "cleo")) << "before that";
  v1::EraseCustomerRequest erasure;
  erasure.set_customer_id("cleo");
  erasure.set_purpose("she asked for it");
  v1::EraseCustomerResponse erased;
  ASSERT_OK(world_.Call(world_.client().privacy(), &v1::PrivacyService::Stub::EraseCustomer,
                        erasure, &erased));
  world_.AwaitAll();
  v1::ReportRequest now = Asking("proof");
  now.mutable_viewpoint()->clear_as_of_us();
  EXPECT_THAT(Named(now), IsEmpty()) << "cleo was erased";
}

TEST_F(NamedTest, AReportIsOfEverybodyAndNobodyKnownOnce) {
  const auto bought = [](const std::string& customer, uint64_t id) {
    return kit::APurchase().Of(customer).Id(id).OnDay(kDay).Key("o").Worth(5, "EUR");
  };
  EventBuilder nobodys = bought("", 9);
  nobodys.envelope().set_place("kiosk");
  world_.Publish({bought("ana", 1), bought("ben", 2), bought("ben2", 3)});
  for (const std::string one : {"ben", "ben2"}) {
    world_.Publish({AnEvent(v1::KIND_CUSTOMER_MERGED)
                        .Of(one)
                        .Id(one == "ben" ? 4 : 5)
                        .OnDay(kDay + 1)
                        .Set("survivor", "ben")
                        .Set("merged", "ben2")});
  }
  for (int times = 0; times < 2; ++times) {
    EXPECT_NE(world_.PublishOne(nobodys).status(), v1::PublishResult::STATUS_REJECTED);
  }
  world_.Publish({bought("cleo", 6)});
  const v1::Table shares = Tell(Asking("transactional_share"));
  EXPECT_THAT(shares.total().customers(), ElementsAre("ana", "ben", "cleo"));
  const v1::Table anonymous = Tell(Asking("anonymous"));
  ASSERT_EQ(anonymous.rows_size(), 1);
  EXPECT_EQ(anonymous.rows(0).cells(0).text(), "kiosk");
  EXPECT_EQ(anonymous.rows(0).cells(1).number(), 1) << anonymous.DebugString();
}

TEST_F(NamedTest, OnlyWhatHappenedInTheWindowCounts) {
  for (uint64_t id = 1; id <= 5; ++id) {
    EventBuilder event = Referred("ana", id, true);
    event.OnDay(kDay + static_cast<int64_t>(id)).Key("R" + std::to_string(id));
    world_.Publish({event});
  }
  v1::ReportRequest request = Asking("proof");
  request.set_from_us((kDay + 2) * kMicrosPerDay);
  request.set_to_us((kDay + 4) * kMicrosPerDay);
  EXPECT_EQ(Tell(request).rows_size(), 2);
  request.set_to_us(request.from_us());
  v1::ReportResponse response;
  EXPECT_THAT(Ask(request, response),
              StatusIs(absl::StatusCode::kInvalidArgument, "TIME_OUT_OF_RANGE: to"));
  EXPECT_THAT(Ask(Asking("no_such"), response),
              StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID"));
}

}  // namespace
}  // namespace rapport::operations
