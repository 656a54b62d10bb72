#include "engine/log/kafka_reader.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/log/archive.h"

namespace rapport::log {
namespace {

// A record that came damaged may have suffered on the way: it is fetched again this often.
constexpr int kDamagedTries = 3;

// How long a reader asks a lost broker whether it is back.
constexpr absl::Duration kProbe = absl::Seconds(1);

int64_t Milliseconds(absl::Duration duration) {
  // Rounded up, so that a short wait is a wait.
  return absl::ToInt64Milliseconds(duration + absl::Microseconds(999));
}

// Without its headers.
RecordView ViewOf(const rd_kafka_message_t& message, Partition partition) {
  RecordView record;
  record.partition = partition;
  record.offset = message.offset;
  record.append_time_us = 1000 * rd_kafka_message_timestamp(&message, nullptr);
  record.key = {static_cast<const char*>(message.key), message.key_len};
  record.value = {static_cast<const char*>(message.payload), message.len};
  return record;
}

void AddHeaders(const rd_kafka_message_t& message, std::vector<HeaderView>& to) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    to.push_back({name, {static_cast<const char*>(value), size}});
  }
}

std::map<std::string, std::string> ConsumerProperties(const KafkaOptions& options, int partitions) {
  const size_t own = options.read_ahead_bytes / 1024 / static_cast<size_t>(partitions);
  return {
      {"allow.auto.create.topics", "false"},
      {"auto.offset.reset", "error"},
      {"check.crcs", "true"},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"enable.partition.eof", "true"},
      {"isolation.level", "read_committed"},
      // A compressed batch is unpacked to at most this much.
      {"receive.message.max.bytes", "16777216"},
      {"fetch.max.bytes", "15728640"},
      {"fetch.message.max.bytes", "4194304"},
      // A partition that begins to be read waits for the request under way to come back.
      {"fetch.wait.max.ms", "50"},
      {"fetch.error.backoff.ms", "50"},
      {"socket.timeout.ms", "10000"},
      // librdkafka rests up to a second when enough is queued, so the bytes must be the bound.
      {"queued.min.messages", "2000000"},
      {"queued.max.messages.kbytes", absl::StrCat(std::max<size_t>(own, 1024))},
  };
}

}  // namespace

absl::StatusOr<std::shared_ptr<KafkaConsumer>> KafkaConsumer::New(
    const KafkaOptions& options, int partitions, std::shared_ptr<const TopicFitness> fitness) {
  std::shared_ptr<KafkaConsumer> consumer(new KafkaConsumer(partitions, std::move(fitness)));
  KafkaClient::Setup setup;
  setup.properties = ConsumerProperties(options, partitions);
  ASSIGN_OR_RETURN(consumer->client_, KafkaClient::New(options, std::move(setup)));
  consumer->topic_ =
      rd_kafka_topic_new(consumer->client_->handle(), options.topic.c_str(), nullptr);
  if (consumer->topic_ == nullptr) {
    return consumer->client_->ToStatus(rd_kafka_last_error(), "opening");
  }
  return consumer;
}

KafkaConsumer::KafkaConsumer(int partitions, std::shared_ptr<const TopicFitness> fitness)
    : partitions_(partitions),
      fitness_(std::move(fitness)),
      counted_(partitions),
      asked_at_(std::chrono::steady_clock::now()) {}

KafkaConsumer::~KafkaConsumer() {
  if (topic_ != nullptr) rd_kafka_topic_destroy(topic_);
}

bool KafkaConsumer::Claim(Partition partition) {
  absl::MutexLock lock(&mutex_);
  return claimed_.insert(partition).second;
}

void KafkaConsumer::Release(Partition partition) {
  absl::MutexLock lock(&mutex_);
  claimed_.erase(partition);
}

bool KafkaConsumer::idle() const {
  absl::MutexLock lock(&mutex_);
  return claimed_.empty();
}

