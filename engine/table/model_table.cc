#include "engine/table/model_table.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::table {
namespace {

using Rows = std::map<std::string, std::string, std::less<>>;

// SplitMix64's finish: spreads a seed over all bits.
uint64_t Mix(uint64_t seed) {
  seed += 0x9e3779b97f4a7c15;
  seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
  seed = (seed ^ (seed >> 27)) * 0x94d049bb133111eb;
  return seed ^ (seed >> 31);
}

void Apply(const WriteBatch& batch, Rows& rows) {
  for (const WriteBatch::Row& row : batch.rows()) {
    if (row.is_delete) {
      rows.erase(row.key);
    } else {
      rows[row.key] = row.value;
    }
  }
}

}  // namespace

struct ModelDisk::Contents {
  absl::Mutex mutex;
  // In files.
  Rows durable ABSL_GUARDED_BY(mutex);
  // Written since, in order; the first `synced` of them are synced in the WAL.
  std::vector<WriteBatch> pending ABSL_GUARDED_BY(mutex);
  size_t synced ABSL_GUARDED_BY(mutex) = 0;
  size_t pending_bytes ABSL_GUARDED_BY(mutex) = 0;
  // Which opening the table on it belongs to; a table of an earlier one is dead.
  int64_t opening ABSL_GUARDED_BY(mutex) = 0;
  bool is_open ABSL_GUARDED_BY(mutex) = false;
  // Whether pending writes are in a WAL, or in memory only.
  bool wal ABSL_GUARDED_BY(mutex) = false;
  int64_t operations ABSL_GUARDED_BY(mutex) = 0;
  int64_t fail_at ABSL_GUARDED_BY(mutex) = 0;

  void FlushPending() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    for (const WriteBatch& batch : pending) Apply(batch, durable);
    DropPending(0);
  }

  // Forgets all pending writes but the first `kept`.
  void DropPending(size_t kept) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    pending.resize(kept);
    synced = std::min(synced, kept);
    pending_bytes = 0;
    for (const WriteBatch& batch : pending) pending_bytes += batch.bytes();
  }
};

namespace {

// What the open table shows: every version that an iterator may still look at.
class Versions {
 public:
  void Put(absl::string_view key, absl::string_view value) { Add(key, false, value); }
  void Delete(absl::string_view key) { Add(key, true, {}); }
  // Shows what was added since the last Commit.
  void Commit() { ++sequence_; }

  uint64_t TakeSnapshot() { return *snapshots_.insert(sequence_); }
  void ReleaseSnapshot(uint64_t snapshot) { snapshots_.erase(snapshots_.find(snapshot)); }
  uint64_t sequence() const { return sequence_; }

  struct Version {
    uint64_t sequence = 0;
    bool is_delete = false;
    std::string value;
  };
  using Map = std::map<std::string, std::vector<Version>, std::less<>>;
  const Map& rows() const { return rows_; }

  // The value of a row as `snapshot` sees it, or null.
  static const std::string* At(const std::vector<Version>& versions, uint64_t snapshot) {
    for (auto it = versions.rbegin(); it != versions.rend(); ++it) {
      if (it->sequence <= snapshot) return it->is_delete ? nullptr : &it->value;
    }
    return nullptr;
  }

 private:
  void Add(absl::string_view key, bool is_delete, absl::string_view value) {
    auto [it, is_new] = rows_.try_emplace(std::string(key));
    std::vector<Version>& versions = it->second;
    versions.push_back({sequence_ + 1, is_delete, std::string(value)});
    // Of the versions that the oldest snapshot is past, only the newest can still be seen.
    const uint64_t oldest = snapshots_.empty() ? sequence_ + 1 : *snapshots_.begin();
    size_t first = 0;
    while (first + 1 < versions.size() && versions[first + 1].sequence <= oldest) ++first;
    versions.erase(versions.begin(), versions.begin() + static_cast<std::ptrdiff_t>(first));
    if (versions.size() == 1 && is_delete) rows_.erase(it);
  }

