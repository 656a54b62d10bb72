// Owners of librdkafka's things, for benches that measure it without the engine.
//
//   const Handle handle = NewHandle(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}});
//
// Errors: a property that librdkafka does not take stops the process.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace rapport::bench {

struct HandleDeleter {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
};
using Handle = std::unique_ptr<rd_kafka_t, HandleDeleter>;

struct TopicDeleter {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

struct QueueDeleter {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, QueueDeleter>;

// Counts in `failures`, unless it is null, the records that a producer could not hand over.
Handle NewHandle(rd_kafka_type_t type, const std::map<std::string, std::string>& properties,
                 int64_t* failures = nullptr);

}  // namespace rapport::bench
