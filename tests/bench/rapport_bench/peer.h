// Peer: another program that folds the same topic, run from its own folder below tests/bench/peers.
//
//   ASSIGN_OR_RETURN(const PeerRun run, RunKafkaStreams("strongest", brokers, topic));
//   RETURN_IF_ERROR(SameSums(ours, run.sums, "Kafka Streams"));
//
// Threads: plain function; it waits until the program has ended.
// Errors:  FAILED_PRECONDITION when the program is not built; INTERNAL with what it said.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/bench/rapport_bench/sums.h"

namespace rapport::bench {

struct PeerRun {
  // From the first record to the last; neither starting nor connecting is in it.
  absl::Duration took;
  // Of the second half of the records, when the Java machine has compiled what is hot.
  absl::Duration second_half;
  // From the first record until all is durable.
  absl::Duration durable;
  Sums sums;
};

// `settings` names a file of tests/bench/peers/kafka_streams: `as-shipped` or `strongest`.
absl::StatusOr<PeerRun> RunKafkaStreams(absl::string_view settings, absl::string_view brokers,
                                        absl::string_view topic);

// Reads what the program prints: `ns=1 second_half_ns=2 durable_ns=3 ` and Sums::Text.
absl::StatusOr<PeerRun> ParsePeerRun(absl::string_view line);

}  // namespace rapport::bench
