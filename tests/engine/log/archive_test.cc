#include "engine/log/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "engine/log/archive_block.h"
#include "engine/log/engine_record.h"
#include "engine/table/model_table.h"
#include "tests/kit/batch_maker.h"
#include "tests/kit/status_matchers.h"

namespace rapport::log {
namespace {

using ::rapport::kit::MakeBatch;
using ::rapport::kit::MakeDenseBatch;
using ::rapport::kit::StatusIs;
using ::rapport::table::Durability;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr LogIdentity kIdentity{0x7c1e90ab, 1};
constexpr int64_t kNow = 1'767'225'600'000'000;

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() { Reopen(); }

  absl::StatusOr<std::unique_ptr<Archive>> Open(int partitions = 4) {
    return Archive::Open(table_.get(), partitions, kIdentity, kNow);
  }

  void Reopen() {
    archive_.reset();
    table_.reset();
    table::TableOptions options;
    options.wal = true;
    table_ = *disk_.Open(options);
    auto archive = Open();
    ASSERT_OK(archive);
    archive_ = *std::move(archive);
  }

  absl::Status Append(const RecordBatch& batch, Durability durability = Durability::kSynced) {
    return archive_->Append(absl::MakeConstSpan(&batch, 1), durability);
  }

  std::vector<Offset> Offsets(Partition partition, Offset from, Offset to) {
    std::vector<Offset> offsets;
    const std::unique_ptr<Cursor> cursor = archive_->Scan(partition, from, to);
    while (cursor->Next()) offsets.push_back(cursor->record().offset);
    EXPECT_OK(cursor->status());
    return offsets;
  }

  void Change(const std::string& key, absl::optional<std::string> value) {
    table::WriteBatch batch;
    if (value.has_value()) {
      batch.Put(key, *value);
    } else {
      batch.Delete(key);
    }
    ASSERT_OK(table_->Write(batch, Durability::kSynced));
  }

