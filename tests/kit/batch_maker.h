// MakeBatch builds a RecordBatch that owns its bytes, for tests of logs and archives.
//
//   const RecordBatch batch = kit::MakeBatch(3, 10, 12, {{10, at, "ana", "bytes"}});
//
// Threads: pure.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "engine/model/record.h"

namespace rapport::kit {

struct TestRecord {
  Offset offset = 0;
  int64_t append_time_us = 0;
  std::string key;
  std::string value;
  std::vector<std::pair<std::string, std::string>> headers;
};

inline RecordBatch MakeBatch(Partition partition, Offset first, Offset next,
                             std::vector<TestRecord> records) {
  struct Owned {
    std::vector<TestRecord> records;
    std::vector<std::vector<HeaderView>> headers;
  };
  auto owned = std::make_shared<Owned>();
  owned->records = std::move(records);
  RecordBatch batch;
  batch.partition = partition;
  batch.first = first;
  batch.next = next;
  for (const TestRecord& record : owned->records) {
    std::vector<HeaderView>& headers = owned->headers.emplace_back();
    for (const auto& [name, value] : record.headers) headers.push_back({name, value});
    batch.records.push_back({partition, record.offset, record.append_time_us, record.key,
                             record.value, absl::MakeConstSpan(headers)});
  }
  batch.owner = owned;
  return batch;
}

// `count` records from offset `first` on, without gaps, with values of about `value_bytes`.
inline RecordBatch MakeDenseBatch(Partition partition, Offset first, int count,
                                  size_t value_bytes = 20) {
  std::vector<TestRecord> records;
  for (Offset offset = first; offset < first + count; ++offset) {
    std::string value = "value " + std::to_string(offset) + " ";
    value.resize(std::max(value.size(), value_bytes), static_cast<char>('a' + offset % 26));
    records.push_back({offset,
                       1'000'000 + offset * 10,
                       "key" + std::to_string(offset % 7),
                       std::move(value),
                       {}});
  }
  return MakeBatch(partition, first, first + count, std::move(records));
}

}  // namespace rapport::kit
