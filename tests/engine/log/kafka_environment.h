// The one broker of the Kafka test program, and topics to test on.
//
// Threads: the main thread of a test program.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "engine/log/kafka_log.h"
#include "engine/log/kafka_topics.h"
#include "tests/kit/kafka_admin.h"
#include "tests/kit/kafka_broker.h"
#include "tests/kit/status_matchers.h"

namespace rapport::log {

// Starts the broker before the first test and ends it after the last.
class KafkaEnvironment : public testing::Environment {
 public:
  void SetUp() override;
  void TearDown() override;
};

// REQUIRES: inside a test.
kit::KafkaBroker& Broker();

// A new topic with the settings of the contract, `changed` on top, and a log on it.
class KafkaLogTest : public testing::Test {
 protected:
  KafkaLogTest();

  void CreateTopic(int partitions, std::map<std::string, std::string> changed = {});
  // Changes them while it is there.
  void SetTopic(std::map<std::string, std::string> changed);
  std::unique_ptr<KafkaLog> OpenLog();
  // Reads `count` values of a partition; fewer only when they do not come within a minute.
  std::vector<std::string> ReadValues(LogReader& reader, size_t count);

  KafkaOptions options_;
  kit::KafkaAdmin admin_;
};

}  // namespace rapport::log
