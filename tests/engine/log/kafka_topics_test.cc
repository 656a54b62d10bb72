#include "engine/log/kafka_topics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/log/kafka_environment.h"

namespace rapport::log {
namespace {

using ::rapport::kit::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using KafkaTopicsTest = KafkaLogTest;

TEST_F(KafkaTopicsTest, CreatedTopicsPassTheirOwnCheck) {
  const std::vector<TopicPlan> plans = {EventsTopic(3, options_.topic),
                                        RejectedTopic(3, options_.topic + ".dlq"),
                                        RelationshipsTopic(3, options_.topic + ".feed")};
  ASSERT_OK(CreateTopics(options_, plans, 1));
  for (const TopicPlan& plan : plans) {
    const auto findings = CheckTopic(options_, plan);
    ASSERT_OK(findings);
    EXPECT_THAT(*findings, IsEmpty()) << plan.name;
  }
  EXPECT_OK(KafkaLog::Open(options_));
}

TEST_F(KafkaTopicsTest, CreatingAgainChangesNothing) {
  ASSERT_OK(CreateTopics(options_, {EventsTopic(2, options_.topic)}, 1));
  ASSERT_OK(CreateTopics(options_, {EventsTopic(5, options_.topic)}, 1));
  EXPECT_EQ(OpenLog()->partitions(), 2);
}

TEST_F(KafkaTopicsTest, TooManyReplicasAreRefusedWithTheBrokersReason) {
  EXPECT_THAT(CreateTopics(options_, {EventsTopic(1, options_.topic)}, 3),
              StatusIs(absl::StatusCode::kFailedPrecondition, options_.topic));
}

TEST_F(KafkaTopicsTest, CheckNamesEachWrongSettingAndItsConsequence) {
  CreateTopic(2, {{"retention.ms", "604800000"}, {"message.timestamp.type", "CreateTime"}});
  const auto findings = CheckTopic(options_, EventsTopic(3, options_.topic));
  ASSERT_OK(findings);
  std::vector<std::string> texts;
  for (const TopicFinding& finding : *findings) texts.push_back(finding.ToString());
  EXPECT_THAT(texts,
              ElementsAre("message.timestamp.type is CreateTime, must be LogAppendTime: producers' "
                          "clocks would decide when an event became known",
                          "retention.ms is 604800000, must be -1: history would be lost",
                          "partitions is 2, must be 3: a customer's events would be spread over "
                          "two partitions"));
}

TEST_F(KafkaTopicsTest, CheckingAMissingTopicIsNotFound) {
  EXPECT_THAT(CheckTopic(options_, EventsTopic(1, options_.topic)),
              StatusIs(absl::StatusCode::kNotFound, options_.topic));
}

}  // namespace
}  // namespace rapport::log
