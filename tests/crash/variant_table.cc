#include "tests/crash/variant_table.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>

#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::crash {
namespace {

absl::Status From(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsNotFound()) return absl::NotFoundError("no such key");
  if (status.IsCorruption()) return absl::DataLossError(status.ToString());
  return absl::InternalError(status.ToString());
}

rocksdb::Slice AsSlice(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }
absl::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

class VariantIterator : public table::Iterator {
 public:
  explicit VariantIterator(std::unique_ptr<rocksdb::Iterator> it) : it_(std::move(it)) {}
  void Seek(absl::string_view key) override { it_->Seek(AsSlice(key)); }
  void SeekForPrev(absl::string_view key) override { it_->SeekForPrev(AsSlice(key)); }
  void Next() override { it_->Next(); }
  bool Valid() const override { return it_->Valid(); }
  absl::string_view key() const override { return AsView(it_->key()); }
  absl::string_view value() const override { return AsView(it_->value()); }
  absl::Status status() const override { return From(it_->status()); }

 private:
  const std::unique_ptr<rocksdb::Iterator> it_;
};

// As the product's table: whoever failed once never writes again.
class Latch : public rocksdb::EventListener {
 public:
  bool failed() const { return failed_; }
  absl::Status Record(const rocksdb::Status& status) {
    if (!status.ok()) failed_ = true;
    return From(status);
  }
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status*) override {
    failed_ = true;
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  std::atomic<bool> failed_{false};
};

class VariantTable : public table::Table {
 public:
  VariantTable(rocksdb::DB* db, rocksdb::Options options, std::string directory, IngestWay way,
               std::shared_ptr<Latch> latch)
      : options_(std::move(options)),
        directory_(std::move(directory)),
        way_(way),
        latch_(std::move(latch)),
        db_(db) {}

  absl::StatusOr<std::string> Get(absl::string_view key) override {
    std::string value;
    RETURN_IF_ERROR(From(db_->Get(rocksdb::ReadOptions(), AsSlice(key), &value)));
    return value;
  }
  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) override {
    std::vector<absl::StatusOr<std::string>> out;
    out.reserve(keys.size());
    for (const absl::string_view key : keys) out.push_back(Get(key));
    return out;
  }
  std::unique_ptr<table::Iterator> NewIterator() override {
    return std::make_unique<VariantIterator>(
        std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(rocksdb::ReadOptions())));
  }
  absl::Status Write(const table::WriteBatch& batch, table::Durability durability) override;
  absl::Status Flush() override;
  absl::Status Ingest(absl::Span<const table::KeyValue> rows) override;
  uint64_t ApproximateBytes() override { return 0; }

 private:
  absl::Status Dead() const {
    return latch_->failed() ? absl::InternalError("failed before") : absl::OkStatus();
  }
  absl::Status FlushAll();
  absl::Status WriteFile(const std::string& path, absl::Span<const table::KeyValue> rows);

  const rocksdb::Options options_;
  const std::string directory_;
  const IngestWay way_;
  const std::shared_ptr<Latch> latch_;
  const std::unique_ptr<rocksdb::DB> db_;
  absl::Mutex order_;
  std::atomic<uint64_t> files_{0};
};

absl::Status VariantTable::Write(const table::WriteBatch& batch, table::Durability durability) {
  RAPPORT_CHECK(durability == table::Durability::kBuffered);
  RETURN_IF_ERROR(Dead());
  rocksdb::WriteBatch rows;
  for (const table::WriteBatch::Row& row : batch.rows()) {
    const rocksdb::Status added =
        row.is_delete ? rows.Delete(row.key) : rows.Put(row.key, row.value);
    RAPPORT_CHECK(added.ok()) << added.ToString();
  }
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  absl::ReaderMutexLock lock(&order_);
  return latch_->Record(db_->Write(options, &rows));
}

absl::Status VariantTable::FlushAll() {
  rocksdb::FlushOptions flush;
  flush.allow_write_stall = true;
  return latch_->Record(db_->Flush(flush));
}

absl::Status VariantTable::Flush() {
  RETURN_IF_ERROR(Dead());
  absl::ReaderMutexLock lock(&order_);
  return FlushAll();
}

absl::Status VariantTable::WriteFile(const std::string& path,
                                     absl::Span<const table::KeyValue> rows) {
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options_, nullptr, false);
  RETURN_IF_ERROR(latch_->Record(writer.Open(path)));
  for (const table::KeyValue& row : rows) {
    RETURN_IF_ERROR(latch_->Record(writer.Put(row.first, row.second)));
  }
  return latch_->Record(writer.Finish());
}

absl::Status VariantTable::Ingest(absl::Span<const table::KeyValue> rows) {
  RETURN_IF_ERROR(Dead());
  const size_t half = way_ == IngestWay::kTwoFilesOneCall && rows.size() > 1 ? rows.size() / 2 : 0;
  std::vector<std::string> paths;
  for (const auto& part : {rows.subspan(0, half), rows.subspan(half)}) {
    if (part.empty()) continue;
    paths.push_back(absl::StrCat(directory_, "/ingest/", files_.fetch_add(1), ".sst"));
    RETURN_IF_ERROR(WriteFile(paths.back(), part));
  }
  rocksdb::IngestExternalFileOptions ingest;
  ingest.move_files = true;
  ingest.write_global_seqno = false;
  if (way_ == IngestWay::kUnflushed || way_ == IngestWay::kWritersGoOn) {
    if (way_ == IngestWay::kWritersGoOn) RETURN_IF_ERROR(FlushAll());
    return latch_->Record(db_->IngestExternalFile(paths, ingest));
  }
  absl::WriterMutexLock lock(&order_);
  RETURN_IF_ERROR(FlushAll());
  return latch_->Record(db_->IngestExternalFile(paths, ingest));
}

}  // namespace

absl::StatusOr<std::unique_ptr<table::Table>> OpenVariantTable(rocksdb::Env* env,
                                                               const std::string& directory,
                                                               const table::TableOptions& options,
                                                               IngestWay way) {
  // As engine/table/rocks_table.cc opens it, as far as a crash could tell.
  rocksdb::Options rocks;
  rocks.env = env;
  rocks.create_if_missing = true;
  rocks.paranoid_checks = true;
  rocks.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocks.avoid_flush_during_shutdown = true;
  rocks.max_bgerror_resume_count = 0;
  rocks.write_buffer_size = options.write_buffer_bytes;
  rocks.max_write_buffer_number = 3;
  rocks.max_background_jobs = 2;
  rocks.max_open_files = -1;
  rocks.level_compaction_dynamic_level_bytes = true;
  rocks.bytes_per_sync = 1 << 20;
  rocks.info_log_level = rocksdb::WARN_LEVEL;
  rocks.stats_dump_period_sec = 0;
  rocks.stats_persist_period_sec = 0;
  auto latch = std::make_shared<Latch>();
  rocks.listeners.push_back(latch);
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(From(rocksdb::DB::Open(rocks, directory, &db)));
  auto table = std::make_unique<VariantTable>(db, rocks, directory, way, std::move(latch));
  const std::string folder = directory + "/ingest";
  RETURN_IF_ERROR(From(env->CreateDirIfMissing(folder)));
  std::vector<std::string> names;
  RETURN_IF_ERROR(From(env->GetChildren(folder, &names)));
  for (const std::string& name : names) {
    RETURN_IF_ERROR(From(env->DeleteFile(absl::StrCat(folder, "/", name))));
  }
  return table;
}

}  // namespace rapport::crash
