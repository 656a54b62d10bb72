// Topic: a topic of a real broker, filled with a workload, and the fastest way to read it.
//
//   RETURN_IF_ERROR(FillTopic({bootstrap, "bench.zipf", 4}, workload));
//   ASSIGN_OR_RETURN(absl::Duration took, ReadRaw(topic, events, /*consumers=*/2));
//
// Threads: plain functions; ReadRaw reads on threads of its own.
// Errors:  INTERNAL with what librdkafka said, DATA_LOSS when records are missing.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {

struct Topic {
  std::string brokers;
  std::string name;
  int partitions = 4;
};

// Creates the topic and appends all of the workload, in batches packed with LZ4; the broker packs
// them anew, with zstd, as the engine's topics ask.
absl::Status FillTopic(const Topic& topic, Workload& workload);

// Reads the whole topic and does nothing with it: `consumers` instances of librdkafka, each with
// its share of the partitions in one queue and one thread that empties it in batches. The time
// begins when all are connected.
absl::StatusOr<absl::Duration> ReadRaw(const Topic& topic, int64_t events, int consumers);

}  // namespace rapport::bench
