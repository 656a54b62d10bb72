// Status and quarantine through the service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;

// Appends an event of a kind that nobody knows; without a customer when there is none.
void AppendUnknown(ServiceWorld& world, const std::string& customer, uint64_t id) {
  v1::Event event = ItemOf(Bought(customer, id)).event();
  event.set_kind(static_cast<v1::Kind>(191));
  world.AppendRaw(customer.empty() ? event.event_id() : customer, event.SerializeAsString());
}

v1::GetStatusResponse StatusOf(ServiceWorld& world) {
  v1::GetStatusResponse response;
  EXPECT_OK(
      world.Call(world.operations(), &Operations::GetStatus, v1::GetStatusRequest(), response));
  return response;
}

TEST(OperationsServiceTest, StatusCountsWhatBecameOfTheRecords) {
  ServiceWorld world;
  world.Publish({Bought("ana", 1), Bought("bob", 2), Bought("", 3)});
  world.AppendRaw("ana", ItemOf(Bought("ana", 1)).event().SerializeAsString());
  AppendUnknown(world, "ana", 4);
  const v1::GetStatusResponse status = StatusOf(world);
  EXPECT_EQ(status.log(), "embedded");
  EXPECT_EQ(status.log_id(), world.engine().log().identity().ToString());
  EXPECT_EQ(status.customers(), 2);
  EXPECT_EQ(status.events().archived(), 5);
  EXPECT_EQ(status.events().folded(), 3);
  EXPECT_EQ(status.events().anonymous(), 1);
  EXPECT_EQ(status.events().duplicates(), 1);
  EXPECT_EQ(status.events().rejected(), 1);
  ASSERT_EQ(status.partitions_size(), 2);
  int64_t applied = 0;
  for (const v1::PartitionStatus& partition : status.partitions()) {
    applied += partition.applied();
    EXPECT_EQ(partition.log_end(), partition.applied());
    EXPECT_EQ(partition.stopped_cause(), "");
  }
  EXPECT_EQ(applied, 5);
  EXPECT_GT(status.disk_used_bytes(), 0);
  EXPECT_GT(status.disk_free_bytes(), 0);
  EXPECT_EQ(status.paused_cause(), "");
  EXPECT_FALSE(status.version().empty());
}

class QuarantineTest : public testing::Test {
 protected:
  v1::ListQuarantineResponse List() {
    v1::ListQuarantineResponse response;
    EXPECT_OK(world_.Call(world_.operations(), &Operations::ListQuarantine, request_, response));
    return response;
  }

  ServiceWorld world_;
  v1::ListQuarantineRequest request_;
};

TEST_F(QuarantineTest, IsEmptyAtFirst) {
  EXPECT_EQ(List().entries_size(), 0);
  EXPECT_EQ(List().counts_size(), 0);
}

TEST_F(QuarantineTest, IsCountedByReasonAndListedByPlace) {
  for (uint64_t id = 1; id <= 5; ++id) AppendUnknown(world_, id % 2 == 0 ? "ana" : "bob", id);
  world_.AppendRaw("ana", "\xff\xff");
  request_.set_reason("KIND_UNKNOWN");
  const v1::ListQuarantineResponse response = List();
  ASSERT_EQ(response.counts_size(), 1);
  EXPECT_EQ(response.counts(0).reason(), "KIND_UNKNOWN");
  EXPECT_EQ(response.counts(0).events(), 5);
  EXPECT_EQ(response.counts(0).customers(), 2);
  EXPECT_EQ(response.counts(0).since_us(), response.counts(0).example().appended_at_us());
  ASSERT_EQ(response.entries_size(), 5);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(response.entries(i).source(), "test");
    EXPECT_LE(response.counts(0).since_us(), response.entries(i).appended_at_us());
    if (i == 0) continue;
    EXPECT_LT(std::make_pair(response.entries(i - 1).partition(), response.entries(i - 1).offset()),
              std::make_pair(response.entries(i).partition(), response.entries(i).offset()));
  }
  request_.clear_reason();
  EXPECT_EQ(List().counts_size(), 2);
}

