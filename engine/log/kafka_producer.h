// KafkaProducer: appends to one topic, idempotently, and says where each record went.
//
// The partition is PartitionOf(key), which is what `murmur2_random` does for keys that are not
// empty; it is given explicitly so that partitions added later cannot move a customer.
//
// Threads:   Append from any thread. `done` runs on the producer's own thread, or on the caller's
//            when the record is refused at once.
// Ownership: the destructor waits a few seconds for what is under way, then fails the rest; every
//            `done` has been called when it returns. It must not run inside a `done`.
// Errors:    as Log::Append.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "absl/status/statusor.h"
#include "engine/log/kafka_client.h"
#include "engine/log/log.h"

struct rd_kafka_topic_s;

namespace rapport::log {

class KafkaProducer {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaProducer>> New(const KafkaOptions& options);
  ~KafkaProducer();

  void Append(const NewRecord& record, Partition partition, AppendDone done);

  // True when librdkafka gave up this producer's sequence: it fails every append from now on and
  // another producer must be made.
  bool broken() const { return broken_; }

 private:
  // One record under way; librdkafka carries it and gives it back with the record's fate.
  struct Pending {
    KafkaProducer* producer;
    AppendDone done;
  };

  KafkaProducer() = default;
  static void Delivered(rd_kafka_s* handle, const rd_kafka_message_s* message, void* opaque);
  absl::StatusOr<Appended> Fate(const rd_kafka_message_s& message);
  absl::Status Refusal(int error);
  void Run();

  std::unique_ptr<KafkaClient> client_;
  rd_kafka_topic_s* topic_ = nullptr;
  std::atomic<bool> broken_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace rapport::log
