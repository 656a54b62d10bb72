// Log is the seam to the event log: a partitioned sequence of records, appended once, never
// changed.
//
// MemoryLog, EmbeddedLog and KafkaLog implement it; one conformance suite runs over all three.
//
//   log->Append(std::move(record), [](const absl::StatusOr<Appended>& result) { ... });
//   auto reader = log->NewReader(partition, next);
//   auto batch = (*reader)->Read(1000, absl::Milliseconds(100));
//
// Threads:   Append, NewReader and the queries from any thread; a LogReader belongs to one thread.
// Ownership: readers must be destroyed before their log.
// Partition: murmur2 of the key, as Java's default partitioner does it (engine/log/partitioner.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/model/position.h"
#include "engine/model/record.h"

namespace rapport::log {

// Where a record was put.
struct Appended {
  Partition partition = 0;
  Offset offset = 0;
  int64_t append_time_us = 0;
};

// Offsets a log holds: [start, end).
struct OffsetRange {
  Offset start = 0;
  Offset end = 0;
};

using AppendDone = std::function<void(const absl::StatusOr<Appended>&)>;

// Reads one partition forward from where it was opened.
class LogReader {
 public:
  virtual ~LogReader() = default;

  // The next records, at most `max_records`, waiting at most `timeout` for the first. An empty
  // batch may still move `next` (a gap left by aborted transactions). Offsets never repeat or go
  // back.
  // FAILED_PRECONDITION, message starting with ARCHIVE_GAP or LOG_CHANGED: the log does not hold
  // the offset any more, or never did; the partition must stop.
  // UNAVAILABLE: the log cannot be reached just now; call again.
  virtual absl::StatusOr<RecordBatch> Read(size_t max_records, absl::Duration timeout) = 0;

  // Whether a Read that gave nothing has met the log's end; else it only waited for nothing.
  virtual bool MetEnd() const { return true; }
};

// Names a record and tells nothing of what is in it; see OutlineOf of archive.h.
std::string OutlineOf(Partition partition, Offset offset, uint32_t crc, int64_t append_time_us);

class Log {
 public:
  virtual ~Log() = default;

  // Its identity, kept for its life.
  virtual LogIdentity identity() const = 0;

  // `embedded`, `kafka` or `memory`.
  virtual std::string name() const = 0;

  // What will do harm one day, such as a topic that forgets, a sentence each with its cure.
  virtual std::vector<std::string> warnings() const { return {}; }

  // Number of partitions, fixed.
  virtual int partitions() const = 0;

  // Appends `record`; calls `done` once, from any thread, when the record is durable or failed.
  // Records of one key keep the order of the calls.
  // UNAVAILABLE: not known to be appended, try again with the same event id.
  // RESOURCE_EXHAUSTED: a queue or the disk is full, nothing was appended.
  virtual void Append(NewRecord record, AppendDone done) = 0;

  // Offsets that can be read now. UNAVAILABLE when the log cannot be reached.
  virtual absl::StatusOr<OffsetRange> Range(Partition partition) = 0;

  // Reads `partition` from offset `next` on.
  virtual absl::StatusOr<std::unique_ptr<LogReader>> NewReader(Partition partition,
                                                               Offset next) = 0;
};

// Appends and waits.
absl::StatusOr<Appended> AppendAndWait(Log& log, NewRecord record);

}  // namespace rapport::log
