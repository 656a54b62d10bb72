// What every Log does. A log's own test file gives it a place to live and runs all of it:
//
//   class MemoryPlace {
//    public:
//     MemoryPlace();      // a new, empty log with at least three partitions
//     Log& log();
//     void Reopen();      // closes it and opens it again, as a restart of the process does
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LogConformance, MemoryPlace);
//
// At most one reader of a partition lives at a time. A log may leave offsets without records (as
// Kafka's transaction markers are), if the batches say so.
//
// Threads: the tests start and join their own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "engine/log/log.h"
#include "engine/log/partitioner.h"
#include "tests/kit/status_matchers.h"

namespace rapport::log {

template <typename Place>
class LogConformance : public testing::Test {
 protected:
  // How long a read may wait for what must come; a log that works needs a fraction of it.
  static constexpr absl::Duration kPatience = absl::Seconds(20);

  Log& log() { return place_.log(); }

  Appended Append(std::string key, std::string value,
                  std::vector<std::pair<std::string, std::string>> headers = {}) {
    absl::StatusOr<Appended> appended =
        AppendAndWait(log(), {std::move(key), std::move(value), std::move(headers)});
    EXPECT_OK(appended);
    return appended.ok() ? *appended : Appended{};
  }

  Offset EndOf(Partition partition) {
    const absl::StatusOr<OffsetRange> range = log().Range(partition);
    EXPECT_OK(range);
    return range.ok() ? range->end : 0;
  }

  std::unique_ptr<LogReader> ReaderAt(Partition partition, Offset next) {
    absl::StatusOr<std::unique_ptr<LogReader>> reader = log().NewReader(partition, next);
    EXPECT_OK(reader);
    return reader.ok() ? *std::move(reader) : nullptr;
  }

  // One record with bytes of its own.
  struct Seen {
    Offset offset = 0;
    int64_t append_time_us = 0;
    std::string key;
    std::string value;
    std::vector<std::pair<std::string, std::string>> headers;
  };

  // Reads `partition` from `next` until `count` records have come. Checks that batches join up and
  // hold ascending offsets of their own range.
  std::vector<Seen> ReadSome(Partition partition, Offset next, size_t count,
                             size_t max_records = 1000) {
    std::vector<Seen> seen;
    const std::unique_ptr<LogReader> reader = ReaderAt(partition, next);
    const absl::Time deadline = absl::Now() + kPatience;
    while (reader != nullptr && seen.size() < count && absl::Now() < deadline) {
      const absl::StatusOr<RecordBatch> batch = reader->Read(max_records, absl::Seconds(1));
      EXPECT_OK(batch);
      if (!batch.ok()) break;
      EXPECT_EQ(batch->partition, partition);
      EXPECT_EQ(batch->first, next);
      EXPECT_LE(batch->records.size(), max_records);
      for (const RecordView& record : batch->records) {
        EXPECT_EQ(record.partition, partition);
        EXPECT_GE(record.offset, next);
        next = record.offset + 1;
        std::vector<std::pair<std::string, std::string>> headers;
        for (const HeaderView& header : record.headers) {
          headers.emplace_back(header.name, header.value);
        }
        seen.push_back({record.offset, record.append_time_us, std::string(record.key),
                        std::string(record.value), std::move(headers)});
      }
      EXPECT_GE(batch->next, next);
      next = batch->next;
    }
    EXPECT_EQ(seen.size(), count) << "records of partition " << partition;
    return seen;
  }

  Place place_;
};

TYPED_TEST_SUITE_P(LogConformance);

TYPED_TEST_P(LogConformance, KnowsItself) {
  Log& log = this->log();
  EXPECT_GE(log.partitions(), 3);
  EXPECT_NE(log.name(), "");
  EXPECT_GE(log.identity().epoch, 1u);
  for (Partition partition = 0; partition < log.partitions(); ++partition) {
    const absl::StatusOr<OffsetRange> range = log.Range(partition);
    ASSERT_OK(range);
    EXPECT_EQ(range->start, 0);
    EXPECT_EQ(range->end, 0);
  }
}

TYPED_TEST_P(LogConformance, PutsEachKeyOnItsPartition) {
  for (int i = 0; i < 30; ++i) {
    const std::string key = absl::StrCat("customer-", i);
    EXPECT_EQ(this->Append(key, "x").partition, PartitionOf(key, this->log().partitions())) << key;
  }
}

TYPED_TEST_P(LogConformance, GivesBackWhatWasAppendedInOrder) {
  std::vector<Appended> appended;
  for (int i = 0; i < 20; ++i) appended.push_back(this->Append("ana", absl::StrCat("value ", i)));
  const auto seen = this->ReadSome(appended[0].partition, 0, 20);
  ASSERT_EQ(seen.size(), 20u);
  for (size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(seen[i].offset, appended[i].offset);
    EXPECT_EQ(seen[i].append_time_us, appended[i].append_time_us);
    EXPECT_EQ(seen[i].key, "ana");
    EXPECT_EQ(seen[i].value, absl::StrCat("value ", i));
    if (i == 0) continue;
    EXPECT_GT(seen[i].offset, seen[i - 1].offset);
    EXPECT_GE(seen[i].append_time_us, seen[i - 1].append_time_us);
  }
}

TYPED_TEST_P(LogConformance, KeepsBytesExactly) {
  const std::string binary("\0\x01\xff\x80\n\r\0", 7);
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"content-type", "application/protobuf"}, {"x", ""}, {"x", binary}, {"", "unnamed"}};
  const Appended first = this->Append(binary, binary, headers);
  const auto seen = this->ReadSome(first.partition, first.offset, 1);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_TRUE(seen[0].key == binary);
  EXPECT_TRUE(seen[0].value == binary);
  EXPECT_EQ(seen[0].headers, headers);

  const Appended second = this->Append("key", "");
  const auto empty = this->ReadSome(second.partition, second.offset, 1);
  ASSERT_EQ(empty.size(), 1u);
  EXPECT_EQ(empty[0].value, "");
  EXPECT_TRUE(empty[0].headers.empty());
}

