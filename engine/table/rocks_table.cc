// The real table: one RocksDB, one column family. The only file that knows RocksDB's calls.

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/table/rocks_logs.h"
#include "engine/table/rocks_manifest.h"
#include "engine/table/rocks_open.h"

namespace rapport::table {
namespace {

rocksdb::Slice AsSlice(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }
absl::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// What a failed read means.
absl::Status FromRead(const rocksdb::Status& status, const std::string& directory) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsNotFound()) return absl::NotFoundError("no such key");
  if (status.IsCorruption()) {
    return absl::DataLossError(absl::StrCat("table ", directory,
                                            ": damaged bytes: ", status.ToString(),
                                            "; restore it from a backup or let it be rebuilt"));
  }
  return absl::InternalError(absl::StrCat("table ", directory, ": read failed: ", status.ToString(),
                                          "; look at the disk and start again"));
}

// What a failed write, flush or ingest means.
absl::Status FromWrite(const rocksdb::Status& status, const std::string& directory) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsNoSpace()) {
    return absl::ResourceExhaustedError(absl::StrCat("table ", directory,
                                                     ": the disk is full: ", status.ToString(),
                                                     "; free space and start again"));
  }
  if (status.IsCorruption()) return FromRead(status, directory);
  return absl::InternalError(
      absl::StrCat("table ", directory, ": write failed: ", status.ToString(),
                   "; nothing after it is known to be kept, the process must start again"));
}

absl::Status FromOpen(const rocksdb::Status& status, const std::string& directory) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = status.ToString();
  if (absl::StrContains(text, "While lock file") ||
      absl::StrContains(text, "lock hold by current process")) {
    return absl::UnavailableError(absl::StrCat("table ", directory,
                                               ": in use by another process: ", text,
                                               "; stop that one or choose another directory"));
  }
  if (status.IsCorruption()) return FromRead(status, directory);
  if (status.IsNoSpace()) return FromWrite(status, directory);
  return absl::FailedPreconditionError(
      absl::StrCat("table ", directory, ": cannot be opened: ", text,
                   "; check that the directory exists and may be written"));
}

// Keeps the first failure. A table that failed once never writes again: what the failed call left
// on disk is unknown, and a retried sync can report success for bytes that are gone.
class FailureLatch : public rocksdb::EventListener {
 public:
  FailureLatch(std::string directory, const TableOptions& options)
      : directory_(std::move(directory)), wal_(options.wal), on_damage_(options.on_damage) {}

  absl::Status Check() const {
    if (!failed_.load(std::memory_order_acquire)) return absl::OkStatus();
    absl::MutexLock lock(&mutex_);
    return first_;
  }

  absl::Status Record(const rocksdb::Status& status) {
    if (status.ok()) return absl::OkStatus();
    if (status.IsCorruption()) (void)Read(status);
    absl::MutexLock lock(&mutex_);
    if (first_.ok()) first_ = FromWrite(status, directory_);
    failed_.store(true, std::memory_order_release);
    return first_;
  }

  // What a read gave: that fails alone.
  absl::Status Read(const rocksdb::Status& status) const {
    const absl::Status read = FromRead(status, directory_);
    if (absl::IsDataLoss(read) && on_damage_) on_damage_(read);
    return read;
  }

  // Once the table is open.
  void Watch(rocksdb::DB* db) { db_ = db; }

  // A new log has been made and nothing is written to it yet. The one before is synced now:
  // otherwise a power cut could tear it and keep what is written to the new one, behind a hole.
  void OnMemTableSealed(const rocksdb::MemTableInfo&) override {
    rocksdb::DB* const db = db_.load();
    if (db != nullptr && wal_ && Check().ok()) (void)Record(db->SyncWAL());
  }
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
    if (status != nullptr) (void)Record(*status);
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  const std::string directory_;
  const bool wal_;
  const std::function<void(const absl::Status&)> on_damage_;
  std::atomic<rocksdb::DB*> db_ = nullptr;
  std::atomic<bool> failed_ = false;
  mutable absl::Mutex mutex_;
  absl::Status first_;
};

class RocksIterator : public Iterator {
 public:
  RocksIterator(rocksdb::DB* db, std::shared_ptr<FailureLatch> latch)
      : snapshot_(db), latch_(std::move(latch)) {
    // Without a snapshot taken first, an iterator made while a file is ingested can see a write
    // that came after the file, and not the file.
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_.snapshot();
    it_.reset(db->NewIterator(options));
  }

