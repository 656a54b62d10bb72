// BatchPublisher: sends events to PublishService in batches, a few calls at a time.
//
// Threads: one. Ownership: borrows the client. Errors: a call that fails ends it; an event that is
// rejected is counted and told, its neighbours go on.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "engine/model/position.h"
#include "rapport/v1/publish.pb.h"

namespace rapport::operations {

class BatchPublisher {
 public:
  // Called with each result, in the order of the events.
  using OnResult = std::function<void(const v1::PublishResult&)>;

  BatchPublisher(Client* client, bool validate_only, OnResult on_result)
      : client_(client), on_result_(std::move(on_result)) {
    batch_.set_validate_only(validate_only);
  }

  absl::Status Add(v1::PublishItem item);
  // Sends what is left and waits for all answers.
  absl::Status Finish();

  int64_t accepted() const { return accepted_; }
  int64_t duplicates() const { return duplicates_; }
  int64_t rejected() const { return rejected_; }
  // Covers everything that was accepted.
  std::string position() const { return position_.ToString(); }

 private:
  struct Answer {
    absl::Status status;
    v1::BatchPublishResponse response;
  };
  void Send();
  absl::Status TakeAnswer();

  Client* const client_;
  const OnResult on_result_;
  v1::BatchPublishRequest batch_;
  size_t batch_bytes_ = 0;
  std::deque<std::future<Answer>> under_way_;
  int64_t accepted_ = 0;
  int64_t duplicates_ = 0;
  int64_t rejected_ = 0;
  Position position_;
};

}  // namespace rapport::operations