TYPED_TEST_P(LogConformance, RangeEndsBehindTheLastRecord) {
  const Appended one = this->Append("ana", "1");
  EXPECT_EQ(this->EndOf(one.partition), one.offset + 1);
  const Appended two = this->Append("ana", "2");
  EXPECT_EQ(this->EndOf(one.partition), two.offset + 1);
  EXPECT_EQ(this->log().Range(one.partition)->start, 0);
}

TYPED_TEST_P(LogConformance, ReadsFromTheMiddle) {
  std::vector<Appended> appended;
  for (int i = 0; i < 10; ++i) appended.push_back(this->Append("ana", absl::StrCat(i)));
  const auto seen = this->ReadSome(appended[0].partition, appended[6].offset, 4);
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen[0].value, "6");
  EXPECT_EQ(seen[3].value, "9");
}

TYPED_TEST_P(LogConformance, ReadsAtMostWhatWasAskedFor) {
  Partition partition = 0;
  for (int i = 0; i < 10; ++i) partition = this->Append("ana", absl::StrCat(i)).partition;
  const auto seen = this->ReadSome(partition, 0, 10, 3);
  ASSERT_EQ(seen.size(), 10u);
  EXPECT_EQ(seen[9].value, "9");
}

TYPED_TEST_P(LogConformance, AtTheEndAReaderWaitsAndComesBackEmpty) {
  const Appended last = this->Append("ana", "1");
  const Offset end = this->EndOf(last.partition);
  const auto reader = this->ReaderAt(last.partition, end);
  const absl::Time before = absl::Now();
  const absl::StatusOr<RecordBatch> batch = reader->Read(10, absl::Milliseconds(60));
  EXPECT_GE(absl::Now() - before, absl::Milliseconds(50));
  ASSERT_OK(batch);
  EXPECT_TRUE(batch->records.empty());
  EXPECT_EQ(batch->first, end);
  EXPECT_EQ(batch->next, end);
}

TYPED_TEST_P(LogConformance, AReaderOpenedBeforeTheAppendSeesIt) {
  const Partition partition = PartitionOf("ana", this->log().partitions());
  std::vector<std::string> values;
  std::thread reading([&] {
    for (const auto& seen : this->ReadSome(partition, 0, 3)) values.push_back(seen.value);
  });
  for (int i = 0; i < 3; ++i) this->Append("ana", absl::StrCat(i));
  reading.join();
  EXPECT_EQ(values, (std::vector<std::string>{"0", "1", "2"}));
}

TYPED_TEST_P(LogConformance, AReaderBeyondTheEndStops) {
  const Appended last = this->Append("ana", "1");
  const auto reader = this->ReaderAt(last.partition, last.offset + 1000);
  const absl::Time deadline = absl::Now() + this->kPatience;
  absl::StatusOr<RecordBatch> batch = reader->Read(10, absl::Seconds(1));
  while (batch.ok() && batch->records.empty() && absl::Now() < deadline) {
    batch = reader->Read(10, absl::Seconds(1));
  }
  EXPECT_THAT(batch, kit::StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
}

TYPED_TEST_P(LogConformance, RefusesAPartitionItDoesNotHave) {
  Log& log = this->log();
  for (const Partition partition : {-1, log.partitions()}) {
    EXPECT_THAT(log.Range(partition), kit::StatusIs(absl::StatusCode::kInvalidArgument, ""));
    EXPECT_THAT(log.NewReader(partition, 0), kit::StatusIs(absl::StatusCode::kInvalidArgument, ""));
  }
}

TYPED_TEST_P(LogConformance, RecordsOfOneKeyKeepTheOrderOfTheCalls) {
  constexpr int kCount = 200;
  std::vector<Offset> offsets(kCount, -1);
  absl::BlockingCounter waiting(kCount);
  for (int i = 0; i < kCount; ++i) {
    this->log().Append({"ana", absl::StrCat(i), {}},
                       [&offsets, &waiting, i](const absl::StatusOr<Appended>& appended) {
                         EXPECT_OK(appended);
                         if (appended.ok()) offsets[static_cast<size_t>(i)] = appended->offset;
                         waiting.DecrementCount();
                       });
  }
  waiting.Wait();
  EXPECT_TRUE(std::is_sorted(offsets.begin(), offsets.end()));
  const Partition partition = PartitionOf("ana", this->log().partitions());
  const auto seen = this->ReadSome(partition, 0, kCount);
  for (size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].value, absl::StrCat(i));
    EXPECT_EQ(seen[i].offset, offsets[i]);
  }
}