  table::ModelDisk disk_;
  std::unique_ptr<table::Table> table_;
  std::unique_ptr<Archive> archive_;
};

TEST_F(ArchiveTest, BeginsEmptyWithItsIdentity) {
  EXPECT_EQ(archive_->identity(), kIdentity);
  EXPECT_EQ(archive_->partitions(), 4);
  EXPECT_EQ(archive_->End(3).next, 0);
  EXPECT_THAT(Offsets(0, 0, 100), IsEmpty());
  const auto records = archive_->EngineRecords();
  ASSERT_OK(records);
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ((*records)[0].type, EngineRecord::Type::kIdentity);
  EXPECT_EQ((*records)[0].at_us, kNow);
}

TEST_F(ArchiveTest, AnOldArchiveKeepsItsIdentity) {
  const auto again = Archive::Open(table_.get(), 4, {1, 9}, kNow + 5);
  ASSERT_OK(again);
  EXPECT_EQ((*again)->identity(), kIdentity);
  EXPECT_EQ((*again)->EngineRecords()->size(), 1u);
}

TEST_F(ArchiveTest, RefusesAnotherNumberOfPartitions) {
  EXPECT_THAT(Open(5), StatusIs(absl::StatusCode::kFailedPrecondition, "PARTITIONS_CHANGED"));
  ASSERT_OK(Append(MakeDenseBatch(3, 0, 1)));
  EXPECT_THAT(Open(3), StatusIs(absl::StatusCode::kFailedPrecondition, "PARTITIONS_CHANGED"));
}

TEST_F(ArchiveTest, EndMovesWithEachAppend) {
  ASSERT_OK(Append(MakeDenseBatch(1, 0, 300)));
  ASSERT_OK(Append(MakeBatch(1, 300, 310, {{305, 999, "k", "v", {}}})));
  const ArchiveEnd end = archive_->End(1);
  EXPECT_EQ(end.next, 310);
  EXPECT_EQ(end.records, 301);
  EXPECT_EQ(end.start, 0);
  EXPECT_EQ(end.append_time_us, 1'000'000 + 299 * 10);
  EXPECT_EQ(archive_->End(0).next, 0);
}

TEST_F(ArchiveTest, ReopeningFindsTheSameEnds) {
  ASSERT_OK(Append(MakeDenseBatch(1, 0, 700)));
  ASSERT_OK(Append(MakeDenseBatch(3, 0, 5)));
  ASSERT_OK(Append(MakeBatch(1, 700, 705, {})));
  std::vector<ArchiveEnd> before;
  for (Partition p = 0; p < 4; ++p) before.push_back(archive_->End(p));
  Reopen();
  for (Partition p = 0; p < 4; ++p) {
    const ArchiveEnd& expected = before[static_cast<size_t>(p)];
    EXPECT_EQ(archive_->End(p).next, expected.next);
    EXPECT_EQ(archive_->End(p).chain, expected.chain);
    EXPECT_EQ(archive_->End(p).records, expected.records);
    EXPECT_EQ(archive_->End(p).append_time_us, expected.append_time_us);
  }
}

TEST_F(ArchiveTest, SeveralPartitionsGoInOneWrite) {
  const int64_t before = disk_.operations();
  const RecordBatch batches[] = {MakeDenseBatch(0, 0, 300), MakeDenseBatch(2, 0, 10),
                                 MakeBatch(3, 0, 0, {})};
  ASSERT_OK(archive_->Append(batches, Durability::kSynced));
  EXPECT_EQ(disk_.operations(), before + 1);
  EXPECT_EQ(archive_->End(0).next, 300);
  EXPECT_EQ(archive_->End(2).next, 10);
  EXPECT_EQ(archive_->End(3).next, 0);
}

TEST_F(ArchiveTest, AFailedAppendMovesNoEnd) {
  disk_.FailAt(1);
  EXPECT_THAT(Append(MakeDenseBatch(0, 0, 3)), StatusIs(absl::StatusCode::kInternal, "fails"));
  EXPECT_EQ(archive_->End(0).next, 0);
}

TEST_F(ArchiveTest, RefusesARecordThatNobodyCouldReadAgain) {
  EXPECT_THAT(Append(MakeDenseBatch(0, 0, 1, kRecordBytesMax)),
              StatusIs(absl::StatusCode::kInvalidArgument, "TOO_LARGE: partition 0, offset 0"));
  EXPECT_EQ(archive_->End(0).next, 0);
}

TEST_F(ArchiveTest, SyncMakesBufferedBlocksDurable) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Offset next = archive_->End(0).next;
    ASSERT_OK(Append(MakeDenseBatch(0, next, 3), Durability::kBuffered));
    ASSERT_OK(archive_->Sync());
    disk_.Crash(seed);
    Reopen();
    EXPECT_EQ(archive_->End(0).next, next + 3);
  }
}

TEST_F(ArchiveTest, AfterACrashUnsyncedBlocksAreWholeOrGone) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Offset synced = archive_->End(0).next;
    ASSERT_OK(Append(MakeDenseBatch(0, synced, 2), Durability::kBuffered));
    ASSERT_OK(Append(MakeDenseBatch(0, synced + 2, 2), Durability::kBuffered));
    disk_.Crash(seed);
    Reopen();
    const Offset next = archive_->End(0).next;
    EXPECT_TRUE(next == synced || next == synced + 2 || next == synced + 4) << next;
    EXPECT_EQ(Offsets(0, 0, next).size(), static_cast<size_t>(next));
  }
}

TEST_F(ArchiveTest, ReadsOneRecordAnywhere) {
  ASSERT_OK(Append(MakeDenseBatch(0, 0, 600)));
  for (const Offset offset : {0, 1, 255, 256, 599}) {
    const auto batch = archive_->Read(0, offset);
    ASSERT_OK(batch);
    ASSERT_EQ(batch->records.size(), 1u);
    EXPECT_EQ(batch->first, offset);
    EXPECT_EQ(batch->next, offset + 1);
    EXPECT_EQ(batch->records[0].offset, offset);
    EXPECT_EQ(batch->records[0].key, absl::StrCat("key", offset % 7));
  }
}

