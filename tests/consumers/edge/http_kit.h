// A table of methods for tests of the HTTP door: they note what they were asked, and answer little.
//
//   RecordingService service;
//   MethodTable table;
//   Register(&service, table);
//
// Threads: methods from any thread; asked() once they have returned. The service outlives the
// table.
#pragma once

#include <string>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "consumers/edge/method_table.h"
#include "rapport/v1/history.pb.h"
#include "rapport/v1/privacy.pb.h"
#include "rapport/v1/publish.pb.h"
#include "rapport/v1/relationships.pb.h"
#include "rapport/v1/replay.pb.h"

namespace rapport::edge {

class RecordingService {
 public:
  // What the methods end with.
  absl::Status status;
  // How many messages a stream has, and how long the text of each is.
  int stream_messages = 3;
  size_t text_bytes = 4;

  template <typename Request, typename Response>
  absl::Status Answer(const Call& call, const Request& request, Response&) {
    Note(call, request);
    return status;
  }

  absl::Status Publish(const Call& call, const v1::PublishRequest& request,
                       v1::PublishResponse& response) {
    Note(call, request);
    response.mutable_result()->set_status(v1::PublishResult::STATUS_ACCEPTED);
    return status;
  }

  absl::Status Batch(const Call& call, const v1::BatchPublishRequest& request,
                     v1::BatchPublishResponse& response) {
    Note(call, request);
    for (int i = 0; i < request.items_size(); ++i) {
      response.add_results()->set_status(v1::PublishResult::STATUS_ACCEPTED);
    }
    return status;
  }

  absl::Status Get(const Call& call, const v1::GetRelationshipRequest& request,
                   v1::GetRelationshipResponse& response) {
    Note(call, request);
    response.set_customer_id(request.customer_id());
    response.mutable_profile()->set_name(std::string(text_bytes, 'x'));
    return status;
  }

  absl::Status Replay(const Call& call, const v1::ReplayEventsRequest& request,
                      Sink<v1::ReplayEventsResponse>& sink) {
    Note(call, request);
    v1::ReplayEventsResponse response;
    response.mutable_event()->set_place(std::string(text_bytes, 'x'));
    for (int i = 0; i < stream_messages; ++i) {
      response.set_offset(i);
      if (!sink.Write(response)) return absl::CancelledError("the caller has left");
      const absl::MutexLock lock(&mutex_);
      ++written_;
    }
    return status;
  }

  std::string asked() const {
    const absl::MutexLock lock(&mutex_);
    return asked_;
  }
  int calls() const {
    const absl::MutexLock lock(&mutex_);
    return calls_;
  }
  int written() const {
    const absl::MutexLock lock(&mutex_);
    return written_;
  }
  absl::Duration patience() const {
    const absl::MutexLock lock(&mutex_);
    return patience_;
  }

 private:
  void Note(const Call& call, const google::protobuf::Message& request) {
    const absl::MutexLock lock(&mutex_);
    asked_ = request.ShortDebugString();
    patience_ = call.deadline() - absl::Now();
    ++calls_;
  }

  mutable absl::Mutex mutex_;
  std::string asked_;
  absl::Duration patience_;
  int calls_ = 0;
  int written_ = 0;
};

inline void Register(RecordingService* service, MethodTable& table) {
  table.Add("rapport.v1.PublishService.Publish", service, &RecordingService::Publish);
  table.Add("rapport.v1.PublishService.BatchPublish", service, &RecordingService::Batch);
  table.Add("rapport.v1.RelationshipService.GetRelationship", service, &RecordingService::Get);
  table.Add(
      "rapport.v1.RelationshipService.ExplainRelationship", service,
      &RecordingService::Answer<v1::ExplainRelationshipRequest, v1::ExplainRelationshipResponse>);
  table.Add("rapport.v1.RelationshipService.ListFollowUps", service,
            &RecordingService::Answer<v1::ListFollowUpsRequest, v1::ListFollowUpsResponse>);
  table.Add("rapport.v1.RelationshipService.ResolveCustomer", service,
            &RecordingService::Answer<v1::ResolveCustomerRequest, v1::ResolveCustomerResponse>);
  table.Add("rapport.v1.PrivacyService.EraseCustomer", service,
            &RecordingService::Answer<v1::EraseCustomerRequest, v1::EraseCustomerResponse>);
  // The file that declares the service is linked for one of its messages.
  google::protobuf::LinkMessageReflection<v1::DigestRequest>();
  table.Add("rapport.v1.HistoryService.ReplayEvents", service, &RecordingService::Replay);
}

}  // namespace rapport::edge
