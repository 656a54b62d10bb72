#include "tests/bench/rapport_bench/baselines.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/event/validator.h"
#include "engine/log/partitioner.h"
#include "engine/store/keys.h"

namespace rapport::bench {
namespace {

constexpr size_t kBatch = 2048;
constexpr size_t kScans = 5;

// Calls `visit` with each record of the partition that is in the log now.
absl::StatusOr<int64_t> ForEachRecord(log::Log& log, Partition partition,
                                      absl::FunctionRef<absl::Status(const RecordView&)> visit) {
  ASSIGN_OR_RETURN(const log::OffsetRange range, log.Range(partition));
  ASSIGN_OR_RETURN(const auto reader, log.NewReader(partition, range.start));
  int64_t count = 0;
  for (Offset next = range.start; next < range.end;) {
    ASSIGN_OR_RETURN(const RecordBatch batch, reader->Read(kBatch, absl::Milliseconds(50)));
    for (const RecordView& record : batch.records) RETURN_IF_ERROR(visit(record));
    count += static_cast<int64_t>(batch.records.size());
    next = batch.next;
  }
  return count;
}

// Facts in memory of their own, empty.
class OwnFacts {
 public:
  explicit OwnFacts(const fold::Projection& projection)
      : projection_(projection),
        memory_(
            std::aligned_alloc(projection.align(), (projection.size() + projection.align() - 1) /
                                                       projection.align() * projection.align())) {
    projection_.Construct(memory_);
  }
  ~OwnFacts() {
    projection_.Destroy(memory_);
    std::free(memory_);
  }
  OwnFacts(const OwnFacts&) = delete;
  OwnFacts& operator=(const OwnFacts&) = delete;
  void* get() { return memory_; }

 private:
  const fold::Projection& projection_;
  void* const memory_;
};

absl::Status FoldOne(const RecordView& record, event::Validator& validator, table::Table& state,
                     const fold::Projection& projection) {
  auto rejection = validator.CheckEnvelope(record);
  if (!rejection.has_value()) rejection = validator.CheckPayload();
  if (rejection.has_value()) return absl::InternalError(rejection->message);
  const std::string key = store::CustomerKey(record.partition, validator.event().customer_id);
  OwnFacts facts(projection);
  const absl::StatusOr<std::string> row = state.Get(key);
  if (row.ok()) {
    RETURN_IF_ERROR(projection.Decode(*row, facts.get()));
  } else if (!absl::IsNotFound(row.status())) {
    return row.status();
  }
  projection.Fold(facts.get(), validator.event());
  std::string bytes;
  projection.Encode(facts.get(), /*with_offsets=*/true, bytes);
  table::WriteBatch batch;
  batch.Put(key, bytes);
  return state.Write(batch, table::Durability::kBuffered);
}

}  // namespace

absl::StatusOr<absl::Duration> ForEachPartition(
    int partitions, int64_t events, absl::FunctionRef<absl::StatusOr<int64_t>(Partition)> work) {
  std::vector<absl::StatusOr<int64_t>> counts(static_cast<size_t>(partitions), 0);
  const absl::Time begun = absl::Now();
  {
    std::vector<std::jthread> threads;
    for (int partition = 0; partition < partitions; ++partition) {
      threads.emplace_back(
          [&, partition] { counts[static_cast<size_t>(partition)] = work(partition); });
    }
  }
  const absl::Duration took = absl::Now() - begun;
  int64_t seen = 0;
  for (const auto& count : counts) {
    RETURN_IF_ERROR(count.status());
    seen += *count;
  }
  if (seen == events) return took;
  return absl::InternalError(absl::StrCat(seen, " events were read, not ", events));
}

absl::StatusOr<absl::Duration> ReadLog(log::Log& log, int64_t events) {
  return ForEachPartition(log.partitions(), events, [&](Partition partition) {
    return ForEachRecord(log, partition, [](const RecordView&) { return absl::OkStatus(); });
  });
}

absl::StatusOr<absl::Duration> ScanArchive(log::Archive& archive, int64_t events) {
  const auto scan = [&](Partition partition) -> absl::StatusOr<int64_t> {
    int64_t count = 0;
    const auto cursor = archive.Scan(partition, 0, archive.End(partition).next);
    RecordBatch batch;
    while (cursor->NextBatch(batch)) count += static_cast<int64_t>(batch.records.size());
    RETURN_IF_ERROR(cursor->status());
    return count;
  };
  std::vector<absl::Duration> took(kScans);
  for (absl::Duration& one : took) {
    ASSIGN_OR_RETURN(one, ForEachPartition(archive.partitions(), events, scan));
  }
  std::sort(took.begin(), took.end());
  return took[kScans / 2];
}

absl::StatusOr<absl::Duration> ReadModifyWrite(log::Log& log, table::Table& state,
                                               const fold::Projection& projection, int64_t events) {
  return ForEachPartition(log.partitions(), events, [&](Partition partition) {
    event::Validator validator({log.partitions(), &log::PartitionOf});
    return ForEachRecord(log, partition, [&](const RecordView& record) {
      return FoldOne(record, validator, state, projection);
    });
  });
}

}  // namespace rapport::bench
