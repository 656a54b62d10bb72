// KafkaConsumer and KafkaReader: reading a topic's partitions at offsets of our own choosing.
//
// A consumer is one librdkafka instance: its connections and its decoding thread. Several readers
// share it, each with one partition and a queue of its own, so that one fold thread may read many
// partitions over one consumer and two fold threads never meet in one queue.
//
//   ASSIGN_OR_RETURN(auto consumer, KafkaConsumer::New(options));
//   ASSIGN_OR_RETURN(auto reader, KafkaReader::New(consumer, partition, next));
//
// No consumer group takes part: offsets live in our own store, and READ on the topic is all the
// access this needs. Keys and values of a batch are not copied; they point into librdkafka's
// memory, which the batch keeps alive, together with the consumer.
//
// Threads:   a consumer from any thread; a reader belongs to one.
// Ownership: readers and batches share their consumer.
// Errors:    as LogReader::Read; DATA_LOSS when records stay damaged after they were fetched again.
#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/log/kafka_client.h"
#include "engine/log/kafka_topic_watch.h"
#include "engine/log/log.h"

struct rd_kafka_topic_s;
struct rd_kafka_queue_s;

namespace rapport::log {

class KafkaConsumer {
 public:
  static absl::StatusOr<std::shared_ptr<KafkaConsumer>> New(
      const KafkaOptions& options, int partitions, std::shared_ptr<const TopicFitness> fitness);
  ~KafkaConsumer();

  // Takes a partition for a reader; false when another reader of this consumer has it.
  bool Claim(Partition partition);
  void Release(Partition partition);
  bool idle() const;

  // Partitions the consumer was made for.
  int partitions() const { return partitions_; }
  // Partitions the topic has, as last heard; asks at most once per prove_interval.
  int CountPartitions();
  // TOPIC_UNFIT when the topic must not be read any more.
  absl::Status CheckFitness() const { return fitness_->Check(); }

  KafkaClient& client() const { return *client_; }
  rd_kafka_topic_s* topic() const { return topic_; }

 private:
  KafkaConsumer(int partitions, std::shared_ptr<const TopicFitness> fitness);

  const int partitions_;
  const std::shared_ptr<const TopicFitness> fitness_;
  std::unique_ptr<KafkaClient> client_;
  rd_kafka_topic_s* topic_ = nullptr;
  mutable absl::Mutex mutex_;
  std::set<Partition> claimed_ ABSL_GUARDED_BY(mutex_);
  int counted_ ABSL_GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point asked_at_ ABSL_GUARDED_BY(mutex_);
};

class KafkaReader : public LogReader {
 public:
  // REQUIRES: `partition` is claimed; the reader releases it.
  static absl::StatusOr<std::unique_ptr<KafkaReader>> New(std::shared_ptr<KafkaConsumer> consumer,
                                                          Partition partition, Offset next);
  ~KafkaReader() override;

  absl::StatusOr<RecordBatch> Read(size_t max_records, absl::Duration timeout) override;
  bool MetEnd() const override { return caught_up_; }

 private:
  // Messages as fetched, until their batch is gone.
  struct Fetched;
  // A record as it is known again.
  struct Anchor {
    Offset offset = -1;
    uint32_t crc = 0;
    // For messages.
    std::string outline;
  };

  KafkaReader(std::shared_ptr<KafkaConsumer> consumer, Partition partition, Offset next)
      : consumer_(std::move(consumer)), partition_(partition), next_(next) {}
  absl::Status Start();
  void Stop();
  bool IsProofDue() const;
  // Fills `fetched` with what is there; waits at most `timeout` for a first message.
  void Fetch(size_t max_records, absl::Duration timeout, Fetched& fetched);
  // Takes the records over into `batch`, up to the first error, which it returns.
  absl::Status Take(Fetched& fetched, RecordBatch& batch);
  absl::Status TakeRecord(const rd_kafka_message_s& message, Fetched& fetched, RecordBatch& batch);
  // Compares with the anchor what has come in its place.
  absl::Status Prove(const rd_kafka_message_s& message);
  // What an error message of the partition means; ends the fetching.
  absl::Status Judge(int error);
  absl::Status JudgeRange();
  // Whether the topic still has the partition.
  absl::Status CheckTopic(absl::Duration timeout);
  // When nothing came: whether that is because the brokers are lost.
  absl::Status CheckReachable(absl::Duration timeout);
  // FAILED_PRECONDITION, for good.
  absl::Status Halt(std::string message);
  // `topic crm.touchpoints.v1 partition 3 offset 1043`.
  std::string Where(Offset offset) const;

  std::shared_ptr<KafkaConsumer> consumer_;
  const Partition partition_;
  Offset next_;
  rd_kafka_queue_s* queue_ = nullptr;
  bool fetching_ = false;
  // What librdkafka fills; kept to be used again.
  std::vector<rd_kafka_message_s*> scratch_;
  // Times the record at next_ came damaged.
  int damaged_ = 0;
  // The last record that was read. Whenever the fetching begins anew, it begins here and compares,
  // so that a topic that was exchanged for another is noticed.
  Anchor anchor_;
  bool proving_ = false;
  std::chrono::steady_clock::time_point proved_at_ = std::chrono::steady_clock::now();
  // Whether the last thing that came was the end of the log.
  bool caught_up_ = false;
  // Once set, the answer to every Read.
  absl::Status stopped_;
};

}  // namespace rapport::log