TEST_F(QuarantineTest, IsPaged) {
  for (uint64_t id = 1; id <= 5; ++id) AppendUnknown(world_, absl::StrCat("c", id), id);
  request_.set_page_size(2);
  std::set<std::string> ids;
  std::vector<int> sizes;
  do {
    const v1::ListQuarantineResponse response = List();
    sizes.push_back(response.entries_size());
    EXPECT_EQ(response.counts(0).events(), 5) << "counts are over all pages";
    for (const auto& entry : response.entries()) ids.insert(entry.event_id());
    request_.set_page_token(response.next_page_token());
  } while (!request_.page_token().empty());
  EXPECT_THAT(sizes, testing::ElementsAre(2, 2, 1));
  EXPECT_EQ(ids.size(), 5u);
}

TEST_F(QuarantineTest, RecordsWithoutACustomerAreNoCustomers) {
  for (uint64_t id = 1; id <= 2; ++id) AppendUnknown(world_, "", id);
  AppendUnknown(world_, "ana", 3);
  const v1::ListQuarantineResponse response = List();
  ASSERT_EQ(response.counts_size(), 1);
  EXPECT_EQ(response.counts(0).events(), 3);
  EXPECT_EQ(response.counts(0).customers(), 1);
}

TEST_F(QuarantineTest, AQuarantinedEventMarksItsCustomerAsIncomplete) {
  world_.Publish({Bought("ana", 1)});
  AppendUnknown(world_, "ana", 2);
  v1::GetRelationshipRequest request;
  request.set_customer_id("ana");
  v1::GetRelationshipResponse response;
  ASSERT_OK(
      world_.Call(world_.relationships(), &Relationships::GetRelationship, request, response));
  EXPECT_EQ(response.quarantined(), 1u);
  EXPECT_THAT(response.standing().flags(),
              testing::Contains(testing::Property(&v1::FlagState::flag, v1::FLAG_INCOMPLETE)));
}

TEST_F(QuarantineTest, ANegativePageIsRefused) {
  request_.set_page_size(-1);
  v1::ListQuarantineResponse response;
  EXPECT_THAT(world_.Call(world_.operations(), &Operations::ListQuarantine, request_, response),
              StatusIs(absl::StatusCode::kInvalidArgument, "page_size"));
}

TEST(OperationsServiceTest, ARebuildTakesOverBesideTheAnswers) {
  ServiceWorld world;
  for (uint64_t id = 1; id <= 50; ++id) world.Publish({Bought(absl::StrCat("c", id % 7), id)});
  EXPECT_FALSE(StatusOf(world).has_rebuild());
  v1::StartRebuildResponse begun;
  ASSERT_OK(
      world.Call(world.operations(), &Operations::StartRebuild, v1::StartRebuildRequest(), begun));
  EXPECT_GT(begun.rebuild().begun_at_us(), 0);
  v1::GetStatusResponse status = StatusOf(world);
  while (status.rebuild().ended_at_us() == 0) status = StatusOf(world);
  EXPECT_EQ(status.rebuild().phase(), v1::REBUILD_PHASE_DONE) << status.rebuild().message();
  EXPECT_EQ(status.rebuild().done(), 50);
  EXPECT_EQ(status.rebuild().total(), 50);
  EXPECT_EQ(status.customers(), 7);
  EXPECT_EQ(status.events().folded(), 50);
}

v1::Operation OperationOf(ServiceWorld& world, const std::string& id) {
  v1::GetOperationRequest request;
  request.set_id(id);
  v1::GetOperationResponse answer;
  EXPECT_OK(world.Call(world.operations(), &Operations::GetOperation, request, answer));
  return answer.operation();
}