  void Seek(absl::string_view key) override { it_->Seek(AsSlice(key)); }
  void SeekForPrev(absl::string_view key) override { it_->SeekForPrev(AsSlice(key)); }
  void Next() override { it_->Next(); }
  bool Valid() const override { return it_->Valid(); }
  absl::string_view key() const override { return AsView(it_->key()); }
  absl::string_view value() const override { return AsView(it_->value()); }
  absl::Status status() const override { return latch_->Read(it_->status()); }

 private:
  rocksdb::ManagedSnapshot snapshot_;
  const std::shared_ptr<FailureLatch> latch_;
  std::unique_ptr<rocksdb::Iterator> it_;
};

// A table keeps so many of its files open: of those that the process may open it leaves most to
// other tables, connections and logs.
int OpenFilesMax() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 10'000;
  return static_cast<int>(std::clamp<rlim_t>(limit.rlim_cur / 4, 32, 10'000));
}

rocksdb::Options RocksOptions(rocksdb::Env* env, const TableOptions& options) {
  rocksdb::Options out;
  out.env = env;
  out.create_if_missing = true;
  out.paranoid_checks = true;
  // Refuses a damaged log, accepts a torn tail. The default would silently open with half of the
  // synced rows after one flipped byte. CheckRocksLogs looks before at what this cannot tell apart.
  out.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Destroying a table keeps what is durable and no more: the same as a crash.
  out.avoid_flush_during_shutdown = true;
  out.max_bgerror_resume_count = 0;
  out.write_buffer_size = options.write_buffer_bytes;
  out.max_write_buffer_number = 3;
  out.max_background_jobs = 2;
  out.max_open_files = OpenFilesMax();
  out.level_compaction_dynamic_level_bytes = true;
  out.bytes_per_sync = 1 << 20;
  out.compression = options.compress ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  out.keep_log_file_num = 2;
  out.max_log_file_size = 1 << 20;
  out.info_log_level = rocksdb::WARN_LEVEL;
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;

  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = rocksdb::NewLRUCache(options.cache_bytes);
  blocks.block_size = 8 << 10;
  // A customer seen for the first time is looked up in vain: the filter saves that read.
  blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return out;
}

// While nothing was ever written, a file that is taken in gets sequence number 0 and an iterator
// made then holds a snapshot of number 0. A compaction beside it drops rows that nothing replaces:
// for good (facebook/rocksdb#13155, not in 7.8). A deletion of no row makes the first number 1.
absl::Status LeaveSequenceZero(rocksdb::DB& db, const TableOptions& options,
                               const std::string& directory) {
  if (db.GetLatestSequenceNumber() > 0) return absl::OkStatus();
  rocksdb::WriteOptions write;
  write.disableWAL = !options.wal;
  return FromWrite(db.Delete(write, rocksdb::Slice()), directory);
}

class RocksTable : public Table {
 public:
  RocksTable(std::unique_ptr<rocksdb::Env> env, std::unique_ptr<rocksdb::DB> db,
             rocksdb::Options rocks_options, const TableOptions& options, std::string directory,
             std::shared_ptr<FailureLatch> latch)
      : env_(std::move(env)),
        rocks_options_(std::move(rocks_options)),
        options_(options),
        directory_(std::move(directory)),
        latch_(std::move(latch)),
        db_(std::move(db)),
        synced_(db_->GetLatestSequenceNumber()) {
    latch_->Watch(db_.get());
  }
  ~RocksTable() override { latch_->Watch(nullptr); }

  absl::StatusOr<std::string> Get(absl::string_view key) override;
  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) override;
  std::unique_ptr<Iterator> NewIterator() override;
  absl::Status Write(const WriteBatch& batch, Durability durability) override;
  absl::Status Flush() override;
  absl::Status Ingest(absl::Span<const KeyValue> rows) override;
  absl::Status IngestEach(NextRow next) override;
  uint64_t ApproximateBytes() override;

  // Where files wait until they are taken in.
  static std::string IngestFolder(const std::string& directory) { return directory + "/ingest"; }

 private:
  void NoteSynced(uint64_t sequence);
  absl::Status WriteLocked(const WriteBatch& batch, bool sync);
  absl::Status FlushLocked();
  // Makes all durable that was written.
  absl::Status SettleLocked() {
    return options_.wal ? WriteLocked(WriteBatch(), /*sync=*/true) : FlushLocked();
  }
  // Writes `row` and all that `next` gives; its first and last rows are added to `ends`.
  absl::Status WriteFile(const std::string& path, RowView row, NextRow next,
                         std::vector<KeyValue>& ends);
  absl::Status TakeIn(const std::string& path, absl::Span<const KeyValue> ends);
  absl::Status CheckIngested(absl::Span<const KeyValue> ends);

  const std::unique_ptr<rocksdb::Env> env_;
  const rocksdb::Options rocks_options_;
  const TableOptions options_;
  const std::string directory_;
  const std::shared_ptr<FailureLatch> latch_;
  const std::unique_ptr<rocksdb::DB> db_;
  // All up to this sequence number is synced.
  std::atomic<uint64_t> synced_;
  // Writers share it, an ingest holds it alone: a buffered write must not slip in between the
  // flush and the file, or it could be lost while the later file is kept.
  absl::Mutex order_;
  std::atomic<uint64_t> files_ = 0;
};

