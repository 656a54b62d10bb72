#include "tests/kit/kafka_admin.h"

#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/base/status_macros.h"

namespace rapport::kit {
namespace {

constexpr int kPatience = 20'000;

rd_kafka_s* New(const std::string& bootstrap, const std::map<std::string, std::string>& settings) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char reason[512] = "";
  rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap.c_str(), reason, sizeof(reason));
  for (const auto& [name, value] : settings) {
    rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof(reason));
  }
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  // The record's fate goes where its producer is told to put it.
  rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    *static_cast<rd_kafka_resp_err_t*>(message->_private) = message->err;
  });
  return rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
}

absl::Status ToStatus(rd_kafka_resp_err_t error, const char* text = nullptr) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(rd_kafka_err2name(error), " ", text == nullptr ? "" : text));
}

absl::Status ToStatus(rd_kafka_error_t* error) {
  if (error == nullptr) return absl::OkStatus();
  const absl::Status status = absl::InternalError(rd_kafka_error_string(error));
  rd_kafka_error_destroy(error);
  return status;
}

// Waits for the one answer of an admin call and hands its topics' results to `Results`.
template <auto ResultOf, auto TopicsOf>
absl::Status AwaitTopics(rd_kafka_queue_t* queue) {
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kPatience);
  if (event == nullptr) return absl::InternalError("the broker does not answer");
  absl::Status status = ToStatus(rd_kafka_event_error(event), rd_kafka_event_error_string(event));
  if (status.ok()) {
    size_t count = 0;
    const auto* const* results = TopicsOf(ResultOf(event), &count);
    for (size_t i = 0; i < count && status.ok(); ++i) {
      status = ToStatus(rd_kafka_topic_result_error(results[i]),
                        rd_kafka_topic_result_error_string(results[i]));
    }
  }
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  return status;
}

absl::Status ProduceAll(rd_kafka_s* handle, const std::string& topic, int partition,
                        const std::vector<std::string>& values) {
  std::vector<rd_kafka_resp_err_t> fates(values.size(), RD_KAFKA_RESP_ERR__MSG_TIMED_OUT);
  for (size_t i = 0; i < values.size(); ++i) {
    RETURN_IF_ERROR(ToStatus(
        rd_kafka_producev(handle, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY("k", 1),
                          RD_KAFKA_V_VALUE(const_cast<char*>(values[i].data()), values[i].size()),
                          RD_KAFKA_V_OPAQUE(&fates[i]), RD_KAFKA_V_END)));
  }
  RETURN_IF_ERROR(ToStatus(rd_kafka_flush(handle, kPatience)));
  for (const rd_kafka_resp_err_t fate : fates) RETURN_IF_ERROR(ToStatus(fate));
  return absl::OkStatus();
}

}  // namespace

KafkaAdmin::KafkaAdmin(std::string bootstrap)
    : bootstrap_(std::move(bootstrap)), handle_(New(bootstrap_, {})) {}

KafkaAdmin::~KafkaAdmin() {
  if (transactional_ != nullptr) rd_kafka_destroy(transactional_);
  rd_kafka_destroy(handle_);
}

absl::Status KafkaAdmin::CreateTopic(const std::string& topic, int partitions,
                                     const std::map<std::string, std::string>& settings) {
  char reason[512];
  rd_kafka_NewTopic_t* fresh =
      rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, reason, sizeof(reason));
  if (fresh == nullptr) return absl::InternalError(reason);
  for (const auto& [name, value] : settings) {
    rd_kafka_NewTopic_set_config(fresh, name.c_str(), value.c_str());
  }
  rd_kafka_queue_t* queue = rd_kafka_queue_new(handle_);
  rd_kafka_CreateTopics(handle_, &fresh, 1, nullptr, queue);
  rd_kafka_NewTopic_destroy(fresh);
  return AwaitTopics<rd_kafka_event_CreateTopics_result, rd_kafka_CreateTopics_result_topics>(
      queue);
}

absl::Status KafkaAdmin::SetTopic(const std::string& topic,
                                  const std::map<std::string, std::string>& settings) {
  rd_kafka_ConfigResource_t* resource =
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
  for (const auto& [name, value] : settings) {
    rd_kafka_ConfigResource_set_config(resource, name.c_str(), value.c_str());
  }
  rd_kafka_queue_t* queue = rd_kafka_queue_new(handle_);
  rd_kafka_AlterConfigs(handle_, &resource, 1, nullptr, queue);
  rd_kafka_ConfigResource_destroy(resource);
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kPatience);
  if (event == nullptr) return absl::InternalError("the broker does not answer");
  absl::Status status = ToStatus(rd_kafka_event_error(event), rd_kafka_event_error_string(event));
  size_t count = 0;
  if (status.ok()) {
    const auto* const* results =
        rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(event), &count);
    if (count == 1) {
      status = ToStatus(rd_kafka_ConfigResource_error(results[0]),
                        rd_kafka_ConfigResource_error_string(results[0]));
    }
  }
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  return status;
}

