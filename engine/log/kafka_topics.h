// The topics of Rapport on Kafka: how they must be set up, creating them, and checking them.
//
//   RETURN_IF_ERROR(CreateTopics(options, {EventsTopic(15), RejectedTopic(15)}, 3));
//   ASSIGN_OR_RETURN(auto findings, CheckTopic(options, EventsTopic(15)));
//   for (const TopicFinding& finding : findings) std::cout << finding.ToString() << "\n";
//   // retention.ms is 604800000, must be -1: history would be lost
//
// Threads: all functions from any thread.
// Errors:  UNAVAILABLE (LOG_UNAVAILABLE) when no broker answers; NOT_FOUND (TOPIC_MISSING);
//          PERMISSION_DENIED (LOG_FORBIDDEN) when this principal may not ask or create.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/log/kafka_options.h"

namespace rapport::log {

class KafkaClient;

// A setting that a topic must have.
struct TopicSetting {
  std::string name;
  std::string value;
  // What happens otherwise.
  std::string consequence;
  // Whether the log refuses to open over it.
  bool vital = false;
};

struct TopicPlan {
  std::string name;
  int partitions = 1;
  std::vector<TopicSetting> settings;
};

// A setting that is not as it must be.
struct TopicFinding {
  std::string topic;
  std::string setting;
  std::string is;
  std::string must_be;
  std::string consequence;
  bool vital = false;

  // `retention.ms is 604800000, must be -1: history would be lost`.
  std::string ToString() const;
  // What cures it: a command of Kafka's own tools, where there is one.
  std::string Cure(const std::string& brokers) const;
};

// The log itself: `crm.touchpoints.v1` unless named otherwise.
TopicPlan EventsTopic(int partitions, std::string name = "crm.touchpoints.v1");
// Records that could not be understood: the events topic's name and `.dlq`.
TopicPlan RejectedTopic(int partitions, std::string name = "crm.touchpoints.v1.dlq");
// The feed of changes, compacted: one record per customer stays.
TopicPlan RelationshipsTopic(int partitions, std::string name = "crm.relationships.v1");

// Creates those of `plans` that do not exist; ALREADY_EXISTS is no error, so calling again is safe.
absl::Status CreateTopics(const KafkaOptions& options, absl::Span<const TopicPlan> plans,
                          int replication);

// What is wrong with the topic; empty when all is well. The number of partitions is checked unless
// the plan says 0.
absl::StatusOr<std::vector<TopicFinding>> CheckTopic(const KafkaOptions& options,
                                                     const TopicPlan& plan);
// The same over a connection that is open already, settings only.
absl::StatusOr<std::vector<TopicFinding>> CheckSettings(KafkaClient& client, const TopicPlan& plan);

}  // namespace rapport::log