TEST(OperationsServiceTest, ARebuildIsAnOperationThatCanBeWaitedForAndCancelled) {
  ServiceWorld world;
  for (uint64_t id = 1; id <= 50; ++id) world.Publish({Bought(absl::StrCat("c", id % 7), id)});
  while (StatusOf(world).events().folded() < 50) std::this_thread::yield();
  v1::StartRebuildRequest request;
  request.set_dry_run(true);
  v1::StartRebuildResponse answer;
  ASSERT_OK(world.Call(world.operations(), &Operations::StartRebuild, request, answer));
  EXPECT_EQ(answer.estimate().records(), 50);
  EXPECT_GT(answer.estimate().free_bytes(), 0);
  EXPECT_EQ(answer.estimate().seconds(), 0) << "there was none yet";
  EXPECT_FALSE(answer.has_operation());
  EXPECT_FALSE(StatusOf(world).has_rebuild());

  request.set_dry_run(false);
  ASSERT_OK(world.Call(world.operations(), &Operations::StartRebuild, request, answer));
  const std::string first = answer.operation().id();
  EXPECT_EQ(answer.operation().kind(), v1::OPERATION_KIND_REBUILD);
  v1::WaitOperationRequest wait;
  wait.set_id(first);
  v1::WaitOperationResponse waited;
  ASSERT_OK(world.Call(world.operations(), &Operations::WaitOperation, wait, waited));
  EXPECT_EQ(waited.operation().state(), v1::OPERATION_STATE_DONE);
  EXPECT_EQ(waited.operation().rebuild().done(), 50);

  // One record a second: it is there as long as the test.
  request.set_records_per_second_max(1);
  ASSERT_OK(world.Call(world.operations(), &Operations::StartRebuild, request, answer));
  const std::string second = answer.operation().id();
  EXPECT_NE(second, first);
  v1::Operation operation = OperationOf(world, second);
  while (operation.rebuild().done() == 0) operation = OperationOf(world, second);
  EXPECT_EQ(operation.state(), v1::OPERATION_STATE_RUNNING);
  EXPECT_EQ(operation.rebuild().total(), 50);
  EXPECT_GT(operation.rebuild().partitions_size(), 0);
  v1::StartRebuildResponse third;
  EXPECT_THAT(world.Call(world.operations(), &Operations::StartRebuild, request, third),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REBUILD_RUNS"));
  // Of one that has ended nothing changes.
  v1::CancelOperationRequest cancel;
  cancel.set_id(first);
  v1::CancelOperationResponse cancelled;
  ASSERT_OK(world.Call(world.operations(), &Operations::CancelOperation, cancel, cancelled));
  EXPECT_EQ(cancelled.operation().state(), v1::OPERATION_STATE_DONE);
  EXPECT_EQ(OperationOf(world, second).state(), v1::OPERATION_STATE_RUNNING);
  cancel.set_id(second);
  ASSERT_OK(world.Call(world.operations(), &Operations::CancelOperation, cancel, cancelled));
  EXPECT_EQ(cancelled.operation().state(), v1::OPERATION_STATE_CANCELLED);
  EXPECT_EQ(cancelled.operation().rebuild().phase(), v1::REBUILD_PHASE_CANCELLED);
  v1::ListOperationsResponse listed;
  ASSERT_OK(world.Call(world.operations(), &Operations::ListOperations, v1::ListOperationsRequest(),
                       listed));
  ASSERT_EQ(listed.operations_size(), 2);
  EXPECT_EQ(listed.operations(0).id(), second);
  cancel.set_id("op-99");
  EXPECT_THAT(world.Call(world.operations(), &Operations::CancelOperation, cancel, cancelled),
              StatusIs(absl::StatusCode::kNotFound, "OPERATION_UNKNOWN"));
  // Nothing has changed, and another one can begin.
  EXPECT_EQ(StatusOf(world).customers(), 7);
  request.set_records_per_second_max(0);
  ASSERT_OK(world.Call(world.operations(), &Operations::StartRebuild, request, answer));
  wait.set_id(answer.operation().id());
  ASSERT_OK(world.Call(world.operations(), &Operations::WaitOperation, wait, waited));
  EXPECT_EQ(waited.operation().state(), v1::OPERATION_STATE_DONE);
  request.set_records_per_second_max(-1);
  EXPECT_THAT(world.Call(world.operations(), &Operations::StartRebuild, request, answer),
              StatusIs(absl::StatusCode::kInvalidArgument, "records_per_second_max"));
}

}  // namespace
}  // namespace rapport
