// KafkaAdmin: does to a broker's topics what operators and accidents do to them.
//
//   KafkaAdmin admin(broker->bootstrap());
//   ASSERT_OK(admin.CreateTopic("t", 3, {{"retention.ms", "1000"}}));
//   ASSERT_OK(admin.DeleteRecords("t", 0, 5));             // offsets below 5 are gone
//   ASSERT_OK(admin.Transaction("t", 0, {"a", "b"}, KafkaAdmin::End::kAbort));
//
// Threads: one thread.
// Errors:  INTERNAL with what the broker said.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

struct rd_kafka_s;

namespace rapport::kit {

class KafkaAdmin {
 public:
  explicit KafkaAdmin(std::string bootstrap);
  ~KafkaAdmin();
  KafkaAdmin(const KafkaAdmin&) = delete;
  KafkaAdmin& operator=(const KafkaAdmin&) = delete;

  absl::Status CreateTopic(const std::string& topic, int partitions,
                           const std::map<std::string, std::string>& settings);
  // Gives the topic these settings, and the broker's own for all others.
  absl::Status SetTopic(const std::string& topic,
                        const std::map<std::string, std::string>& settings);
  // Waits until the topic is gone.
  absl::Status DeleteTopic(const std::string& topic);
  // To `total` partitions.
  absl::Status AddPartitions(const std::string& topic, int total);
  // Removes the records below `before`.
  absl::Status DeleteRecords(const std::string& topic, int partition, int64_t before);
  // The number of topics of that name: 0 or 1.
  bool Exists(const std::string& topic);

  // Appends `values` under the key "k", without a transaction, with any producer settings.
  absl::Status Produce(const std::string& topic, int partition,
                       const std::vector<std::string>& values,
                       std::map<std::string, std::string> settings = {});

  // Appends `value` under the key "k" with one header and the producer's time.
  absl::Status ProduceAt(const std::string& topic, int partition, int64_t time_ms,
                         const std::string& value,
                         const std::pair<std::string, std::string>& header);

  // Appends `values` in a transaction. kLeaveOpen returns with it open; it ends, aborted, with the
  // next one or with the admin.
  enum class End { kCommit, kAbort, kLeaveOpen };
  absl::Status Transaction(const std::string& topic, int partition,
                           const std::vector<std::string>& values, End end);

 private:
  rd_kafka_s* Transactional();

  const std::string bootstrap_;
  rd_kafka_s* handle_ = nullptr;
  rd_kafka_s* transactional_ = nullptr;
  bool open_ = false;
};

}  // namespace rapport::kit