absl::Status KafkaAdmin::DeleteTopic(const std::string& topic) {
  rd_kafka_DeleteTopic_t* old = rd_kafka_DeleteTopic_new(topic.c_str());
  rd_kafka_queue_t* queue = rd_kafka_queue_new(handle_);
  rd_kafka_DeleteTopics(handle_, &old, 1, nullptr, queue);
  rd_kafka_DeleteTopic_destroy(old);
  RETURN_IF_ERROR((
      AwaitTopics<rd_kafka_event_DeleteTopics_result, rd_kafka_DeleteTopics_result_topics>(queue)));
  const absl::Time end = absl::Now() + absl::Milliseconds(kPatience);
  while (Exists(topic)) {
    if (absl::Now() > end) return absl::InternalError(topic + " is still there");
    rd_kafka_poll(handle_, 20);
  }
  return absl::OkStatus();
}

absl::Status KafkaAdmin::AddPartitions(const std::string& topic, int total) {
  char reason[512];
  rd_kafka_NewPartitions_t* more =
      rd_kafka_NewPartitions_new(topic.c_str(), total, reason, sizeof(reason));
  if (more == nullptr) return absl::InternalError(reason);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(handle_);
  rd_kafka_CreatePartitions(handle_, &more, 1, nullptr, queue);
  rd_kafka_NewPartitions_destroy(more);
  return AwaitTopics<rd_kafka_event_CreatePartitions_result,
                     rd_kafka_CreatePartitions_result_topics>(queue);
}

absl::Status KafkaAdmin::DeleteRecords(const std::string& topic, int partition, int64_t before) {
  rd_kafka_topic_partition_list_t* offsets = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(offsets, topic.c_str(), partition)->offset = before;
  rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(offsets);
  rd_kafka_topic_partition_list_destroy(offsets);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(handle_);
  rd_kafka_DeleteRecords(handle_, &request, 1, nullptr, queue);
  rd_kafka_DeleteRecords_destroy(request);
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kPatience);
  if (event == nullptr) return absl::InternalError("the broker does not answer");
  absl::Status status = ToStatus(rd_kafka_event_error(event), rd_kafka_event_error_string(event));
  if (status.ok()) {
    status =
        ToStatus(rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event))
                     ->elems[0]
                     .err);
  }
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  return status;
}

bool KafkaAdmin::Exists(const std::string& topic) {
  const rd_kafka_metadata_t* found = nullptr;
  if (rd_kafka_metadata(handle_, 1, nullptr, &found, kPatience) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return false;
  }
  bool exists = false;
  for (int i = 0; i < found->topic_cnt; ++i) exists |= topic == found->topics[i].topic;
  rd_kafka_metadata_destroy(found);
  return exists;
}

absl::Status KafkaAdmin::Produce(const std::string& topic, int partition,
                                 const std::vector<std::string>& values,
                                 std::map<std::string, std::string> settings) {
  rd_kafka_s* producer = New(bootstrap_, settings);
  const absl::Status status = ProduceAll(producer, topic, partition, values);
  rd_kafka_destroy(producer);
  return status;
}

absl::Status KafkaAdmin::ProduceAt(const std::string& topic, int partition, int64_t time_ms,
                                   const std::string& value,
                                   const std::pair<std::string, std::string>& header) {
  rd_kafka_resp_err_t fate = RD_KAFKA_RESP_ERR__MSG_TIMED_OUT;
  RETURN_IF_ERROR(ToStatus(rd_kafka_producev(
      handle_, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY("k", 1),
      RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
      RD_KAFKA_V_TIMESTAMP(time_ms),
      RD_KAFKA_V_HEADER(header.first.c_str(), header.second.data(), header.second.size()),
      RD_KAFKA_V_OPAQUE(&fate), RD_KAFKA_V_END)));
  RETURN_IF_ERROR(ToStatus(rd_kafka_flush(handle_, kPatience)));
  return ToStatus(fate);
}

rd_kafka_s* KafkaAdmin::Transactional() {
  static std::atomic<int> last = 0;
  if (transactional_ == nullptr) {
    const std::string id = absl::StrCat("admin.", getpid(), ".", ++last);
    transactional_ = New(bootstrap_, {{"transactional.id", id}});
    // A failure shows when the transaction begins.
    ToStatus(rd_kafka_init_transactions(transactional_, kPatience)).IgnoreError();
  }
  return transactional_;
}

absl::Status KafkaAdmin::Transaction(const std::string& topic, int partition,
                                     const std::vector<std::string>& values, End end) {
  rd_kafka_s* producer = Transactional();
  if (std::exchange(open_, end == End::kLeaveOpen)) {
    RETURN_IF_ERROR(ToStatus(rd_kafka_abort_transaction(producer, kPatience)));
  }
  RETURN_IF_ERROR(ToStatus(rd_kafka_begin_transaction(producer)));
  RETURN_IF_ERROR(ProduceAll(producer, topic, partition, values));
  if (end == End::kCommit) return ToStatus(rd_kafka_commit_transaction(producer, kPatience));
  if (end == End::kAbort) return ToStatus(rd_kafka_abort_transaction(producer, kPatience));
  return absl::OkStatus();
}

}  // namespace rapport::kit
