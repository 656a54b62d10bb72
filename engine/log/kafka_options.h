// KafkaOptions: which brokers and topic, and the few client properties an operator may pass on.
//
//   KafkaOptions options{.brokers = "k1:9093,k2:9093", .topic = "crm.touchpoints.v1"};
//   options.properties["security.protocol"] = "sasl_ssl";
//   options.properties["sasl.password_file"] = "/run/credentials/kafka-password";
//
// Properties are an allow-list, because some of librdkafka's load code or switch off checks.
// Secrets come from files that nobody else may read (secret_file.h): `sasl.password_file`,
// `ssl.key.password_file` and `ssl.key.location` name them.
//
// Threads: plain values.
// Errors:  INVALID_ARGUMENT names the property, why it is refused and what to use instead.
// Never:   a secret in an error message.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rapport::log {

struct KafkaOptions {
  // `host:port`, several joined with commas.
  std::string brokers;
  std::string topic = "crm.touchpoints.v1";
  // Passed to librdkafka after CheckKafkaProperty.
  std::map<std::string, std::string> properties;
  // How long Open, Range and the topic calls wait for the broker.
  absl::Duration answer_timeout = absl::Seconds(5);
  // How long an append may take, retries included.
  absl::Duration append_timeout = absl::Seconds(30);
  // Appends in flight; one more is RESOURCE_EXHAUSTED.
  int append_queue_records = 100'000;
  // Consumers to share among the readers; best the number of fold threads. Partition p is read by
  // consumer p modulo this.
  int consumers = 2;
  // Bytes fetched ahead, all partitions together.
  size_t read_ahead_bytes = size_t{64} << 20;
  // A reader that has caught up compares the last record it read with the log's again, at least
  // this far apart: a topic can be exchanged for another without any error to notice it by.
  absl::Duration prove_interval = absl::Seconds(2);
  // The topic's settings are looked at this far apart.
  absl::Duration settings_interval = absl::Seconds(5);
  // Accepts records that are stamped by their producer. History then trusts producers' clocks.
  bool allow_producer_timestamps = false;
};

// Whether `name` may be set to `value`.
absl::Status CheckKafkaProperty(absl::string_view name, absl::string_view value);

// Checks all of it.
absl::Status CheckKafkaOptions(const KafkaOptions& options);

}  // namespace rapport::log
