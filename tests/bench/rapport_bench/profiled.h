// Profiled: one kind of folding alone, which a profiler looks at from its begin to its end.
//
//   ASSIGN_OR_RETURN(const ProfiledRun run, RunProfiled(options, projection));
//   std::printf("%.0f ns an event\n", run.cpu_ns / run.events);
//
// Filling the log, opening and removing files lie outside of what is looked at. `perf record
// --delay=-1 --control=fifo:CONTROL,ACK` begins and ends looking when it is told so through the two
// pipes; tests/bench/profile.py starts it so.
//
// Threads: one, besides those of the pipeline.
// Errors:  those of the parts; UNAVAILABLE when the profiler does not answer.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "engine/fold/projection.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {

struct ProfileOptions {
  // The state is folded anew from the archive; else the log is folded by a pipeline that begins
  // with nothing.
  bool rebuild = false;
  // How often.
  int rounds = 3;
  Shape shape;
  Amounts amounts;
  // Empty = the embedded log; a live fold then includes the appending, and making the events.
  std::string brokers;
  int partitions = 4;
  // Named pipes to the profiler and back; empty = nobody looks.
  std::string control;
  std::string ack;
};

struct ProfiledRun {
  // Of all rounds together.
  int64_t events = 0;
  // Of all threads of this process.
  double cpu_ns = 0;
  double seconds = 0;
};

// From the begin of the folding until the last event is applied and durable.
absl::StatusOr<ProfiledRun> RunProfiled(const ProfileOptions& options,
                                        const fold::Projection& projection);

}  // namespace rapport::bench
