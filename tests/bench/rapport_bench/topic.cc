#include "tests/bench/rapport_bench/topic.h"

#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/log/kafka_topics.h"
#include "engine/log/partitioner.h"
#include "tests/bench/rapport_bench/kafka_handle.h"

namespace rapport::bench {
namespace {

constexpr int kPatienceMilliseconds = 30'000;
constexpr size_t kBatch = 10'000;

// One instance of librdkafka that reads its share of the partitions.
class RawConsumer {
 public:
  explicit RawConsumer(const Topic& topic)
      : handle_(NewHandle(RD_KAFKA_CONSUMER,
                          {{"bootstrap.servers", topic.brokers},
                           {"auto.offset.reset", "error"},
                           {"enable.auto.commit", "false"},
                           {"enable.auto.offset.store", "false"},
                           {"fetch.wait.max.ms", "50"},
                           {"fetch.message.max.bytes", "4194304"},
                           {"queued.min.messages", "2000000"}},
                          nullptr)),
        topic_(rd_kafka_topic_new(handle_.get(), topic.name.c_str(), nullptr)),
        queue_(rd_kafka_queue_new(handle_.get())) {}

  // Asks for the ends of its partitions, which connects it.
  absl::Status Connect(const Topic& topic, int first, int step) {
    for (int partition = first; partition < topic.partitions; partition += step) {
      int64_t low = 0;
      int64_t high = 0;
      const auto error = rd_kafka_query_watermark_offsets(
          handle_.get(), topic.name.c_str(), partition, &low, &high, kPatienceMilliseconds);
      if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return absl::InternalError(absl::StrCat("topic ", topic.name, " partition ", partition,
                                                ": ", rd_kafka_err2str(error)));
      }
      partitions_.push_back(partition);
      wanted_ += high - low;
    }
    return absl::OkStatus();
  }

  int64_t wanted() const { return wanted_; }

  absl::Status Read() {
    for (const int partition : partitions_) {
      if (rd_kafka_consume_start_queue(topic_.get(), partition, 0, queue_.get()) != 0) {
        return absl::InternalError(rd_kafka_err2str(rd_kafka_last_error()));
      }
    }
    std::vector<rd_kafka_message_t*> messages(kBatch);
    absl::Status status;
    for (int64_t left = wanted_; left > 0 && status.ok();) {
      const ssize_t count =
          rd_kafka_consume_batch_queue(queue_.get(), 100, messages.data(), messages.size());
      for (ssize_t i = 0; i < count; ++i) {
        rd_kafka_message_t* message = messages[static_cast<size_t>(i)];
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
          status = absl::InternalError(rd_kafka_message_errstr(message));
        }
        rd_kafka_message_destroy(message);
      }
      left -= count;
    }
    for (const int partition : partitions_) rd_kafka_consume_stop(topic_.get(), partition);
    return status;
  }

 private:
  // In this order, so that topic and queue go before what they belong to.
  Handle handle_;
  TopicHandle topic_;
  Queue queue_;
  std::vector<int> partitions_;
  int64_t wanted_ = 0;
};

absl::Status Produce(rd_kafka_t* handle, rd_kafka_topic_t* topic, int partition,
                     NewRecord& record) {
  for (;;) {
    const int done =
        rd_kafka_produce(topic, partition, RD_KAFKA_MSG_F_COPY, record.value.data(),
                         record.value.size(), record.key.data(), record.key.size(), nullptr);
    if (done == 0) return absl::OkStatus();
    const rd_kafka_resp_err_t error = rd_kafka_last_error();
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      return absl::InternalError(absl::StrCat("filling the topic: ", rd_kafka_err2str(error)));
    }
    rd_kafka_poll(handle, 10);
  }
}

}  // namespace

absl::Status FillTopic(const Topic& topic, Workload& workload) {
  log::KafkaOptions options;
  options.brokers = topic.brokers;
  options.topic = topic.name;
  const log::TopicPlan plan = log::EventsTopic(topic.partitions, topic.name);
  RETURN_IF_ERROR(log::CreateTopics(options, absl::MakeConstSpan(&plan, 1), 1));
  int64_t failures = 0;
  const Handle handle = NewHandle(RD_KAFKA_PRODUCER,
                                  {{"bootstrap.servers", topic.brokers},
                                   {"enable.idempotence", "true"},
                                   {"compression.type", "lz4"},
                                   {"linger.ms", "50"},
                                   {"batch.size", "1000000"},
                                   {"queue.buffering.max.messages", "500000"}},
                                  &failures);
  const TopicHandle target(rd_kafka_topic_new(handle.get(), topic.name.c_str(), nullptr));
  NewRecord record;
  for (int64_t number = 0; workload.Next(record); ++number) {
    const Partition partition = log::PartitionOf(record.key, topic.partitions);
    RETURN_IF_ERROR(Produce(handle.get(), target.get(), partition, record));
    if (number % 1000 == 0) rd_kafka_poll(handle.get(), 0);
  }
  const rd_kafka_resp_err_t error = rd_kafka_flush(handle.get(), 4 * kPatienceMilliseconds);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR && failures == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("filling topic ", topic.name, ": ",
                                          rd_kafka_err2str(error), ", ", failures,
                                          " records were refused"));
}

absl::StatusOr<absl::Duration> ReadRaw(const Topic& topic, int64_t events, int consumers) {
  std::vector<std::unique_ptr<RawConsumer>> all;
  int64_t wanted = 0;
  for (int i = 0; i < consumers; ++i) {
    all.push_back(std::make_unique<RawConsumer>(topic));
    RETURN_IF_ERROR(all.back()->Connect(topic, i, consumers));
    wanted += all.back()->wanted();
  }
  if (wanted != events) {
    return absl::DataLossError(
        absl::StrCat("topic ", topic.name, " holds ", wanted, " records, should hold ", events));
  }
  std::vector<absl::Status> statuses(all.size());
  const absl::Time begun = absl::Now();
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < all.size(); ++i) {
      threads.emplace_back([&, i] { statuses[i] = all[i]->Read(); });
    }
  }
  const absl::Duration took = absl::Now() - begun;
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  return took;
}

}  // namespace rapport::bench