int KafkaConsumer::CountPartitions() {
  const absl::Duration interval = client_->options().prove_interval;
  const auto now = std::chrono::steady_clock::now();
  {
    absl::MutexLock lock(&mutex_);
    if (now - asked_at_ < absl::ToChronoNanoseconds(interval) || client_->down()) return counted_;
    asked_at_ = now;
  }
  const absl::StatusOr<int> partitions = client_->Partitions(kProbe);
  absl::MutexLock lock(&mutex_);
  // A topic that is gone, or a broker that does not answer, shows when records are fetched.
  if (partitions.ok()) counted_ = *partitions;
  return counted_;
}

struct KafkaReader::Fetched {
  explicit Fetched(std::shared_ptr<KafkaConsumer> owner) : consumer(std::move(owner)) {}
  ~Fetched() {
    for (rd_kafka_message_t* message : messages) rd_kafka_message_destroy(message);
  }

  // librdkafka cannot be closed while messages of it live.
  std::shared_ptr<KafkaConsumer> consumer;
  std::vector<rd_kafka_message_t*> messages;
  // Headers of all records, one after the other; `ends` has an entry for each record.
  std::vector<HeaderView> headers;
  std::vector<size_t> ends;
};

absl::StatusOr<std::unique_ptr<KafkaReader>> KafkaReader::New(
    std::shared_ptr<KafkaConsumer> consumer, Partition partition, Offset next) {
  std::unique_ptr<KafkaReader> reader(new KafkaReader(std::move(consumer), partition, next));
  RETURN_IF_ERROR(reader->Start());
  return reader;
}

KafkaReader::~KafkaReader() {
  Stop();
  consumer_->Release(partition_);
}

absl::Status KafkaReader::Start() {
  queue_ = rd_kafka_queue_new(consumer_->client().handle());
  proving_ = anchor_.offset >= 0;
  const Offset from = proving_ ? anchor_.offset : next_;
  if (rd_kafka_consume_start_queue(consumer_->topic(), partition_, from, queue_) != 0) {
    const rd_kafka_resp_err_t error = rd_kafka_last_error();
    Stop();
    return consumer_->client().ToStatus(error, "reading");
  }
  fetching_ = true;
  return absl::OkStatus();
}

void KafkaReader::Stop() {
  if (std::exchange(fetching_, false)) rd_kafka_consume_stop(consumer_->topic(), partition_);
  if (queue_ != nullptr) rd_kafka_queue_destroy(std::exchange(queue_, nullptr));
}

absl::StatusOr<RecordBatch> KafkaReader::Read(size_t max_records, absl::Duration timeout) {
  using Clock = std::chrono::steady_clock;
  RETURN_IF_ERROR(stopped_);
  if (absl::Status unfit = consumer_->CheckFitness(); !unfit.ok()) {
    return Halt(std::string(unfit.message()));
  }
  if (const int now = consumer_->CountPartitions(); now != consumer_->partitions()) {
    return Halt(absl::StrCat("LOG_CHANGED: ", Where(next_), ": the topic has ", now,
                             " partitions now, had ", consumer_->partitions(),
                             ", so customers' events are spread over two. Copy it into a new topic "
                             "and start with an empty state directory."));
  }
  RecordBatch batch{partition_, next_, next_};
  if (max_records == 0) return batch;
  const auto deadline = Clock::now() + absl::ToChronoNanoseconds(timeout);
  if (IsProofDue()) Stop();
  for (;;) {
    if (!fetching_) RETURN_IF_ERROR(Start());
    auto fetched = std::make_shared<Fetched>(consumer_);
    const auto left = std::max(deadline - Clock::now(), Clock::duration::zero());
    Fetch(max_records, absl::FromChrono(left), *fetched);
    const absl::Status error = Take(*fetched, batch);
    batch.next = next_;
    if (batch.next > batch.first) {
      // An error behind these records stays in stopped_, or shows again when fetched again.
      batch.owner = std::move(fetched);
      return batch;
    }
    RETURN_IF_ERROR(error);
    if (Clock::now() >= deadline) break;
  }
  RETURN_IF_ERROR(CheckReachable(timeout));
  return batch;
}