TYPED_TEST_P(LogConformance, ManyAppendersLoseAndDoubleNothing) {
  constexpr int kThreads = 6;
  constexpr int kEach = 40;
  std::vector<std::vector<Appended>> appended(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t, &mine = appended[static_cast<size_t>(t)]] {
      for (int i = 0; i < kEach; ++i) {
        mine.push_back(this->Append(absl::StrCat("key-", t), absl::StrCat(t, "/", i)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::map<Partition, std::map<Offset, std::string>> expected;
  for (int t = 0; t < kThreads; ++t) {
    for (int i = 0; i < kEach; ++i) {
      const Appended& at = appended[static_cast<size_t>(t)][static_cast<size_t>(i)];
      EXPECT_TRUE(expected[at.partition].emplace(at.offset, absl::StrCat(t, "/", i)).second)
          << "offset " << at.offset << " given twice";
    }
  }
  for (const auto& [partition, values] : expected) {
    const auto seen = this->ReadSome(partition, 0, values.size());
    for (const auto& record : seen) {
      const auto found = values.find(record.offset);
      ASSERT_NE(found, values.end()) << record.offset;
      EXPECT_EQ(record.value, found->second);
    }
  }
}

TYPED_TEST_P(LogConformance, KeepsBigRecords) {
  std::vector<std::string> values;
  Partition partition = 0;
  uint32_t state = 7;
  for (int i = 0; i < 12; ++i) {
    std::string value(60 << 10, '\0');
    for (char& c : value) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    values.push_back(value);
    partition = this->Append("ana", std::move(value)).partition;
  }
  const auto seen = this->ReadSome(partition, 0, values.size());
  for (size_t i = 0; i < seen.size(); ++i) EXPECT_TRUE(seen[i].value == values[i]) << i;
}

TYPED_TEST_P(LogConformance, ABatchOutlivesItsReader) {
  const Appended at = this->Append("ana", "value");
  RecordBatch kept;
  {
    const auto reader = this->ReaderAt(at.partition, at.offset);
    const absl::Time deadline = absl::Now() + this->kPatience;
    while (kept.records.empty() && absl::Now() < deadline) {
      absl::StatusOr<RecordBatch> batch = reader->Read(1, absl::Seconds(1));
      ASSERT_OK(batch);
      kept = *std::move(batch);
    }
  }
  ASSERT_EQ(kept.records.size(), 1u);
  EXPECT_EQ(kept.records[0].value, "value");
}

TYPED_TEST_P(LogConformance, ReopeningKeepsEverything) {
  const LogIdentity identity = this->log().identity();
  std::map<Partition, size_t> counts;
  for (int i = 0; i < 40; ++i) ++counts[this->Append(absl::StrCat("key-", i), "before").partition];
  this->place_.Reopen();
  EXPECT_EQ(this->log().identity(), identity);
  for (int i = 0; i < 10; ++i) ++counts[this->Append(absl::StrCat("key-", i), "after").partition];
  for (const auto& [partition, count] : counts) {
    bool is_after = false;
    for (const auto& record : this->ReadSome(partition, 0, count)) {
      if (record.value == "after") is_after = true;
      EXPECT_EQ(record.value, is_after ? "after" : "before");
    }
  }
}

REGISTER_TYPED_TEST_SUITE_P(LogConformance, KnowsItself, PutsEachKeyOnItsPartition,
                            GivesBackWhatWasAppendedInOrder, KeepsBytesExactly,
                            RangeEndsBehindTheLastRecord, ReadsFromTheMiddle,
                            ReadsAtMostWhatWasAskedFor, AtTheEndAReaderWaitsAndComesBackEmpty,
                            AReaderOpenedBeforeTheAppendSeesIt, AReaderBeyondTheEndStops,
                            RefusesAPartitionItDoesNotHave, RecordsOfOneKeyKeepTheOrderOfTheCalls,
                            ManyAppendersLoseAndDoubleNothing, KeepsBigRecords,
                            ABatchOutlivesItsReader, ReopeningKeepsEverything);

}  // namespace rapport::log
