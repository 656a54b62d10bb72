#include "engine/log/memory_log.h"

#include <gtest/gtest.h>

#include "tests/engine/log/log_conformance.h"
#include "tests/kit/status_matchers.h"

namespace rapport::log {
namespace {

using ::rapport::kit::StatusIs;

constexpr LogIdentity kIdentity{0x7c1e90ab, 1};

// What is in memory has no other life: reopening finds the same log.
class MemoryPlace {
 public:
  Log& log() { return log_; }
  void Reopen() {}

 private:
  MemoryLog log_{5, kIdentity, &SystemClock()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LogConformance, MemoryPlace);

class MemoryLogTest : public testing::Test {
 protected:
  absl::StatusOr<RecordBatch> ReadFrom(Offset next, size_t max_records = 100) {
    auto reader = log_.NewReader(0, next);
    EXPECT_OK(reader);
    return (*reader)->Read(max_records, absl::ZeroDuration());
  }
  void Append(const char* value) { ASSERT_OK(AppendAndWait(log_, {"key", value, {}})); }

  ManualClock clock_{1'000'000};
  MemoryLog log_{1, kIdentity, &clock_};
};

TEST_F(MemoryLogTest, AppendTimesNeverFall) {
  EXPECT_EQ(AppendAndWait(log_, {"key", "1", {}})->append_time_us, 1'000'000);
  clock_.Set(500);
  EXPECT_EQ(AppendAndWait(log_, {"key", "2", {}})->append_time_us, 1'000'000);
  clock_.Set(2'000'000);
  EXPECT_EQ(AppendAndWait(log_, {"key", "3", {}})->append_time_us, 2'000'000);
}

TEST_F(MemoryLogTest, GapsMoveNextWithoutRecords) {
  Append("0");
  log_.AppendGap(0, 3);
  Append("4");
  log_.AppendGap(0, 2);
  auto batch = ReadFrom(0);
  ASSERT_OK(batch);
  ASSERT_EQ(batch->records.size(), 2u);
  EXPECT_EQ(batch->records[1].offset, 4);
  EXPECT_EQ(batch->next, 7);
  batch = ReadFrom(5);
  ASSERT_OK(batch);
  EXPECT_TRUE(batch->records.empty());
  EXPECT_EQ(batch->next, 7);
  EXPECT_EQ(ReadFrom(0, 1)->next, 1);
}

TEST_F(MemoryLogTest, WhatWasDroppedIsAGap) {
  for (const char* value : {"0", "1", "2"}) Append(value);
  log_.DropBefore(0, 2);
  EXPECT_EQ(log_.Range(0)->start, 2);
  EXPECT_THAT(ReadFrom(1), StatusIs(absl::StatusCode::kFailedPrecondition, "ARCHIVE_GAP"));
  EXPECT_EQ(ReadFrom(2)->records[0].value, "2");
  log_.DropBefore(0, 10);
  EXPECT_EQ(log_.Range(0)->end, 10);
  Append("10");
  EXPECT_EQ(ReadFrom(10)->records[0].offset, 10);
}

TEST_F(MemoryLogTest, WhatWasCutIsAChangedLog) {
  for (const char* value : {"0", "1", "2"}) Append(value);
  log_.CutFrom(0, 1);
  EXPECT_EQ(log_.Range(0)->end, 1);
  EXPECT_THAT(ReadFrom(3), StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
  Append("other 1");
  EXPECT_EQ(ReadFrom(1)->records[0].value, "other 1");
}

TEST_F(MemoryLogTest, TakesARecordOnAForeignPartition) {
  MemoryLog log(8, kIdentity, &clock_);
  const Partition own = PartitionOf("key", 8);
  const Appended appended = log.AppendTo((own + 1) % 8, {"key", "x", {}});
  EXPECT_EQ(appended.partition, (own + 1) % 8);
  EXPECT_EQ(log.Range(own)->end, 0);
}

}  // namespace
}  // namespace rapport::log
