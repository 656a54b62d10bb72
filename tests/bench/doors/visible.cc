#include "tests/bench/doors/visible.h"
#include "tests/bench/rapport_bench/figures.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/operations/server.h"
#include "engine/base/status_macros.h"
#include "engine/log/kafka_topics.h"
#include "engine/log/partitioner.h"
#include "rapport/v1/relationships.grpc.pb.h"
#include "tests/bench/rapport_bench/kafka_handle.h"
#include "tests/bench/rapport_bench/workload.h"
#include "tests/kit/kafka_broker.h"

namespace rapport::bench {
namespace {

constexpr int kPatienceMilliseconds = 30'000;

// When records were handed over and when they arrived, by number.
struct Times {
  explicit Times(int64_t records) : sent(records), arrived(records) {}
  std::vector<int64_t> sent;
  std::vector<int64_t> arrived;
};

struct Delays {
  double p50_ms = 0;
  double p99_ms = 0;
};

Delays DelaysOf(const Times& times) {
  std::vector<int64_t> delays;
  for (size_t i = times.sent.size() / 10; i < times.sent.size(); ++i) {
    delays.push_back(times.arrived[i] - times.sent[i]);
  }
  std::sort(delays.begin(), delays.end());
  return {static_cast<double>(delays[delays.size() / 2]) / 1e6,
          static_cast<double>(delays[delays.size() * 99 / 100]) / 1e6};
}

// Hands records of a workload to a topic, one each `pace`, and knows where each will stand, as
// nobody else writes.
class Producer {
 public:
  Producer(const std::string& brokers, const std::string& topic, int partitions)
      : handle_(NewHandle(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers},
                                              {"enable.idempotence", "true"},
                                              {"acks", "all"},
                                              {"linger.ms", "0"}})),
        topic_(rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr)),
        ends_(static_cast<size_t>(partitions)) {}

  // `about` is told, before each is handed over, its number, its record and where it will stand.
  absl::Status Run(Workload& workload, absl::Duration pace, Times& times,
                   absl::FunctionRef<void(size_t, const NewRecord&, Partition, Offset)> about) {
    auto due = std::chrono::steady_clock::now();
    NewRecord record;
    for (size_t number = 0; number < times.sent.size() && workload.Next(record); ++number) {
      // allow: sleep, because records come at an even pace
      std::this_thread::sleep_until(due);
      due += absl::ToChronoNanoseconds(pace);
      const Partition partition = log::PartitionOf(record.key, static_cast<int>(ends_.size()));
      about(number, record, partition, ends_[static_cast<size_t>(partition)]++);
      times.sent[number] = absl::GetCurrentTimeNanos();
      if (rd_kafka_produce(topic_.get(), partition, RD_KAFKA_MSG_F_COPY, record.value.data(),
                           record.value.size(), record.key.data(), record.key.size(),
                           nullptr) != 0) {
        return absl::InternalError(rd_kafka_err2str(rd_kafka_last_error()));
      }
      rd_kafka_poll(handle_.get(), 0);
    }
    const rd_kafka_resp_err_t error = rd_kafka_flush(handle_.get(), kPatienceMilliseconds);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return absl::InternalError(rd_kafka_err2str(error));
    return absl::OkStatus();
  }

 private:
  Handle handle_;
  TopicHandle topic_;
  std::vector<Offset> ends_;
};

// The bound: a consumer as librdkafka makes it, of all partitions, that looks at nothing.
absl::Status RunRaw(Producer& producer, const std::string& brokers, const std::string& name,
                    const VisibleOptions& options, Workload& workload, Times& times) {
  const Handle handle = NewHandle(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers},
                                                      {"enable.auto.commit", "false"},
                                                      {"enable.auto.offset.store", "false"}});
  const TopicHandle topic(rd_kafka_topic_new(handle.get(), name.c_str(), nullptr));
  const Queue queue(rd_kafka_queue_new(handle.get()));
  for (int partition = 0; partition < options.partitions; ++partition) {
    if (rd_kafka_consume_start_queue(topic.get(), partition, RD_KAFKA_OFFSET_END, queue.get()) !=
        0) {
      return absl::InternalError(rd_kafka_err2str(rd_kafka_last_error()));
    }
  }
  // The place in the log -> the number; written before the record is handed over.
  std::vector<std::vector<int64_t>> numbers(static_cast<size_t>(options.partitions));
  std::vector<Offset> firsts(numbers.size(), -1);
  absl::Mutex mutex;
  absl::Status failed;
  std::jthread collector([&] {
    const absl::Time patience = absl::Now() + options.pace * options.records + absl::Seconds(30);
    for (int64_t left = options.records; left > 0 && absl::Now() < patience;) {
      rd_kafka_message_t* message = rd_kafka_consume_queue(queue.get(), 100);
      if (message == nullptr) continue;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const int64_t now = absl::GetCurrentTimeNanos();
        absl::MutexLock lock(&mutex);
        const auto partition = static_cast<size_t>(message->partition);
        const auto place = static_cast<size_t>(message->offset - firsts[partition]);
        times.arrived[static_cast<size_t>(numbers[partition][place])] = now;
        --left;
      } else {
        failed = absl::InternalError(rd_kafka_message_errstr(message));
      }
      rd_kafka_message_destroy(message);
    }
  });
  // allow: sleep, because librdkafka does not say when it has found the end
  absl::SleepFor(absl::Seconds(2));
  const absl::Status produced =
      producer.Run(workload, options.pace, times,
                   [&](size_t number, const NewRecord&, Partition partition, Offset offset) {
                     absl::MutexLock lock(&mutex);
                     const auto at = static_cast<size_t>(partition);
                     if (firsts[at] < 0) firsts[at] = offset;
                     numbers[at].push_back(static_cast<int64_t>(number));
                   });
  collector.join();
  for (int partition = 0; partition < options.partitions; ++partition) {
    rd_kafka_consume_stop(topic.get(), partition);
  }
  RETURN_IF_ERROR(produced);
  RETURN_IF_ERROR(failed);
  if (std::count(times.arrived.begin(), times.arrived.end(), 0) > 0) {
    return absl::DataLossError("the consumer did not get all records");
  }
  return absl::OkStatus();
}

