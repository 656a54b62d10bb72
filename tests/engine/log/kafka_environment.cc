#include "tests/engine/log/kafka_environment.h"

#include <cstdlib>
#include <iostream>

#include "absl/time/clock.h"

namespace rapport::log {
namespace {

std::unique_ptr<kit::KafkaBroker>& TheBroker() {
  static auto* broker = new std::unique_ptr<kit::KafkaBroker>();
  return *broker;
}

}  // namespace

void KafkaEnvironment::SetUp() {
  auto broker = kit::KafkaBroker::Start();
  if (!broker.ok()) {
    // A failure here would make GoogleTest skip all tests; without a broker none may count.
    std::cerr << "No Kafka broker for these tests: " << broker.status() << "\n";
    std::exit(1);
  }
  TheBroker() = *std::move(broker);
}

void KafkaEnvironment::TearDown() { TheBroker().reset(); }

kit::KafkaBroker& Broker() { return *TheBroker(); }

KafkaLogTest::KafkaLogTest() : admin_(Broker().bootstrap()) {
  options_.brokers = Broker().bootstrap();
  options_.topic = kit::UniqueTopic("log");
}

void KafkaLogTest::CreateTopic(int partitions, std::map<std::string, std::string> changed) {
  for (const TopicSetting& setting : EventsTopic(partitions).settings) {
    changed.try_emplace(setting.name, setting.value);
  }
  ASSERT_OK(admin_.CreateTopic(options_.topic, partitions, changed));
}

void KafkaLogTest::SetTopic(std::map<std::string, std::string> changed) {
  for (const TopicSetting& setting : EventsTopic(1).settings) {
    changed.try_emplace(setting.name, setting.value);
  }
  ASSERT_OK(admin_.SetTopic(options_.topic, changed));
}

std::unique_ptr<KafkaLog> KafkaLogTest::OpenLog() {
  auto log = KafkaLog::Open(options_);
  EXPECT_OK(log);
  return log.ok() ? *std::move(log) : nullptr;
}

std::vector<std::string> KafkaLogTest::ReadValues(LogReader& reader, size_t count) {
  std::vector<std::string> values;
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (values.size() < count && absl::Now() < end) {
    const auto batch = reader.Read(count - values.size(), absl::Milliseconds(200));
    if (absl::IsUnavailable(batch.status())) continue;
    EXPECT_OK(batch);
    if (!batch.ok()) break;
    for (const RecordView& record : batch->records) values.emplace_back(record.value);
  }
  return values;
}

}  // namespace rapport::log
