#include "consumers/operations/command_kafka.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/log/kafka_topics.h"

namespace rapport::operations {

absl::Status CreateKafkaTopics(const KafkaTopics& options) {
  log::KafkaOptions kafka;
  kafka.brokers = options.brokers;
  kafka.properties = options.kafka_properties;
  const log::TopicPlan plans[] = {
      log::EventsTopic(options.partitions, options.topic),
      log::RejectedTopic(options.partitions, absl::StrCat(options.topic, ".dlq")),
      log::RelationshipsTopic(options.partitions)};
  RETURN_IF_ERROR(log::CreateTopics(kafka, plans, options.replication));
  for (const log::TopicPlan& plan : plans) {
    std::printf("%s  %d partitions\n", plan.name.c_str(), plan.partitions);
  }
  return absl::OkStatus();
}

absl::StatusOr<int> CheckKafkaTopics(const KafkaTopics& options) {
  log::KafkaOptions kafka;
  kafka.brokers = options.brokers;
  kafka.properties = options.kafka_properties;
  kafka.topic = options.topic;
  ASSIGN_OR_RETURN(const auto findings,
                   log::CheckTopic(kafka, log::EventsTopic(/*partitions=*/0, options.topic)));
  for (const log::TopicFinding& finding : findings) {
    std::printf("%s\n  %s\n", finding.ToString().c_str(), finding.Cure(options.brokers).c_str());
  }
  if (findings.empty()) std::printf("%s is set up as it must be\n", options.topic.c_str());
  return static_cast<int>(findings.size());
}

}  // namespace rapport::operations
