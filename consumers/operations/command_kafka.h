// `rapport kafka topics --create` and `--check`.
//
// Threads: one thread. Errors: UNAVAILABLE when no broker answers. Findings of --check are told on
// stdout, each with its cure; any of them makes the exit code 6.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "consumers/operations/exit_code.h"

namespace rapport::operations {

struct KafkaTopics {
  // Each NAME=VALUE, and the same taken apart.
  std::vector<std::string> properties;
  std::map<std::string, std::string> kafka_properties;
  std::string brokers;
  std::string topic = "crm.touchpoints.v1";
  int partitions = 8;
  int replication = 1;
};
absl::Status CreateKafkaTopics(const KafkaTopics& options);
// The number of findings.
absl::StatusOr<int> CheckKafkaTopics(const KafkaTopics& options);

}  // namespace rapport::operations