  Map rows_;
  uint64_t sequence_ = 0;
  std::multiset<uint64_t> snapshots_;
};

// The versions and their lock; iterators keep it alive.
struct Memory {
  absl::Mutex mutex;
  Versions versions ABSL_GUARDED_BY(mutex);
};

class ModelIterator : public Iterator {
 public:
  explicit ModelIterator(std::shared_ptr<Memory> memory) : memory_(std::move(memory)) {
    absl::MutexLock lock(&memory_->mutex);
    snapshot_ = memory_->versions.TakeSnapshot();
  }
  ~ModelIterator() override {
    absl::MutexLock lock(&memory_->mutex);
    memory_->versions.ReleaseSnapshot(snapshot_);
  }

  void Seek(absl::string_view key) override {
    absl::MutexLock lock(&memory_->mutex);
    Forward(memory_->versions.rows().lower_bound(key));
  }

  void SeekForPrev(absl::string_view key) override {
    absl::MutexLock lock(&memory_->mutex);
    const Versions::Map& rows = memory_->versions.rows();
    valid_ = false;
    for (auto it = rows.upper_bound(key); it != rows.begin();) {
      if (Take(--it)) return;
    }
  }

  void Next() override {
    RAPPORT_CHECK(valid_) << "Next past the end";
    absl::MutexLock lock(&memory_->mutex);
    Forward(memory_->versions.rows().upper_bound(key_));
  }

  bool Valid() const override { return valid_; }
  absl::string_view key() const override { return key_; }
  absl::string_view value() const override { return value_; }
  absl::Status status() const override { return absl::OkStatus(); }

 private:
  void Forward(Versions::Map::const_iterator it) ABSL_EXCLUSIVE_LOCKS_REQUIRED(memory_->mutex) {
    valid_ = false;
    for (; it != memory_->versions.rows().end(); ++it) {
      if (Take(it)) return;
    }
  }

  bool Take(Versions::Map::const_iterator it) {
    const std::string* value = Versions::At(it->second, snapshot_);
    if (value == nullptr) return false;
    key_ = it->first;
    value_ = *value;
    return valid_ = true;
  }

  const std::shared_ptr<Memory> memory_;
  uint64_t snapshot_ = 0;
  bool valid_ = false;
  std::string key_;
  std::string value_;
};

class ModelTable : public Table {
 public:
  ModelTable(std::shared_ptr<ModelDisk::Contents> disk, int64_t opening,
             const TableOptions& options, const Rows& rows)
      : disk_(std::move(disk)), opening_(opening), options_(options) {
    absl::MutexLock lock(&memory_->mutex);
    for (const auto& [key, value] : rows) memory_->versions.Put(key, value);
    memory_->versions.Commit();
  }

  ~ModelTable() override {
    absl::MutexLock lock(&disk_->mutex);
    if (opening_ != disk_->opening) return;
    disk_->is_open = false;
    if (!options_.wal) disk_->DropPending(0);
  }

  absl::StatusOr<std::string> Get(absl::string_view key) override {
    absl::MutexLock lock(&memory_->mutex);
    const Versions& versions = memory_->versions;
    const auto it = versions.rows().find(key);
    const std::string* value =
        it == versions.rows().end() ? nullptr : Versions::At(it->second, versions.sequence());
    if (value == nullptr) return absl::NotFoundError("no such key");
    return *value;
  }

  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) override {
    std::vector<absl::StatusOr<std::string>> out;
    out.reserve(keys.size());
    for (const absl::string_view key : keys) out.push_back(Get(key));
    return out;
  }

  std::unique_ptr<Iterator> NewIterator() override {
    return std::make_unique<ModelIterator>(memory_);
  }

  absl::Status Write(const WriteBatch& batch, Durability durability) override;
  absl::Status Flush() override;
  absl::Status Ingest(absl::Span<const KeyValue> rows) override;

  uint64_t ApproximateBytes() override {
    absl::MutexLock lock(&disk_->mutex);
    uint64_t bytes = disk_->pending_bytes;
    for (const auto& [key, value] : disk_->durable) bytes += key.size() + value.size();
    return bytes;
  }