absl::StatusOr<std::string> RocksTable::Get(absl::string_view key) {
  std::string value;
  RETURN_IF_ERROR(latch_->Read(db_->Get(rocksdb::ReadOptions(), AsSlice(key), &value)));
  return value;
}

std::vector<absl::StatusOr<std::string>> RocksTable::MultiGet(
    absl::Span<const absl::string_view> keys) {
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const absl::string_view key : keys) slices.push_back(AsSlice(key));
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_->MultiGet(rocksdb::ReadOptions(), db_->DefaultColumnFamily(), slices.size(), slices.data(),
                values.data(), statuses.data(), /*sorted_input=*/true);
  std::vector<absl::StatusOr<std::string>> out;
  out.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok()) {
      out.emplace_back(std::string(values[i].data(), values[i].size()));
    } else {
      out.emplace_back(latch_->Read(statuses[i]));
    }
  }
  return out;
}

std::unique_ptr<Iterator> RocksTable::NewIterator() {
  return std::make_unique<RocksIterator>(db_.get(), latch_);
}

absl::Status RocksTable::Write(const WriteBatch& batch, Durability durability) {
  const bool sync = durability == Durability::kSynced;
  RAPPORT_CHECK(!sync || options_.wal)
      << "a synced write into table " << directory_ << ", which has no write-ahead log";
  RETURN_IF_ERROR(latch_->Check());
  absl::ReaderMutexLock lock(&order_);
  return WriteLocked(batch, sync);
}

absl::Status RocksTable::WriteLocked(const WriteBatch& batch, bool sync) {
  // An empty batch syncs what is in the log. DB::SyncWAL would do, but beside a write that fails it
  // ends the process in RocksDB's own assertion.
  if (batch.rows().empty() && !sync) return absl::OkStatus();
  // What is in the log by now is synced with it.
  uint64_t syncs_to = db_->GetLatestSequenceNumber();
  rocksdb::WriteBatch rocks(batch.bytes() + 16 * batch.rows().size() + 32);
  if (options_.wal) {
    const rocksdb::Status marked = rocks.PutLogData(EncodeSyncMark(synced_));
    RAPPORT_CHECK(marked.ok()) << marked.ToString();
  }
  for (const WriteBatch::Row& row : batch.rows()) {
    const rocksdb::Status added =
        row.is_delete ? rocks.Delete(row.key) : rocks.Put(row.key, row.value);
    RAPPORT_CHECK(added.ok()) << "row of " << row.key.size() << " + " << row.value.size()
                              << " bytes: " << added.ToString();
  }
  rocksdb::WriteOptions write;
  write.sync = sync;
  write.disableWAL = !options_.wal;
  RETURN_IF_ERROR(latch_->Record(db_->Write(write, &rocks)));
  // The rows got the sequence numbers after all that was there, or later ones.
  syncs_to += batch.rows().size();
  if (sync) NoteSynced(syncs_to);
  return latch_->Check();
}

void RocksTable::NoteSynced(uint64_t sequence) {
  uint64_t known = synced_;
  while (known < sequence && !synced_.compare_exchange_weak(known, sequence)) {
  }
}

absl::Status RocksTable::FlushLocked() {
  rocksdb::FlushOptions flush;
  flush.wait = true;
  flush.allow_write_stall = true;
  return latch_->Record(db_->Flush(flush));
}

absl::Status RocksTable::Flush() {
  RETURN_IF_ERROR(latch_->Check());
  absl::ReaderMutexLock lock(&order_);
  return FlushLocked();
}

absl::Status RocksTable::WriteFile(const std::string& path, RowView row, NextRow next,
                                   std::vector<KeyValue>& ends) {
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), rocks_options_, nullptr,
                                /*invalidate_page_cache=*/false);
  RETURN_IF_ERROR(latch_->Record(writer.Open(path)));
  ends.emplace_back(row.key, row.value);
  do {
    const rocksdb::Status added = writer.Put(AsSlice(row.key), AsSlice(row.value));
    RAPPORT_CHECK(!added.IsInvalidArgument())
        << "ingest into " << directory_ << ": " << added.ToString();
    RETURN_IF_ERROR(latch_->Record(added));
  } while (next(row));
  ends.emplace_back(row.key, row.value);
  // Finish syncs the file.
  return latch_->Record(writer.Finish());
}

