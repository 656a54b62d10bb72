// KafkaClient: one librdkafka handle, with what every use of it needs: checked properties, the last
// connection error, and the calls about brokers and topics that answer once.
//
//   ASSIGN_OR_RETURN(auto client, KafkaClient::New(options, KafkaClient::Role::kConsumer));
//   ASSIGN_OR_RETURN(std::string cluster, client->ClusterId());
//
// Threads:   all functions from any thread.
// Ownership: handle() is borrowed; topics, queues and messages of it must be gone before the
// client. Errors:    UNAVAILABLE (LOG_UNAVAILABLE) when no broker answers within answer_timeout.
// Never:     librdkafka's own lines on standard error; what matters of them comes back as a Status.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/log/kafka_options.h"
#include "engine/log/log.h"

// librdkafka's own types; its header is included by kafka_*.cc only.
struct rd_kafka_s;
struct rd_kafka_conf_s;
struct rd_kafka_message_s;

namespace rapport::log {

class KafkaClient {
 public:
  enum class Role { kConsumer, kProducer };

  // What differs from one use to the other. `delivered` (producers) gets each record's fate.
  struct Setup {
    Role role = Role::kConsumer;
    std::map<std::string, std::string> properties;
    void (*delivered)(rd_kafka_s*, const rd_kafka_message_s*, void*) = nullptr;
  };

  // Connects in the background; does not wait for a broker.
  static absl::StatusOr<std::unique_ptr<KafkaClient>> New(const KafkaOptions& options, Setup setup);
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  rd_kafka_s* handle() const { return handle_; }
  const KafkaOptions& options() const { return options_; }

  absl::StatusOr<std::string> ClusterId();
  // Number of partitions; waits at most `timeout`. NOT_FOUND (TOPIC_MISSING) when there is no such
  // topic.
  absl::StatusOr<int> Partitions(absl::Duration timeout);
  // First offset, and the end for a reader of committed records. Call it after Partitions, which
  // knows its time: should the broker be lost in between, this takes up to three times the
  // client's socket.timeout.ms.
  absl::StatusOr<OffsetRange> Range(Partition partition);

  // Serves librdkafka's callbacks; call it now and then.
  void Serve(absl::Duration wait);
  // True from the moment all brokers were lost until MarkUp.
  bool down() const { return down_; }
  void MarkUp() { down_ = false; }
  // LOG_UNAVAILABLE with brokers, time and the last connection error.
  absl::Status Unavailable(absl::Duration waited) const;
  // What librdkafka's error code `error` means to a caller; `deed` says what was tried.
  absl::Status ToStatus(int error, absl::string_view deed) const;

 private:
  explicit KafkaClient(KafkaOptions options) : options_(std::move(options)) {}
  absl::Status Apply(rd_kafka_conf_s* conf, const Setup& setup);
  void Remember(int error, absl::string_view reason);

  const KafkaOptions options_;
  rd_kafka_s* handle_ = nullptr;
  std::atomic<bool> down_ = false;
  mutable absl::Mutex mutex_;
  std::string last_error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rapport::log