 private:
  // Counts one operation and says whether it may go on.
  absl::Status BeginOperation() ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_->mutex) {
    if (opening_ != disk_->opening) {
      return absl::InternalError("model table: the power was cut; open it again");
    }
    if (failed_) return absl::InternalError("model table: an earlier write failed; open it again");
    ++disk_->operations;
    if (disk_->fail_at == 0 || --disk_->fail_at > 0) return absl::OkStatus();
    failed_ = true;
    return absl::InternalError(
        absl::StrCat("model table: operation ", disk_->operations, " fails as it was told to"));
  }

  void Show(const WriteBatch& batch) {
    absl::MutexLock lock(&memory_->mutex);
    for (const WriteBatch::Row& row : batch.rows()) {
      if (row.is_delete) {
        memory_->versions.Delete(row.key);
      } else {
        memory_->versions.Put(row.key, row.value);
      }
    }
    memory_->versions.Commit();
  }

  const std::shared_ptr<ModelDisk::Contents> disk_;
  const int64_t opening_;
  const TableOptions options_;
  bool failed_ ABSL_GUARDED_BY(disk_->mutex) = false;
  const std::shared_ptr<Memory> memory_ = std::make_shared<Memory>();
};

absl::Status ModelTable::Write(const WriteBatch& batch, Durability durability) {
  const bool sync = durability == Durability::kSynced;
  RAPPORT_CHECK(!sync || options_.wal) << "a synced write into a table without write-ahead log";
  absl::MutexLock lock(&disk_->mutex);
  const bool was_dead = failed_ || opening_ != disk_->opening;
  const absl::Status begun = BeginOperation();
  if (!begun.ok()) {
    // The bytes may have reached the log before the sync failed.
    if (!was_dead && options_.wal) disk_->pending.push_back(batch);
    return begun;
  }
  disk_->pending.push_back(batch);
  disk_->pending_bytes += batch.bytes();
  if (sync) disk_->synced = disk_->pending.size();
  Show(batch);
  if (disk_->pending_bytes > options_.write_buffer_bytes) disk_->FlushPending();
  return absl::OkStatus();
}

absl::Status ModelTable::Flush() {
  absl::MutexLock lock(&disk_->mutex);
  RETURN_IF_ERROR(BeginOperation());
  disk_->FlushPending();
  return absl::OkStatus();
}

absl::Status ModelTable::Ingest(absl::Span<const KeyValue> rows) {
  WriteBatch batch;
  for (size_t i = 0; i < rows.size(); ++i) {
    RAPPORT_CHECK(i == 0 || rows[i - 1].first < rows[i].first)
        << "ingest: row " << i << " is not above the one before";
    batch.Put(rows[i].first, rows[i].second);
  }
  absl::MutexLock lock(&disk_->mutex);
  RETURN_IF_ERROR(BeginOperation());
  disk_->FlushPending();
  RETURN_IF_ERROR(BeginOperation());
  Apply(batch, disk_->durable);
  Show(batch);
  return absl::OkStatus();
}

}  // namespace

ModelDisk::ModelDisk() : contents_(std::make_shared<Contents>()) {}

absl::StatusOr<std::unique_ptr<Table>> ModelDisk::Open(const TableOptions& options) {
  absl::MutexLock lock(&contents_->mutex);
  if (contents_->is_open) {
    return absl::UnavailableError("model table: in use; close the other table first");
  }
  contents_->is_open = true;
  ++contents_->opening;
  // Opening replays the WAL into files, so that what is found stays.
  contents_->FlushPending();
  contents_->wal = options.wal;
  return std::make_unique<ModelTable>(contents_, contents_->opening, options, contents_->durable);
}

std::unique_ptr<ModelDisk> ModelDisk::Copy() const {
  auto copy = std::make_unique<ModelDisk>();
  absl::MutexLock lock(&contents_->mutex);
  absl::MutexLock copy_lock(&copy->contents_->mutex);
  copy->contents_->durable = contents_->durable;
  for (size_t i = 0; i < contents_->synced; ++i) {
    Apply(contents_->pending[i], copy->contents_->durable);
  }
  return copy;
}

void ModelDisk::Crash(uint64_t seed) {
  absl::MutexLock lock(&contents_->mutex);
  // The table that is open, if any, belongs to an earlier opening from now on.
  ++contents_->opening;
  contents_->is_open = false;
  contents_->fail_at = 0;
  const size_t unsynced = contents_->pending.size() - contents_->synced;
  contents_->DropPending(contents_->wal ? contents_->synced + Mix(seed) % (unsynced + 1) : 0);
}

void ModelDisk::FailAt(int64_t n) {
  absl::MutexLock lock(&contents_->mutex);
  contents_->fail_at = n;
}

int64_t ModelDisk::operations() const {
  absl::MutexLock lock(&contents_->mutex);
  return contents_->operations;
}

}  // namespace rapport::table