TEST_F(ArchiveTest, ReadSaysNotFoundForGapsAndBeyondTheEnd) {
  ASSERT_OK(Append(MakeBatch(0, 0, 10, {{4, 1, "k", "v", {}}})));
  EXPECT_OK(archive_->Read(0, 4));
  EXPECT_THAT(archive_->Read(0, 5), StatusIs(absl::StatusCode::kNotFound, "gap"));
  EXPECT_THAT(archive_->Read(0, 10), StatusIs(absl::StatusCode::kNotFound, "ends at 10"));
  EXPECT_THAT(archive_->Read(0, -1), StatusIs(absl::StatusCode::kNotFound, ""));
  EXPECT_THAT(archive_->Read(1, 0), StatusIs(absl::StatusCode::kNotFound, "ends at 0"));
}

TEST_F(ArchiveTest, ReadManyAnswersEachOffset) {
  ASSERT_OK(Append(MakeDenseBatch(0, 0, 600)));
  const auto batches = archive_->ReadMany(0, {0, 255, 256, 257, 599, 600});
  ASSERT_EQ(batches.size(), 6u);
  EXPECT_EQ((*batches[1]).records[0].offset, 255);
  EXPECT_EQ((*batches[2]).records[0].offset, 256);
  EXPECT_EQ((*batches[4]).records[0].offset, 599);
  EXPECT_THAT(batches[5], StatusIs(absl::StatusCode::kNotFound, ""));
}

TEST_F(ArchiveTest, ScanGivesTheRangeAskedFor) {
  ASSERT_OK(Append(MakeDenseBatch(0, 0, 300)));
  ASSERT_OK(Append(MakeBatch(0, 300, 400, {{350, 1, "k", "v", {}}})));
  ASSERT_OK(Append(MakeDenseBatch(1, 0, 3)));
  EXPECT_EQ(Offsets(0, 0, 400).size(), 301u);
  EXPECT_THAT(Offsets(0, 298, 352), ElementsAre(298, 299, 350));
  EXPECT_THAT(Offsets(0, 254, 258), ElementsAre(254, 255, 256, 257));
  EXPECT_THAT(Offsets(0, 301, 349), IsEmpty());
  EXPECT_THAT(Offsets(0, 351, 9999), IsEmpty());
  EXPECT_THAT(Offsets(0, 5, 5), IsEmpty());
  EXPECT_THAT(Offsets(0, 500, 600), IsEmpty());
  EXPECT_THAT(Offsets(1, 0, 9), ElementsAre(0, 1, 2));
}

TEST_F(ArchiveTest, ScanByBatchesCoversTheRangeWithoutHole) {
  ASSERT_OK(Append(MakeDenseBatch(0, 0, 600)));
  ASSERT_OK(Append(MakeBatch(0, 600, 700, {})));
  ASSERT_OK(Append(MakeDenseBatch(0, 700, 10)));
  const std::unique_ptr<Cursor> cursor = archive_->Scan(0, 100, 705);
  ASSERT_TRUE(cursor->Next());
  ASSERT_TRUE(cursor->Next());
  EXPECT_EQ(cursor->record().offset, 101);
  std::vector<RecordBatch> batches;
  Offset joins = 102;
  size_t records = 0;
  for (RecordBatch batch; cursor->NextBatch(batch); batches.push_back(batch)) {
    EXPECT_EQ(batch.first, joins);
    joins = batch.next;
    records += batch.records.size();
  }
  EXPECT_OK(cursor->status());
  EXPECT_EQ(joins, 705);
  EXPECT_EQ(records, 498u + 5u);
  // Batches own their bytes.
  EXPECT_EQ(batches[0].records[0].offset, 102);
  EXPECT_EQ(batches[0].records[0].key, "key4");
  EXPECT_FALSE(cursor->Next());
}