struct Question {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::GetRelationshipResponse>> reader;
  v1::GetRelationshipResponse answer;
  grpc::Status status;
  size_t number = 0;
};

// Asks for the customer of each record, to be answered once that record counts.
absl::Status RunOurs(Producer& producer, const std::shared_ptr<grpc::Channel>& channel,
                     const VisibleOptions& options, Workload& workload, Times& times) {
  const auto stub = v1::RelationshipService::NewStub(channel);
  grpc::CompletionQueue queue;
  absl::Status failed;
  std::jthread collector([&] {
    void* tag = nullptr;
    bool ok = false;
    for (int64_t left = options.records; left > 0 && queue.Next(&tag, &ok); --left) {
      const std::unique_ptr<Question> question(static_cast<Question*>(tag));
      times.arrived[question->number] = absl::GetCurrentTimeNanos();
      if (!question->status.ok()) failed = absl::InternalError(question->status.error_message());
    }
  });
  const absl::Status produced = producer.Run(
      workload, options.pace, times,
      [&](size_t number, const NewRecord& record, Partition partition, Offset offset) {
        auto* question = new Question;  // The queue owns it.
        question->number = number;
        v1::GetRelationshipRequest request;
        request.set_customer_id(record.key);
        request.set_min_position(absl::StrCat("p:", partition, "@", offset + 1));
        request.mutable_read_mask()->add_paths("standing.stage");
        request.mutable_read_mask()->add_paths("standing.score");
        question->reader = stub->AsyncGetRelationship(&question->context, request, &queue);
        question->reader->Finish(&question->answer, &question->status, question);
      });
  collector.join();
  RETURN_IF_ERROR(produced);
  return failed;
}

void Print(const char* what, const std::vector<Delays>& rounds) {
  std::vector<double> p50, p99;
  for (const Delays& round : rounds) {
    p50.push_back(round.p50_ms);
    p99.push_back(round.p99_ms);
  }
  const auto [least, greatest] = std::minmax_element(p99.begin(), p99.end());
  std::printf("%-40s p50 %6.2f ms  p99 %6.2f ms (%.2f to %.2f)\n", what, Median(p50), Median(p99),
              *least, *greatest);
}

}  // namespace

absl::Status MeasureVisible(const VisibleOptions& options) {
  ASSIGN_OR_RETURN(const auto broker, kit::KafkaBroker::Start());
  const std::string folder = absl::StrCat("/tmp/doors_bench.visible.", ::getpid());
  operations::ServerOptions served;
  served.engine.data_directory = folder;
  served.engine.log = EngineOptions::LogKind::kKafka;
  served.engine.brokers = broker->bootstrap();
  served.engine.topic = "bench.visible";
  served.limits.in_flight = 1024;
  log::KafkaOptions kafka;
  kafka.brokers = broker->bootstrap();
  const std::vector<log::TopicPlan> plans = {
      log::EventsTopic(options.partitions, served.engine.topic),
      log::EventsTopic(options.partitions, "bench.raw")};
  RETURN_IF_ERROR(log::CreateTopics(kafka, plans, 1));
  const int64_t records = options.records * options.rounds;
  const Amounts amounts{.events = records, .customers = 1000};
  Workload ours(AllShapes().front(), amounts);
  Workload raw(AllShapes().front(), amounts);
  Producer to_ours(kafka.brokers, served.engine.topic, options.partitions);
  Producer to_raw(kafka.brokers, "bench.raw", options.partitions);
  std::vector<Delays> visible, consumed;
  std::vector<double> ratios;
  {
    ASSIGN_OR_RETURN(const auto server, operations::Server::Open(served));
    RETURN_IF_ERROR(server->Listen("127.0.0.1:0"));
    const auto channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server->port()),
                                             grpc::InsecureChannelCredentials());
    for (int round = 0; round < options.rounds; ++round) {
      Times seen(options.records);
      RETURN_IF_ERROR(RunOurs(to_ours, channel, options, ours, seen));
      visible.push_back(DelaysOf(seen));
      Times got(options.records);
      RETURN_IF_ERROR(RunRaw(to_raw, kafka.brokers, "bench.raw", options, raw, got));
      consumed.push_back(DelaysOf(got));
      ratios.push_back(visible.back().p99_ms / consumed.back().p99_ms);
    }
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  Print("produced to answered by Get, over Kafka", visible);
  Print("produced to consumed, nothing done", consumed);
  std::printf("%-40s %.2f times the p99; the goal is 2\n", "of that", Median(ratios));
  return absl::OkStatus();
}

}  // namespace rapport::bench
