#include "engine/log/kafka_producer.h"

#include <librdkafka/rdkafka.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::log {
namespace {

// How long the destructor waits for records under way.
constexpr int kFlushMilliseconds = 5000;

struct HeadersDeleter {
  void operator()(rd_kafka_headers_t* headers) const { rd_kafka_headers_destroy(headers); }
};
using Headers = std::unique_ptr<rd_kafka_headers_t, HeadersDeleter>;

Headers ToHeaders(const NewRecord& record) {
  if (record.headers.empty()) return nullptr;
  Headers headers(rd_kafka_headers_new(record.headers.size()));
  for (const auto& [name, value] : record.headers) {
    rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  return headers;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaProducer>> KafkaProducer::New(const KafkaOptions& options) {
  std::unique_ptr<KafkaProducer> producer(new KafkaProducer());
  KafkaClient::Setup setup;
  setup.role = KafkaClient::Role::kProducer;
  setup.delivered = &KafkaProducer::Delivered;
  setup.properties = {
      {"enable.idempotence", "true"},
      {"acks", "all"},
      {"allow.auto.create.topics", "false"},
      {"compression.type", "zstd"},
      {"linger.ms", "2"},
      {"message.timeout.ms", absl::StrCat(absl::ToInt64Milliseconds(options.append_timeout))},
      {"queue.buffering.max.messages", absl::StrCat(options.append_queue_records)},
      {"queue.buffering.max.kbytes", "131072"},
  };
  ASSIGN_OR_RETURN(producer->client_, KafkaClient::New(options, std::move(setup)));
  producer->topic_ =
      rd_kafka_topic_new(producer->client_->handle(), options.topic.c_str(), nullptr);
  if (producer->topic_ == nullptr) {
    return producer->client_->ToStatus(rd_kafka_last_error(), "opening");
  }
  producer->thread_ = std::thread([self = producer.get()] { self->Run(); });
  return producer;
}

KafkaProducer::~KafkaProducer() {
  if (thread_.joinable()) {
    rd_kafka_t* handle = client_->handle();
    rd_kafka_flush(handle, kFlushMilliseconds);
    rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (rd_kafka_outq_len(handle) > 0) client_->Serve(absl::Milliseconds(10));
    stopping_ = true;
    thread_.join();
  }
  if (topic_ != nullptr) rd_kafka_topic_destroy(topic_);
}

void KafkaProducer::Run() {
  while (!stopping_) client_->Serve(absl::Milliseconds(50));
}

void KafkaProducer::Append(const NewRecord& record, Partition partition, AppendDone done) {
  auto pending = std::make_unique<Pending>(Pending{this, std::move(done)});
  Headers headers = ToHeaders(record);
  rd_kafka_vu_t fields[7];
  fields[0].vtype = RD_KAFKA_VTYPE_RKT;
  fields[0].u.rkt = topic_;
  fields[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  fields[1].u.i32 = partition;
  fields[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  fields[2].u.i = RD_KAFKA_MSG_F_COPY;
  fields[3].vtype = RD_KAFKA_VTYPE_KEY;
  fields[3].u.mem = {const_cast<char*>(record.key.data()), record.key.size()};
  fields[4].vtype = RD_KAFKA_VTYPE_VALUE;
  fields[4].u.mem = {const_cast<char*>(record.value.data()), record.value.size()};
  fields[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  fields[5].u.ptr = pending.get();
  fields[6].vtype = RD_KAFKA_VTYPE_HEADERS;
  fields[6].u.headers = headers.get();
  rd_kafka_error_t* error =
      rd_kafka_produceva(client_->handle(), fields, headers == nullptr ? 6 : 7);
  if (error == nullptr) {
    // librdkafka owns both now and gives `pending` back in Delivered.
    headers.release();
    pending.release();
    return;
  }
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  rd_kafka_error_destroy(error);
  pending->done(Refusal(code));
}

void KafkaProducer::Delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  const std::unique_ptr<Pending> pending(static_cast<Pending*>(message->_private));
  pending->done(pending->producer->Fate(*message));
}

absl::StatusOr<Appended> KafkaProducer::Fate(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return Refusal(message.err);
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t milliseconds = rd_kafka_message_timestamp(&message, &type);
  if (message.offset < 0) {
    // A retry that the broker knew already and has forgotten the place of.
    return absl::UnavailableError(absl::StrCat(
        "LOG_UNAVAILABLE: a record of topic ", client_->options().topic, " partition ",
        message.partition, " was appended but its place is unknown. Publish the event again."));
  }
  if (type != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME && !client_->options().allow_producer_timestamps) {
    return absl::FailedPreconditionError(absl::StrCat(
        "LOG_CHANGED: topic ", client_->options().topic,
        " no longer stamps records itself. Set message.timestamp.type=LogAppendTime again."));
  }
  return Appended{message.partition, message.offset, milliseconds * 1000};
}

absl::Status KafkaProducer::Refusal(int error) {
  if (error == RD_KAFKA_RESP_ERR__FATAL ||
      rd_kafka_fatal_error(client_->handle(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    broken_ = true;
  }
  return client_->ToStatus(error, "appending to");
}

}  // namespace rapport::log