TEST_F(ArchiveTest, ScanDoesNotSeeWhatIsAppendedLater) {
  ASSERT_OK(Append(MakeDenseBatch(0, 0, 3)));
  const std::unique_ptr<Cursor> cursor = archive_->Scan(0, 0, 100);
  ASSERT_OK(Append(MakeDenseBatch(0, 3, 3)));
  int seen = 0;
  while (cursor->Next()) ++seen;
  EXPECT_OK(cursor->status());
  EXPECT_EQ(seen, 3);
}

TEST_F(ArchiveTest, ReadersAndAppenderRunTogether) {
  std::thread appender([&] {
    for (Offset offset = 0; offset < 2000; offset += 5) {
      ASSERT_OK(Append(MakeDenseBatch(0, offset, 5), Durability::kBuffered));
    }
  });
  Offset end = 0;
  while (end < 2000) {
    end = archive_->End(0).next;
    const std::unique_ptr<Cursor> cursor = archive_->Scan(0, std::max<Offset>(0, end - 50), end);
    Offset expected = std::max<Offset>(0, end - 50);
    while (cursor->Next()) ASSERT_EQ(cursor->record().offset, expected++);
    ASSERT_OK(cursor->status());
    ASSERT_EQ(expected, end);
  }
  appender.join();
}

TEST_F(ArchiveTest, ChainAtGoesOnInsideBlocks) {
  const RecordBatch batch = MakeDenseBatch(0, 0, 400);
  ASSERT_OK(Append(batch));
  Chain chain = 0;
  for (Offset offset = 0; offset <= 400; ++offset) {
    ASSERT_EQ(*archive_->ChainAt(0, offset), chain) << offset;
    if (offset == 400) break;
    const RecordView& record = batch.records[static_cast<size_t>(offset)];
    chain = ChainNext(chain, offset, RecordCrc(record));
  }
  EXPECT_THAT(archive_->ChainAt(0, 401), StatusIs(absl::StatusCode::kNotFound, "ends at 400"));
  EXPECT_EQ(archive_->End(0).chain, chain);
}

TEST_F(ArchiveTest, AMissingBlockIsFoundAtOpenAndByReaders) {
  ASSERT_OK(Append(MakeDenseBatch(2, 0, 600)));
  Change(BlockKey(2, 256), absl::nullopt);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "partition 2, offset 256"));
  EXPECT_THAT(archive_->Read(2, 300),
              StatusIs(absl::StatusCode::kDataLoss, "partition 2, offset 300"));
  EXPECT_OK(archive_->Read(2, 255));
  EXPECT_OK(archive_->Read(2, 512));
  const std::unique_ptr<Cursor> cursor = archive_->Scan(2, 0, 600);
  int seen = 0;
  while (cursor->Next()) ++seen;
  EXPECT_EQ(seen, 256);
  EXPECT_THAT(cursor->status(), StatusIs(absl::StatusCode::kDataLoss, "partition 2, offset 256"));
  EXPECT_FALSE(cursor->Next());
}

TEST_F(ArchiveTest, AMissingLastBlockIsFoundByReaders) {
  ASSERT_OK(Append(MakeDenseBatch(2, 0, 300)));
  Change(BlockKey(2, 256), absl::nullopt);
  const std::unique_ptr<Cursor> cursor = archive_->Scan(2, 250, 300);
  while (cursor->Next()) {
  }
  EXPECT_THAT(cursor->status(), StatusIs(absl::StatusCode::kDataLoss, "partition 2, offset 256"));
}

TEST_F(ArchiveTest, AMissingFirstBlockIsFound) {
  ASSERT_OK(Append(MakeDenseBatch(0, 0, 600)));
  Change(BlockKey(0, 0), absl::nullopt);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "partition 0, offset 0"));
  EXPECT_THAT(archive_->Read(0, 0), StatusIs(absl::StatusCode::kDataLoss, "offset 0"));
}

TEST_F(ArchiveTest, ADamagedLastBlockIsFoundAtOpen) {
  ASSERT_OK(Append(MakeDenseBatch(1, 0, 300)));
  ASSERT_OK(Append(MakeDenseBatch(3, 0, 1)));
  std::string bytes = *table_->Get(BlockKey(1, 256));
  bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
  Change(BlockKey(1, 256), bytes);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "partition 1, offset 256"));
}