bool KafkaReader::IsProofDue() const {
  const absl::Duration interval = consumer_->client().options().prove_interval;
  return caught_up_ && !proving_ && anchor_.offset >= 0 &&
         std::chrono::steady_clock::now() - proved_at_ >= absl::ToChronoNanoseconds(interval);
}

void KafkaReader::Fetch(size_t max_records, absl::Duration timeout, Fetched& fetched) {
  // librdkafka waits until the array is full or the time is over, so the wait is for one only.
  if (scratch_.size() < max_records) scratch_.resize(max_records);
  rd_kafka_message_t** const to = scratch_.data();
  ssize_t count = rd_kafka_consume_batch_queue(queue_, 0, to, max_records);
  if (count == 0 && timeout > absl::ZeroDuration()) {
    const auto wait = static_cast<int>(Milliseconds(timeout));
    count = rd_kafka_consume_batch_queue(queue_, wait, to, 1);
    if (count == 1 && max_records > 1) {
      count +=
          std::max<ssize_t>(rd_kafka_consume_batch_queue(queue_, 0, to + 1, max_records - 1), 0);
    }
  }
  if (count > 0) fetched.messages.assign(to, to + count);
}

absl::Status KafkaReader::Take(Fetched& fetched, RecordBatch& batch) {
  absl::Status error;
  batch.records.reserve(fetched.messages.size());
  for (const rd_kafka_message_t* message : fetched.messages) {
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      // Where the anchor was, the log ends now.
      if (proving_) return JudgeRange();
      // Behind the last record may stand markers and records of aborted transactions.
      next_ = std::max(next_, message->offset);
      caught_up_ = true;
      continue;
    }
    error = message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? TakeRecord(*message, fetched, batch)
                                                       : Judge(message->err);
    if (!error.ok()) break;
  }
  size_t begin = 0;
  for (size_t i = 0; i < fetched.ends.size(); ++i) {
    const size_t end = fetched.ends[i];
    batch.records[i].headers = absl::MakeSpan(fetched.headers).subspan(begin, end - begin);
    begin = end;
  }
  if (!batch.records.empty()) {
    const RecordView& last = batch.records.back();
    anchor_ = {last.offset, RecordCrc(last), OutlineOf(last)};
  }
  return error;
}

absl::Status KafkaReader::Prove(const rd_kafka_message_t& message) {
  proving_ = false;
  proved_at_ = std::chrono::steady_clock::now();
  std::vector<HeaderView> headers;
  AddHeaders(message, headers);
  RecordView now = ViewOf(message, partition_);
  now.headers = headers;
  if (now.offset == anchor_.offset && RecordCrc(now) == anchor_.crc) return absl::OkStatus();
  return Halt(absl::StrCat("LOG_CHANGED: ", Where(anchor_.offset),
                           " holds another record than was read there before: it was ",
                           anchor_.outline, ", now there is ", OutlineOf(now),
                           ". The topic was truncated or created anew. Restore it, or start with a "
                           "new topic and an empty state directory."));
}

absl::Status KafkaReader::TakeRecord(const rd_kafka_message_t& message, Fetched& fetched,
                                     RecordBatch& batch) {
  if (proving_ && message.offset >= anchor_.offset) RETURN_IF_ERROR(Prove(message));
  if (message.offset < next_) return absl::OkStatus();
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  rd_kafka_message_timestamp(&message, &type);
  if (type != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME &&
      !consumer_->client().options().allow_producer_timestamps) {
    return Halt(absl::StrCat("TOPIC_UNFIT: ", Where(message.offset),
                             " carries its producer's time instead of the log's. Set "
                             "message.timestamp.type=LogAppendTime on the topic; to trust "
                             "producers' clocks in what is there, start with "
                             "--allow-producer-time."));
  }
  batch.records.push_back(ViewOf(message, partition_));
  AddHeaders(message, fetched.headers);
  fetched.ends.push_back(fetched.headers.size());
  next_ = message.offset + 1;
  caught_up_ = false;
  damaged_ = 0;
  return absl::OkStatus();
}

