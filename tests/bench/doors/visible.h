// How long after a producer handed a record to Kafka somebody who asks is answered with it, beside
// how long until a consumer that does nothing has it: records at a low, even rate, one broker.
//
// Figures are printed, medians of interleaved rounds. Threads: one, which must live as long as the
// broker. Errors: FAILED_PRECONDITION when Kafka's jars are missing, those of Server and
// librdkafka.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace rapport::bench {

struct VisibleOptions {
  int rounds = 5;
  // Of a round; the first tenth is not counted.
  int64_t records = 2000;
  absl::Duration pace = absl::Milliseconds(5);
  int partitions = 8;
};

absl::Status MeasureVisible(const VisibleOptions& options);

}  // namespace rapport::bench
