#include "tests/consumers/operations/store_world.h"

#include <algorithm>
#include <filesystem>

#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr size_t kBatch = 250;

v1::PublishItem ItemOf(const kit::EventBuilder& builder) {
  const ValidEvent view = builder.View();
  v1::PublishItem item;
  *item.mutable_event() = *view.envelope;
  item.mutable_event()->set_payload(view.payload->SerializeAsString());
  if (item.event().source().empty()) item.mutable_event()->set_source("test");
  return item;
}

}  // namespace

void StoreWorld::Reopen(const std::function<void()>& meanwhile) {
  client_.reset();
  meanwhile();
  Target target;
  target.may_create = true;
  target.store.engine.data_directory = data();
  target.store.engine.partitions = 2;
  target.store.engine.disk_reserve_permille = 0;
  target.store.engine.disk_reserve_bytes = 0;
  client_ = Client::Connect(target).value();
}

void StoreWorld::KeepOnly(const std::set<std::string>& names) {
  std::vector<std::filesystem::path> gone;
  for (const auto& entry : std::filesystem::directory_iterator(data())) {
    if (!names.contains(entry.path().filename())) gone.push_back(entry.path());
  }
  RAPPORT_CHECK(!gone.empty()) << "nothing to delete in " << data();
  for (const std::filesystem::path& path : gone) std::filesystem::remove_all(path);
}

v1::PublishResult StoreWorld::PublishOne(const kit::EventBuilder& event) {
  v1::PublishRequest request;
  *request.mutable_item() = ItemOf(event);
  v1::PublishResponse response;
  EXPECT_OK(Call(client_->publish(), &v1::PublishService::Stub::Publish, request, &response));
  AwaitAll();
  return response.result();
}

void StoreWorld::Publish(const std::vector<kit::EventBuilder>& events) {
  for (size_t from = 0; from < events.size(); from += kBatch) {
    v1::BatchPublishRequest request;
    const size_t to = std::min(events.size(), from + kBatch);
    for (size_t i = from; i < to; ++i) *request.add_items() = ItemOf(events[i]);
    v1::BatchPublishResponse response;
    ASSERT_OK(
        Call(client_->publish(), &v1::PublishService::Stub::BatchPublish, request, &response));
    for (const v1::PublishResult& result : response.results()) {
      ASSERT_EQ(result.status(), v1::PublishResult::STATUS_ACCEPTED) << result.DebugString();
    }
  }
  AwaitAll();
}

void StoreWorld::AwaitAll() {
  const Engine& engine = client_->store()->engine();
  Position end;
  for (Partition partition = 0; partition < engine.log().partitions(); ++partition) {
    end.next[partition] = engine.log().Range(partition)->end;
  }
  ASSERT_OK(engine.pipeline().WaitFor(end, absl::Now() + absl::Seconds(20)));
}

v1::DigestResponse StoreWorld::Digest() {
  v1::DigestResponse response;
  EXPECT_OK(
      Call(client_->history(), &v1::HistoryService::Stub::Digest, v1::DigestRequest(), &response));
  return response;
}

v1::Standing StoreWorld::Standing(const std::string& customer, int64_t as_of_us) {
  v1::GetRelationshipRequest request;
  request.set_customer_id(customer);
  request.mutable_viewpoint()->set_as_of_us(as_of_us);
  v1::GetRelationshipResponse response;
  EXPECT_OK(Call(client_->relationships(), &v1::RelationshipService::Stub::GetRelationship, request,
                 &response));
  return response.standing();
}

}  // namespace rapport::operations
