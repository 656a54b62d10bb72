// Blocks that are appended without being synced wait in memory: who reads them finds them, who
// syncs makes them durable, and many become a file.

#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "engine/log/archive.h"
#include "engine/log/engine_record.h"
#include "engine/table/model_table.h"
#include "tests/kit/batch_maker.h"
#include "tests/kit/status_matchers.h"
#include "tests/kit/table_wrapper.h"

namespace rapport::log {
namespace {

using ::rapport::kit::MakeDenseBatch;
using ::rapport::kit::StatusIs;
using ::rapport::table::Durability;

// Records of which each makes a block of its own that cannot be made smaller.
constexpr size_t kLarge = 70'000;

// Counts what is written in which way, and fails when told to.
class CountedTable : public kit::TableWrapper {
 public:
  using TableWrapper::TableWrapper;
  absl::Status Write(const table::WriteBatch& batch, Durability durability) override {
    written += batch.rows().size();
    syncs += durability == Durability::kSynced;
    return failure.ok() ? inner().Write(batch, durability) : failure;
  }
  absl::Status Ingest(absl::Span<const table::KeyValue> rows) override {
    ingested += rows.size();
    return failure.ok() ? inner().Ingest(rows) : failure;
  }

  size_t written = 0;
  size_t syncs = 0;
  size_t ingested = 0;
  absl::Status failure;
};

class ArchiveWaitingTest : public testing::Test {
 protected:
  ArchiveWaitingTest() { Open(); }

  void Open() {
    archive_.reset();
    table_.reset();
    inner_.reset();
    table::TableOptions options;
    options.wal = true;
    inner_ = *disk_.Open(options);
    table_.emplace(inner_.get());
    auto archive = Archive::Open(&*table_, 2, {7, 1}, 1);
    ASSERT_OK(archive);
    archive_ = *std::move(archive);
    table_->written = table_->syncs = table_->ingested = 0;
  }
  // Loses all that was not synced.
  void CutPower() {
    disk_.Crash(1);
    Open();
  }

  void Append(const RecordBatch& batch, Durability durability = Durability::kBuffered) {
    ASSERT_OK(archive_->Append(absl::MakeConstSpan(&batch, 1), durability));
  }
  Offset Count(Partition partition) {
    Offset count = 0;
    const auto cursor = archive_->Scan(partition, 0, 1000);
    for (; cursor->Next(); ++count) EXPECT_EQ(cursor->record().offset, count);
    EXPECT_OK(cursor->status());
    return count;
  }

