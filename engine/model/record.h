// Record: an event's bytes with partition, offset, append time, as the log holds them.
//
// A RecordView borrows its bytes; a RecordBatch owns what its views borrow:
//   for (const RecordView& record : batch.records) Fold(record);
//   next = batch.next;
//
// Threads: plain values. Lifetime: views end with their batch.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/model/ids.h"

namespace rapport {

// One header of a record. Names may repeat.
struct HeaderView {
  absl::string_view name;
  absl::string_view value;
};

// A record whose bytes somebody else owns.
struct RecordView {
  Partition partition = 0;
  Offset offset = 0;
  // Microseconds UTC, given by the log.
  int64_t append_time_us = 0;
  absl::string_view key;
  absl::string_view value;
  absl::Span<const HeaderView> headers;
  // log::RecordCrc of it, where somebody has worked that out already; else 0.
  uint32_t crc = 0;
};

// Records of one partition, ascending by offset, and the range of offsets they stand for:
// every offset of [first, next) that is not among them holds no record and never will.
struct RecordBatch {
  Partition partition = 0;
  Offset first = 0;
  Offset next = 0;
  std::vector<RecordView> records;
  // Keeps the bytes alive.
  std::shared_ptr<const void> owner;
};

// A record to append; the log gives it partition (by key), offset and time.
struct NewRecord {
  std::string key;
  std::string value;
  std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace rapport
