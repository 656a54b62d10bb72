// KafkaLog: a Kafka topic as the event log.
//
//   ASSIGN_OR_RETURN(auto log, KafkaLog::Open({.brokers = "localhost:9092"}));
//   for (const std::string& warning : log->warnings()) std::cerr << warning << "\n";
//
// Open makes sure that a broker answers, that the topic exists and that it keeps every record and
// stamps it itself. A topic that compacts or carries producers' time is refused; one that forgets
// after a while gives a warning. Both are looked at again while it runs, and then a topic that has
// become unfit stops its readers (TOPIC_UNFIT). An append is answered when all in-sync replicas
// have the record.
//
// Identity: a topic has no 8 digits of its own, so they are the first of BLAKE2b over the cluster's
// id and the topic's name, epoch 1. A topic that was deleted and created anew under its old name
// therefore has the same identity; it is told apart by comparing the last archived record with the
// log's at that offset, which the reader of the log does before it goes on.
//
// Threads:   all functions from any thread.
// Ownership: readers must be destroyed before the log; batches may outlive both.
// Errors:    UNAVAILABLE (LOG_UNAVAILABLE), NOT_FOUND (TOPIC_MISSING), FAILED_PRECONDITION
//            (TOPIC_UNFIT, LOG_CHANGED), PERMISSION_DENIED (LOG_FORBIDDEN).
// Never:     creates or changes a topic; joins a consumer group; writes without an Append.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/log/kafka_options.h"
#include "engine/log/log.h"

namespace rapport::log {

class KafkaClient;
class KafkaConsumer;
class KafkaProducer;
class KafkaTopicWatch;

class KafkaLog : public Log {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaLog>> Open(const KafkaOptions& options);
  ~KafkaLog() override;

  LogIdentity identity() const override { return identity_; }
  std::string name() const override { return "kafka"; }
  std::vector<std::string> warnings() const override;
  int partitions() const override { return partitions_; }
  void Append(NewRecord record, AppendDone done) override;
  // FAILED_PRECONDITION (LOG_CHANGED) when partitions were added or the topic is gone.
  absl::StatusOr<OffsetRange> Range(Partition partition) override;
  absl::StatusOr<std::unique_ptr<LogReader>> NewReader(Partition partition, Offset next) override;

 private:
  explicit KafkaLog(KafkaOptions options);
  absl::Status CheckPartition(Partition partition) const;
  absl::StatusOr<std::shared_ptr<KafkaProducer>> Producer();
  absl::StatusOr<std::shared_ptr<KafkaConsumer>> ClaimConsumer(Partition partition);

  const KafkaOptions options_;
  LogIdentity identity_;
  int partitions_ = 0;
  // Asks about offsets and topics.
  std::unique_ptr<KafkaClient> client_;
  std::unique_ptr<KafkaTopicWatch> watch_;

  absl::Mutex mutex_;
  // Made by the first append, so that READ is enough for who only reads.
  std::shared_ptr<KafkaProducer> producer_ ABSL_GUARDED_BY(mutex_);
  // Broken producers; they end with the log, since a `done` of theirs may be running.
  std::vector<std::shared_ptr<KafkaProducer>> retired_ ABSL_GUARDED_BY(mutex_);
  // The first options_.consumers stay; one more is made while a partition has several readers.
  std::vector<std::shared_ptr<KafkaConsumer>> consumers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rapport::log