TEST_F(ArchiveTest, ADamagedBlockNamesItselfWhenRead) {
  ASSERT_OK(Append(MakeDenseBatch(1, 0, 600)));
  std::string bytes = *table_->Get(BlockKey(1, 256));
  bytes[100] = static_cast<char>(~bytes[100]);
  Change(BlockKey(1, 256), bytes);
  // Inside a block of the middle: not looked at when opening.
  EXPECT_OK(Open());
  EXPECT_THAT(archive_->Read(1, 300),
              StatusIs(absl::StatusCode::kDataLoss, "ARCHIVE_DAMAGED: partition 1, offset 256"));
}

TEST_F(ArchiveTest, ABlockOfAnotherHistoryIsFoundAtOpen) {
  ASSERT_OK(Append(MakeDenseBatch(1, 0, 300)));
  const auto foreign = EncodeBlocks(MakeDenseBatch(1, 256, 44), {12345, 0});
  Change(BlockKey(1, 256), foreign[0].bytes);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "does not join up"));
}

TEST_F(ArchiveTest, AForeignRowIsFoundAtOpen) {
  Change(std::string("\0\0\0\2X", 5), "?");
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "neither a block"));
}

TEST_F(ArchiveTest, RecordsWithoutIdentityAreDamage) {
  ASSERT_OK(Append(MakeDenseBatch(1, 0, 3)));
  Change(EngineKey(0), absl::nullopt);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "not which log"));
}

TEST_F(ArchiveTest, KeepsEngineRecordsInOrder) {
  for (int i = 0; i < 300; ++i) {
    ASSERT_OK(archive_->AppendEngineRecord(
        {EngineRecord::Type::kRulesActivated, kNow + i, absl::StrCat("digest ", i)}));
  }
  Reopen();
  const auto records = archive_->EngineRecords();
  ASSERT_OK(records);
  ASSERT_EQ(records->size(), 301u);
  for (size_t i = 0; i < 300; ++i) {
    EXPECT_EQ((*records)[i + 1].body, absl::StrCat("digest ", i));
    EXPECT_EQ((*records)[i + 1].at_us, kNow + static_cast<int64_t>(i));
  }
  ASSERT_OK(archive_->AppendEngineRecord({EngineRecord::Type::kVerdict, kNow, "more"}));
  EXPECT_EQ(archive_->EngineRecords()->size(), 302u);
}

TEST_F(ArchiveTest, ADamagedEngineRecordIsFound) {
  ASSERT_OK(archive_->AppendEngineRecord({EngineRecord::Type::kVerdict, kNow, "verdict"}));
  std::string row = *table_->Get(EngineKey(1));
  row[12] = 'x';
  Change(EngineKey(1), row);
  EXPECT_THAT(archive_->EngineRecords(), StatusIs(absl::StatusCode::kDataLoss, "checksum"));
  Change(EngineKey(1), absl::nullopt);
  Change(EngineKey(2), row);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "engine record 1 is missing"));
}

TEST_F(ArchiveTest, AnAcceptedGapAtTheFrontMovesItsStart) {
  ASSERT_OK(Append(MakeBatch(2, 0, 90, {})));
  ASSERT_OK(archive_->AppendEngineRecord(
      {EngineRecord::Type::kGapAccepted, kNow, EncodeGap({2, 0, 90, "ops: retention"})}));
  ASSERT_OK(Append(MakeDenseBatch(2, 90, 5)));
  EXPECT_EQ(archive_->End(2).start, 90);
  EXPECT_EQ(archive_->End(1).start, 0);
  Reopen();
  EXPECT_EQ(archive_->End(2).start, 90);
  EXPECT_EQ(archive_->End(2).next, 95);
  EXPECT_THAT(Offsets(2, 0, 92), ElementsAre(90, 91));
}