absl::Status RocksTable::Ingest(absl::Span<const KeyValue> rows) {
  auto at = rows.begin();
  return IngestEach([&](RowView& row) {
    if (at == rows.end()) return false;
    row = {at->first, at->second};
    ++at;
    return true;
  });
}

absl::Status RocksTable::IngestEach(NextRow next) {
  RETURN_IF_ERROR(latch_->Check());
  std::string path;
  std::vector<KeyValue> ends;
  if (RowView row; next(row)) {
    path = absl::StrCat(IngestFolder(directory_), "/", files_.fetch_add(1), ".sst");
    RETURN_IF_ERROR(WriteFile(path, row, next, ends));
  }
  return TakeIn(path, ends);
}

absl::Status RocksTable::TakeIn(const std::string& path, absl::Span<const KeyValue> ends) {
  absl::WriterMutexLock lock(&order_);
  RETURN_IF_ERROR(LeaveSequenceZero(*db_, options_, directory_));
  RETURN_IF_ERROR(SettleLocked());
  if (ends.empty()) return absl::OkStatus();
  rocksdb::IngestExternalFileOptions ingest;
  ingest.move_files = true;
  ingest.write_global_seqno = false;
  RETURN_IF_ERROR(latch_->Record(db_->IngestExternalFile({path}, ingest)));
  RETURN_IF_ERROR(CheckIngested(ends));
  // The file may have taken a sequence number, which no row of a log will have. A synced row of
  // none shows where the log goes on: what follows is told apart from what is missing.
  return options_.wal ? SettleLocked() : absl::OkStatus();
}

// A file that RocksDB fails to read while it takes it in counts as empty, or as ending early, and
// the call says OK. Rows of this commit may stand beside the position of the one before: that is
// damage.
absl::Status RocksTable::CheckIngested(absl::Span<const KeyValue> ends) {
  for (const KeyValue& row : ends) {
    std::string value;
    rocksdb::Status found = db_->Get(rocksdb::ReadOptions(), row.first, &value);
    if (found.IsNotFound() || (found.ok() && value != row.second)) {
      found = rocksdb::Status::Corruption("an ingested file does not show its rows");
    }
    RETURN_IF_ERROR(latch_->Record(found));
  }
  return absl::OkStatus();
}

uint64_t RocksTable::ApproximateBytes() {
  uint64_t files = 0;
  uint64_t memory = 0;
  db_->GetIntProperty(rocksdb::DB::Properties::kTotalSstFilesSize, &files);
  db_->GetIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &memory);
  return files + memory;
}

// Files that a stopped process wrote and never took in. REQUIRES: the table is open, so that no
// other process can be writing there.
absl::Status PrepareIngestFolder(rocksdb::Env* env, const std::string& directory) {
  const std::string folder = RocksTable::IngestFolder(directory);
  RETURN_IF_ERROR(FromOpen(env->CreateDirIfMissing(folder), directory));
  std::vector<std::string> names;
  RETURN_IF_ERROR(FromOpen(env->GetChildren(folder, &names), directory));
  for (const std::string& name : names) {
    if (!absl::EndsWith(name, ".sst")) continue;
    RETURN_IF_ERROR(FromOpen(env->DeleteFile(absl::StrCat(folder, "/", name)), directory));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Table>> OpenRocksTableOn(rocksdb::Env* env,
                                                        const std::string& directory,
                                                        const TableOptions& options) {
  std::unique_ptr<rocksdb::Env> manifest_env = NewManifestEnv(env);
  rocksdb::Options rocks_options = RocksOptions(manifest_env.get(), options);
  RETURN_IF_ERROR(CheckRocksLogs(env, directory, options.note));
  auto latch = std::make_shared<FailureLatch>(directory, options);
  rocks_options.listeners.push_back(latch);
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(FromOpen(rocksdb::DB::Open(rocks_options, directory, &db), directory));
  std::unique_ptr<rocksdb::DB> owned(db);
  // A log that nobody ingests into needs no such row.
  if (!options.wal) RETURN_IF_ERROR(LeaveSequenceZero(*owned, options, directory));
  auto table = std::make_unique<RocksTable>(std::move(manifest_env), std::move(owned),
                                            rocks_options, options, directory, std::move(latch));
  RETURN_IF_ERROR(PrepareIngestFolder(env, directory));
  return table;
}

absl::StatusOr<std::unique_ptr<Table>> OpenRocksTable(const std::string& directory,
                                                      const TableOptions& options) {
  return OpenRocksTableOn(rocksdb::Env::Default(), directory, options);
}

}  // namespace rapport::table