absl::Status KafkaReader::Judge(int error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return JudgeRange();
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      RETURN_IF_ERROR(CheckTopic(consumer_->client().options().answer_timeout));
      // It is there: a broker that has just started did not know of it yet.
      Stop();
      return absl::UnavailableError(absl::StrCat("LOG_UNAVAILABLE: ", Where(next_),
                                                 ": a broker does not know the topic yet"));
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
      if (++damaged_ >= kDamagedTries) {
        stopped_ = absl::DataLossError(absl::StrCat(
            "LOG_DAMAGED: ", Where(next_), " cannot be read, fetched ", damaged_,
            " times: it does not match its checksum, or inflates to over 16 MiB. Check the "
            "broker's disk, restore the partition from a replica, or find who published it."));
        return stopped_;
      }
      break;
    default:
      break;
  }
  Stop();  // What follows in the queue is fetched again, from next_ on.
  return consumer_->client().ToStatus(error, "reading");
}

absl::Status KafkaReader::JudgeRange() {
  KafkaClient& client = consumer_->client();
  Stop();
  RETURN_IF_ERROR(CheckTopic(client.options().answer_timeout));
  ASSIGN_OR_RETURN(const OffsetRange range, client.Range(partition_));
  if (range.start > next_) {
    return Halt(absl::StrCat("ARCHIVE_GAP: ", Where(next_), " is gone: the log begins at ",
                             range.start,
                             " now. Restore an archive that holds the range, or accept its loss "
                             "(accept-loss, with a reason)."));
  }
  if (range.end < next_) {
    return Halt(absl::StrCat(
        "LOG_CHANGED: ", Where(next_), " is beyond the log's end ", range.end,
        ": the topic was truncated or created anew. ",
        anchor_.offset < 0 ? "" : absl::StrCat("Read last was ", anchor_.outline, ". "),
        "Restore it, or start with an empty state directory."));
  }
  // The anchor may have aged out meanwhile. Otherwise a leader was not ready yet; the next
  // Read begins anew.
  if (range.start > anchor_.offset) anchor_ = {};
  return client.ToStatus(RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE, "reading");
}

absl::Status KafkaReader::CheckTopic(absl::Duration timeout) {
  const absl::StatusOr<int> partitions = consumer_->client().Partitions(timeout);
  if (absl::IsNotFound(partitions.status()) || (partitions.ok() && *partitions <= partition_)) {
    return Halt(absl::StrCat("LOG_CHANGED: ", Where(next_),
                             " cannot be read: the topic was deleted. Restore it, or start with a "
                             "new topic and an empty state directory."));
  }
  return partitions.status();
}

absl::Status KafkaReader::CheckReachable(absl::Duration timeout) {
  KafkaClient& client = consumer_->client();
  client.Serve(absl::ZeroDuration());
  if (!client.down()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckTopic(std::clamp(timeout, absl::Milliseconds(10), kProbe)));
  client.MarkUp();
  Stop();  // Begins anew, and so proves that it is the same log that came back.
  return absl::OkStatus();
}

absl::Status KafkaReader::Halt(std::string message) {
  Stop();
  stopped_ = absl::FailedPreconditionError(std::move(message));
  return stopped_;
}

std::string KafkaReader::Where(Offset offset) const {
  return absl::StrCat("topic ", consumer_->client().options().topic, " partition ", partition_,
                      " offset ", offset);
}

}  // namespace rapport::log