TEST_F(ArchiveTest, AnAcceptedGapIsABlockAndARecordInOneDurableWrite) {
  ASSERT_OK(Append(MakeDenseBatch(2, 0, 5)));
  const Chain chain = archive_->End(2).chain;
  disk_.FailAt(1);
  EXPECT_FALSE(archive_->AcceptGap({2, 5, 90, "ops: a disk burned"}, kNow).ok());
  EXPECT_EQ(archive_->End(2).next, 5);
  disk_.Crash(3);
  Reopen();
  const bool is_there = archive_->End(2).next == 90;
  EXPECT_EQ(archive_->EngineRecords()->size(), is_there ? 2u : 1u) << "both or none";
  if (!is_there) {
    ASSERT_OK(archive_->AcceptGap({2, 5, 90, "ops: a disk burned"}, kNow));
  }
  disk_.Crash(5);
  Reopen();
  EXPECT_EQ(archive_->End(2).next, 90);
  EXPECT_EQ(archive_->End(2).chain, chain) << "no record, no change";
  EXPECT_EQ(archive_->End(2).start, 0);
  EXPECT_EQ(archive_->End(2).complete_from, 90);
  EXPECT_EQ(archive_->End(1).complete_from, 0);
  EXPECT_EQ(*archive_->ChainAt(2, 50), chain);
  EXPECT_THAT(archive_->Read(2, 50), StatusIs(absl::StatusCode::kNotFound, "gap"));
  ASSERT_OK(Append(MakeDenseBatch(2, 90, 2)));
  EXPECT_EQ(archive_->End(2).complete_from, 90);
  EXPECT_THAT(Offsets(2, 3, 95), ElementsAre(3, 4, 90, 91));
}

TEST_F(ArchiveTest, ANewEpochIsAFurtherIdentity) {
  ASSERT_OK(archive_->AppendEngineRecord(
      {EngineRecord::Type::kIdentity, kNow, EncodeIdentity({{kIdentity.id, 2}, 4})}));
  EXPECT_EQ(archive_->identity(), (LogIdentity{kIdentity.id, 2}));
  Reopen();
  EXPECT_EQ(archive_->identity(), (LogIdentity{kIdentity.id, 2}));
  EXPECT_THAT(archive_->AppendEngineRecord({EngineRecord::Type::kIdentity, kNow, "nonsense"}),
              StatusIs(absl::StatusCode::kDataLoss, "not an identity"));
  Reopen();
}

TEST(EngineRecordTest, BodiesComeBack) {
  const auto gap = DecodeGap(EncodeGap({3, 10, 90, "ops: disk"}));
  ASSERT_OK(gap);
  EXPECT_EQ(gap->partition, 3);
  EXPECT_EQ(gap->from, 10);
  EXPECT_EQ(gap->to, 90);
  EXPECT_EQ(gap->reason, "ops: disk");
  EXPECT_THAT(DecodeGap("short"), StatusIs(absl::StatusCode::kDataLoss, "not an accepted gap"));
  const auto verdict =
      DecodeVerdict(EncodeVerdict({3, 1043, CrashVerdict::Kind::kReleased, 4, "ops"}));
  ASSERT_OK(verdict);
  EXPECT_EQ(verdict->partition, 3);
  EXPECT_EQ(verdict->offset, 1043);
  EXPECT_EQ(verdict->kind, CrashVerdict::Kind::kReleased);
  EXPECT_EQ(verdict->deaths, 4u);
  EXPECT_EQ(verdict->caller, "ops");
  std::string unknown_kind = EncodeVerdict({3, 1043, CrashVerdict::Kind::kCrashed, 3, ""});
  unknown_kind[12] = 9;
  EXPECT_THAT(DecodeVerdict(unknown_kind), StatusIs(absl::StatusCode::kDataLoss, "not a verdict"));
  const auto log = DecodeIdentity(EncodeIdentity({{0xffffffff, 7}, 1024}));
  ASSERT_OK(log);
  EXPECT_EQ(log->identity, (LogIdentity{0xffffffff, 7}));
  EXPECT_EQ(log->partitions, 1024);
}

}  // namespace
}  // namespace rapport::log
