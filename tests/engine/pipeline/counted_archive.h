// CountedArchive passes everything on to another archive, and counts the walks through it and the
// records read. Reads can be made to fail.
//
//   CountedArchive archive(std::move(inner));
//   ...
//   EXPECT_EQ(archive.scans(), 1);
//
// Threads: as the archive's own; the number from one thread. Ownership: owns the archive.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/log/archive.h"

namespace rapport::pipeline {

class CountedArchive : public log::Archive {
 public:
  explicit CountedArchive(std::unique_ptr<log::Archive> inner) : inner_(std::move(inner)) {}

  int scans() const { return scans_; }
  int64_t reads() const { return reads_; }
  // What reads answer from now on, unless it is OK.
  void FailReads(absl::Status status) { failure_ = std::move(status); }

  LogIdentity identity() const override { return inner_->identity(); }
  int partitions() const override { return inner_->partitions(); }
  log::ArchiveEnd End(Partition partition) const override { return inner_->End(partition); }
  absl::Status Append(absl::Span<const RecordBatch> batches,
                      table::Durability durability) override {
    return inner_->Append(batches, durability);
  }
  absl::Status Sync() override { return inner_->Sync(); }
  absl::Status AcceptGap(const log::AcceptedGap& gap, int64_t at_us) override {
    return inner_->AcceptGap(gap, at_us);
  }
  absl::StatusOr<RecordBatch> Read(Partition partition, Offset offset) override {
    ++reads_;
    if (!failure_.ok()) return failure_;
    return inner_->Read(partition, offset);
  }
  std::vector<absl::StatusOr<RecordBatch>> ReadMany(Partition partition,
                                                    absl::Span<const Offset> offsets) override {
    reads_ += static_cast<int64_t>(offsets.size());
    if (!failure_.ok()) return {offsets.size(), absl::StatusOr<RecordBatch>(failure_)};
    return inner_->ReadMany(partition, offsets);
  }
  std::unique_ptr<log::Cursor> Scan(Partition partition, Offset from, Offset to) override {
    ++scans_;
    return inner_->Scan(partition, from, to);
  }
  absl::StatusOr<log::Chain> ChainAt(Partition partition, Offset next) override {
    return inner_->ChainAt(partition, next);
  }
  absl::Status AppendEngineRecord(const log::EngineRecord& record) override {
    return inner_->AppendEngineRecord(record);
  }
  absl::StatusOr<std::vector<log::EngineRecord>> EngineRecords() override {
    return inner_->EngineRecords();
  }
  uint64_t ApproximateBytes() override { return inner_->ApproximateBytes(); }

 private:
  const std::unique_ptr<log::Archive> inner_;
  int scans_ = 0;
  int64_t reads_ = 0;
  absl::Status failure_;
};

}  // namespace rapport::pipeline