  table::ModelDisk disk_;
  std::unique_ptr<table::Table> inner_;
  std::optional<CountedTable> table_;
  std::unique_ptr<Archive> archive_;
};

TEST_F(ArchiveWaitingTest, BlocksThatNobodySyncsOrReadsTouchNoDisk) {
  Append(MakeDenseBatch(0, 0, 10));
  Append(MakeDenseBatch(0, 10, 10));
  EXPECT_EQ(archive_->End(0).next, 20);
  EXPECT_EQ(archive_->End(0).records, 20);
  EXPECT_OK(archive_->ChainAt(0, 20));
  EXPECT_EQ(table_->written, 0u);
}

TEST_F(ArchiveWaitingTest, AReaderFindsThem) {
  Append(MakeDenseBatch(0, 0, 10), Durability::kSynced);
  Append(MakeDenseBatch(0, 10, 10));
  Append(MakeDenseBatch(0, 20, 10));
  Append(MakeDenseBatch(1, 0, 10));
  const size_t written = table_->written;
  EXPECT_EQ(archive_->Read(0, 17)->records[0].offset, 17);
  const auto found = archive_->ReadMany(0, {3, 9, 10, 25});
  for (size_t i = 0; i < found.size(); ++i) ASSERT_OK(found[i]);
  EXPECT_EQ(found[3]->records[0].offset, 25);
  EXPECT_EQ(Count(0), 30);
  EXPECT_EQ(Count(1), 10);
  EXPECT_NE(archive_->ChainAt(0, 15).value(), archive_->ChainAt(0, 16).value());
  EXPECT_EQ(table_->written, written) << "reading writes nothing";
}

TEST_F(ArchiveWaitingTest, ASyncMakesThemDurable) {
  Append(MakeDenseBatch(0, 0, 10));
  Append(MakeDenseBatch(1, 0, 20));
  ASSERT_OK(archive_->Sync());
  Append(MakeDenseBatch(1, 20, 5));
  CutPower();
  EXPECT_EQ(Count(0), 10);
  EXPECT_EQ(Count(1), 20);
}

TEST_F(ArchiveWaitingTest, ASyncedAppendMakesThoseBeforeItDurable) {
  Append(MakeDenseBatch(0, 0, 10));
  Append(MakeDenseBatch(0, 10, 10), Durability::kSynced);
  CutPower();
  EXPECT_EQ(Count(0), 20);
}

TEST_F(ArchiveWaitingTest, ADecisionOfTheEngineStandsBehindThem) {
  Append(MakeDenseBatch(0, 0, 10));
  ASSERT_OK(archive_->AppendEngineRecord({EngineRecord::Type::kRulesActivated, 5, "r"}));
  CutPower();
  EXPECT_EQ(Count(0), 10);
  EXPECT_EQ(archive_->EngineRecords()->size(), 2u);
}

TEST_F(ArchiveWaitingTest, ManyBecomeAFileWithoutBeingAskedFor) {
  for (int i = 0; i < 59; ++i) Append(MakeDenseBatch(0, i, 1, kLarge));
  EXPECT_EQ(table_->ingested, 0u);
  Append(MakeDenseBatch(0, 59, 1, kLarge));
  EXPECT_EQ(table_->ingested, 60u);
  EXPECT_EQ(table_->written, 0u);
  CutPower();
  EXPECT_EQ(Count(0), 60);
}

TEST_F(ArchiveWaitingTest, ASyncMakesAFileOfMuchAndWritesLittle) {
  Append(MakeDenseBatch(0, 0, 16, kLarge));
  Append(MakeDenseBatch(1, 0, 10));
  ASSERT_OK(archive_->Sync());
  EXPECT_EQ(table_->ingested, 16u);
  EXPECT_EQ(table_->written, 1u);
  CutPower();
  EXPECT_EQ(Count(0), 16);
  EXPECT_EQ(Count(1), 10);
}

TEST_F(ArchiveWaitingTest, ALossIsAcceptedBehindThem) {
  Append(MakeDenseBatch(0, 0, 10));
  ASSERT_OK(archive_->AcceptGap({0, 10, 30, "disk"}, 5));
  CutPower();
  EXPECT_EQ(archive_->End(0).next, 30);
  EXPECT_EQ(Count(0), 10);
}

TEST_F(ArchiveWaitingTest, AfterAFailedWriteNothingIsWrittenAndAllIsRead) {
  Append(MakeDenseBatch(0, 0, 10));
  table_->failure = absl::InternalError("the disk");
  EXPECT_THAT(archive_->Sync(), StatusIs(absl::StatusCode::kInternal, "the disk"));
  table_->failure = absl::OkStatus();
  EXPECT_OK(archive_->Read(0, 3));
  EXPECT_EQ(Count(0), 10);
  EXPECT_THAT(archive_->Sync(), StatusIs(absl::StatusCode::kInternal, "the disk"));
  const RecordBatch more = MakeDenseBatch(0, 10, 60, kLarge);
  EXPECT_THAT(archive_->Append(absl::MakeConstSpan(&more, 1), Durability::kBuffered),
              StatusIs(absl::StatusCode::kInternal, "the disk"));
  EXPECT_EQ(table_->written, 1u);
}

TEST_F(ArchiveWaitingTest, ReadersAndSyncsBesideAppendsSeeAllUpToTheEnd) {
  std::thread syncs([this] {
    for (int i = 0; i < 200; ++i) ASSERT_OK(archive_->Sync());
  });
  std::thread reads([this] {
    for (int i = 0; i < 200; ++i) {
      const Offset end = archive_->End(0).next;
      if (end == 0) continue;
      ASSERT_OK(archive_->Read(0, end - 1));
    }
  });
  for (int i = 0; i < 300; ++i) Append(MakeDenseBatch(0, i, 1, i % 50 == 0 ? kLarge : 20));
  syncs.join();
  reads.join();
  EXPECT_EQ(Count(0), 300);
}

}  // namespace
}  // namespace rapport::log
