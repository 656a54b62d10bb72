#include "engine/log/kafka_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/hash.h"
#include "engine/base/status_macros.h"
#include "engine/log/kafka_client.h"
#include "engine/log/kafka_producer.h"
#include "engine/log/kafka_reader.h"
#include "engine/log/kafka_topic_watch.h"
#include "engine/log/partitioner.h"

namespace rapport::log {
namespace {

LogIdentity Identity(absl::string_view cluster, absl::string_view topic) {
  const Hash128 hash = Blake2b128Framed({"rapport kafka log", cluster, topic});
  uint32_t id = 0;
  for (int i = 0; i < 4; ++i) id = id << 8 | hash[i];
  return {id, 1};
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaLog>> KafkaLog::Open(const KafkaOptions& options) {
  std::unique_ptr<KafkaLog> log(new KafkaLog(options));
  KafkaClient::Setup setup;
  const int64_t patience = absl::ToInt64Milliseconds(options.answer_timeout);
  setup.properties["socket.timeout.ms"] = absl::StrCat(std::max<int64_t>(patience, 1000));
  ASSIGN_OR_RETURN(log->client_, KafkaClient::New(options, std::move(setup)));
  ASSIGN_OR_RETURN(const std::string cluster, log->client_->ClusterId());
  log->identity_ = Identity(cluster, options.topic);
  log->watch_ = std::make_unique<KafkaTopicWatch>(log->client_.get());
  RETURN_IF_ERROR(log->watch_->Look());
  ASSIGN_OR_RETURN(log->partitions_, log->client_->Partitions(options.answer_timeout));
  log->watch_->Start();
  return log;
}

KafkaLog::KafkaLog(KafkaOptions options) : options_(std::move(options)) {}

KafkaLog::~KafkaLog() = default;

std::vector<std::string> KafkaLog::warnings() const { return watch_->warnings(); }

absl::Status KafkaLog::CheckPartition(Partition partition) const {
  if (partition >= 0 && partition < partitions_) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("partition ", partition, " of topic ",
                                                 options_.topic, ": it has 0 to ", partitions_ - 1,
                                                 "."));
}

absl::StatusOr<std::shared_ptr<KafkaProducer>> KafkaLog::Producer() {
  absl::MutexLock lock(&mutex_);
  if (producer_ != nullptr && producer_->broken()) retired_.push_back(std::move(producer_));
  if (producer_ == nullptr) {
    ASSIGN_OR_RETURN(producer_, KafkaProducer::New(options_));
  }
  return producer_;
}

void KafkaLog::Append(NewRecord record, AppendDone done) {
  auto producer = Producer();
  if (!producer.ok()) {
    done(producer.status());
    return;
  }
  const Partition partition = PartitionOf(record.key, partitions_);
  (*producer)->Append(record, partition, std::move(done));
}

absl::StatusOr<OffsetRange> KafkaLog::Range(Partition partition) {
  RETURN_IF_ERROR(CheckPartition(partition));
  const absl::StatusOr<int> partitions = client_->Partitions(options_.answer_timeout);
  if (absl::IsNotFound(partitions.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat("LOG_CHANGED: topic ", options_.topic, " was deleted at ", options_.brokers,
                     ". Restore it, or start with a new topic and an empty state directory."));
  }
  RETURN_IF_ERROR(partitions.status());
  if (*partitions != partitions_) {
    return absl::FailedPreconditionError(absl::StrCat(
        "LOG_CHANGED: topic ", options_.topic, " has ", *partitions, " partitions now, had ",
        partitions_, ": customers' events would be spread over two. Copy it into a new topic."));
  }
  return client_->Range(partition);
}

absl::StatusOr<std::shared_ptr<KafkaConsumer>> KafkaLog::ClaimConsumer(Partition partition) {
  absl::MutexLock lock(&mutex_);
  const auto kept = static_cast<size_t>(std::min(options_.consumers, partitions_));
  while (consumers_.size() < kept) {
    ASSIGN_OR_RETURN(auto consumer, KafkaConsumer::New(options_, partitions_, watch_->fitness()));
    consumers_.push_back(std::move(consumer));
  }
  while (consumers_.size() > kept && consumers_.back()->idle()) consumers_.pop_back();
  const size_t preferred = static_cast<size_t>(partition) % kept;
  if (consumers_[preferred]->Claim(partition)) return consumers_[preferred];
  for (size_t i = kept; i < consumers_.size(); ++i) {
    if (consumers_[i]->Claim(partition)) return consumers_[i];
  }
  ASSIGN_OR_RETURN(auto extra, KafkaConsumer::New(options_, partitions_, watch_->fitness()));
  extra->Claim(partition);
  consumers_.push_back(extra);
  return extra;
}

absl::StatusOr<std::unique_ptr<LogReader>> KafkaLog::NewReader(Partition partition, Offset next) {
  RETURN_IF_ERROR(CheckPartition(partition));
  if (next < 0) {
    return absl::InvalidArgumentError(absl::StrCat("offset ", next, " is below 0."));
  }
  ASSIGN_OR_RETURN(auto consumer, ClaimConsumer(partition));
  ASSIGN_OR_RETURN(auto reader, KafkaReader::New(std::move(consumer), partition, next));
  return reader;
}

}  // namespace rapport::log
