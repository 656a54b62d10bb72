#include "tests/consumers/support/service_world.h"

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/files.h"
#include "tests/kit/status_matchers.h"

namespace rapport {

void ServiceWorld::Reopen(const std::function<void()>& meanwhile) {
  server_.reset();
  meanwhile();
  operations::ServerOptions options;
  options.engine.data_directory = folder_.path();
  if (!tokens_.empty()) {
    options.tokens_file = folder_.path() + "/tokens";
    RAPPORT_CHECK(SystemFiles().Write(options.tokens_file, tokens_).ok());
  }
  options.engine.partitions = 2;
  options.engine.disk_reserve_permille = 0;
  options.base_walks = 1;
  options.engine.partition.checkpoint_interval = absl::Milliseconds(20);
  server_ = operations::Server::Open(options).value();
  const std::shared_ptr<grpc::Channel> channel = server_->InProcessChannel();
  RAPPORT_CHECK(channel != nullptr);
  publishing_ = v1::PublishService::NewStub(channel);
  relationships_ = v1::RelationshipService::NewStub(channel);
  past_ = v1::HistoryService::NewStub(channel);
  operations_ = v1::OperationsService::NewStub(channel);
  privacy_ = v1::PrivacyService::NewStub(channel);
}

std::unique_ptr<grpc::ClientContext> ServiceWorld::Context() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  if (!token_.empty()) context->AddMetadata("authorization", "Bearer " + token_);
  return context;
}

void ServiceWorld::Publish(const std::vector<kit::EventBuilder>& events) {
  v1::BatchPublishRequest request;
  for (const kit::EventBuilder& event : events) *request.add_items() = ItemOf(event);
  v1::BatchPublishResponse response;
  const absl::Status status = Call(publishing(), &Publishing::BatchPublish, request, response);
  RAPPORT_CHECK(status.ok()) << status;
  for (const v1::PublishResult& result : response.results()) {
    RAPPORT_CHECK(result.status() == v1::PublishResult::STATUS_ACCEPTED) << result.DebugString();
  }
  AwaitAll();
}

void ServiceWorld::AppendRaw(const std::string& key, const std::string& value) {
  const auto appended = log::AppendAndWait(engine().log(), {key, value, {}});
  RAPPORT_CHECK(appended.ok()) << appended.status();
  AwaitAll();
}

std::vector<std::string> ServiceWorld::Find(const std::string& alias) {
  v1::ResolveCustomerRequest request;
  request.set_alias(alias);
  v1::ResolveCustomerResponse answer;
  EXPECT_OK(Call(relationships(), &Relationships::ResolveCustomer, request, answer));
  return {answer.customer_ids().begin(), answer.customer_ids().end()};
}

std::vector<v1::ReplayEventsResponse> ServiceWorld::Replay(const v1::ReplayEventsRequest& request,
                                                           absl::Status& status) {
  const auto context = Context();
  const auto stream = past().ReplayEvents(context.get(), request);
  std::vector<v1::ReplayEventsResponse> events;
  v1::ReplayEventsResponse event;
  while (stream->Read(&event)) events.push_back(event);
  status = edge::FromRpcStatus(stream->Finish());
  return events;
}

void ServiceWorld::AwaitAll() {
  Position end;
  for (Partition partition = 0; partition < engine().log().partitions(); ++partition) {
    end.next[partition] = engine().log().Range(partition)->end;
  }
  const absl::Status status = engine().pipeline().WaitFor(end, absl::Now() + absl::Seconds(20));
  RAPPORT_CHECK(status.ok()) << status;
}

kit::EventBuilder Bought(const std::string& customer, uint64_t id, int64_t day) {
  return kit::APurchase().Of(customer).Id(id).OnDay(day).Key(absl::StrCat("o", id)).Worth(5, "EUR");
}

v1::PublishItem BoughtByAna(uint64_t id, const std::string& currency) {
  return ItemOf(
      kit::APurchase().Of("ana").Id(id).OnDay(kDay).Key(absl::StrCat("o", id)).Worth(5, currency));
}

v1::PublishItem ItemOf(const kit::EventBuilder& builder) {
  const ValidEvent view = builder.View();
  v1::PublishItem item;
  *item.mutable_event() = *view.envelope;
  item.mutable_event()->set_payload(view.payload->SerializeAsString());
  if (item.event().source().empty()) item.mutable_event()->set_source("test");
  return item;
}

}  // namespace rapport
