// PublishStream: one caller's stream of events, published as they come.
//
//   return PublishStream(&items, &call, &source, &sink).Run();
//
// One thread reads and one publishes: while some events are made durable those that come meanwhile
// gather, and are published together next. What is held of one stream is bounded; then nothing is
// read, so that whoever sends more than his credits waits in his own socket. It is 4,096 events or
// 1 MiB, and as much again that is being published.
//
//   source -> waiting_ -> ItemPublisher -> results, and credits for as many -> sink
//
// Threads:   Run by one thread, once; it starts and joins the other.
// Ownership: borrows all of it.
// Errors:    of an event in its result; TOO_LARGE ends the stream, behind the results of all that
//            came before.
#pragma once

#include <deque>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "consumers/edge/call.h"
#include "consumers/transactions/item_publisher.h"

namespace rapport::transactions {

class PublishStream {
 public:
  // Of one message.
  static constexpr int kItemsMax = 500;
  // What a caller may send ahead of the results, and its bytes.
  static constexpr int kCredits = 4096;
  static constexpr size_t kBytesMax = size_t{1} << 20;

  PublishStream(const ItemPublisher* items, const edge::Call* call,
                edge::Source<v1::StreamPublishRequest>* source,
                edge::Sink<v1::StreamPublishResponse>* sink)
      : items_(items), call_(call), source_(source), sink_(sink) {}

  absl::Status Run();

 private:
  // Reads until the caller ends, leaves, or sends what cannot be taken.
  absl::Status ReadAll();
  // Waits for the caller's allowance and for room; false once nobody takes the results.
  bool Put(v1::StreamPublishRequest& request);
  bool AwaitAllowance(int events) const;
  // Publishes all that is put until the end.
  void PublishAll();
  std::deque<v1::PublishItem> TakeWaiting();
  bool Answer(const std::deque<v1::PublishItem>& items);

  const ItemPublisher* const items_;
  const edge::Call* const call_;
  edge::Source<v1::StreamPublishRequest>* const source_;
  edge::Sink<v1::StreamPublishResponse>* const sink_;

  absl::Mutex mutex_;
  std::deque<v1::PublishItem> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool has_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_left_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace rapport::transactions
