#include "tests/kit/crash_file_system.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/check.h"

namespace rapport::kit {
namespace {

using ::rocksdb::FileOptions;
using ::rocksdb::IODebugContext;
using ::rocksdb::IOOptions;
using ::rocksdb::IOStatus;
using ::rocksdb::Slice;
using Fate = CrashPower::Fate;

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

// Whether RocksDB keeps rows there, files that wait for an ingest apart.
bool IsTable(const std::string& path) {
  return path.size() > 4 && path.compare(path.size() - 4, 4, ".sst") == 0 &&
         path.find("/ingest/") == std::string::npos;
}

IOStatus Failure() { return IOStatus::IOError("the disk fails as it was told to"); }

class ReadFile : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  ReadFile(std::unique_ptr<rocksdb::FSRandomAccessFile> file, CrashPower* power)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), power_(power) {}
  IOStatus Read(uint64_t offset, size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* dbg) const override {
    if (power_->ReadFails()) return Failure();
    return target()->Read(offset, n, options, result, scratch, dbg);
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count, const IOOptions& options,
                     IODebugContext* dbg) override {
    return FSRandomAccessFile::MultiRead(requests, count, options, dbg);
  }

 private:
  CrashPower* const power_;
};

class SequentialFile : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(std::unique_ptr<rocksdb::FSSequentialFile> file, CrashPower* power)
      : FSSequentialFileOwnerWrapper(std::move(file)), power_(power) {}
  IOStatus Read(size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* dbg) override {
    if (power_->ReadFails()) return Failure();
    return target()->Read(n, options, result, scratch, dbg);
  }

 private:
  CrashPower* const power_;
};

}  // namespace

class CrashFileSystem::WritableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<rocksdb::FSWritableFile> file, CrashFileSystem* files,
               std::string path, std::shared_ptr<FileState> state)
      : FSWritableFileOwnerWrapper(std::move(file)),
        files_(files),
        path_(std::move(path)),
        state_(std::move(state)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* dbg) override {
    return files_->Append(*state_, path_, *target(), data, options, dbg);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* dbg) override {
    return Append(data, options, dbg);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* dbg) override {
    return files_->Cut(*state_, path_, *target(), size, options, dbg);
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return files_->Sync(*state_, path_); }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    return Sync(options, dbg);
  }
  // As on a real disk: what is appended meanwhile is synced or not.
  bool IsSyncThreadSafe() const override { return true; }

 private:
  CrashFileSystem* const files_;
  const std::string path_;
  const std::shared_ptr<FileState> state_;
};

class CrashFileSystem::Folder : public rocksdb::FSDirectoryWrapper {
 public:
  Folder(std::unique_ptr<rocksdb::FSDirectory> folder, CrashFileSystem* files, std::string path)
      : FSDirectoryWrapper(std::move(folder)), files_(files), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    if (files_->power().Change(path_, true) != Fate::kWorks) return Failure();
    files_->SyncFolder(path_);
    return IOStatus::OK();
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* dbg,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, dbg);
  }

 private:
  CrashFileSystem* const files_;
  const std::string path_;
};

IOStatus CrashFileSystem::Append(FileState& file, const std::string& path,
                                 rocksdb::FSWritableFile& target, const Slice& data,
                                 const IOOptions& options, IODebugContext* dbg) {
  const Fate fate = power_.Change(path, true);
  if (fate == Fate::kFails) return Failure();
  // What is written as the power goes is torn later, where the seed says.
  const size_t written =
      fate == Fate::kFailsUnknown && !power_.cuts() ? data.size() / 2 : data.size();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    file.size += written;
  }
  const IOStatus status = target.Append(Slice(data.data(), written), options, dbg);
  return fate == Fate::kWorks ? status : Failure();
}

IOStatus CrashFileSystem::Sync(FileState& file, const std::string& path) {
  const Fate fate = power_.Change(path, true);
  std::lock_guard<std::mutex> lock(mutex_);
  if (fate != Fate::kWorks) {
    file.durable_max = std::min(file.durable_max, file.synced);
    return Failure();
  }
  file.synced = std::min(file.size, file.durable_max);
  return IOStatus::OK();
}

IOStatus CrashFileSystem::Cut(FileState& file, const std::string& path,
                              rocksdb::FSWritableFile& target, uint64_t size,
                              const IOOptions& options, IODebugContext* dbg) {
  if (power_.Change(path, false) != Fate::kWorks) return Failure();
  std::lock_guard<std::mutex> lock(mutex_);
  // As if at once: what is cut off here has never been synced.
  file.size = std::min(file.size, size);
  file.synced = std::min(file.synced, size);
  return target.Truncate(size, options, dbg);
}

IOStatus CrashFileSystem::NewSequentialFile(const std::string& path, const FileOptions& options,
                                            std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                            IODebugContext* dbg) {
  if (power_.ReadFails()) return Failure();
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  const IOStatus status = target()->NewSequentialFile(path, options, &file, dbg);
  if (status.ok()) *result = std::make_unique<SequentialFile>(std::move(file), &power_);
  return status;
}

IOStatus CrashFileSystem::NewRandomAccessFile(const std::string& path, const FileOptions& options,
                                              std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                              IODebugContext* dbg) {
  if (power_.ReadFails()) return Failure();
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  const IOStatus status = target()->NewRandomAccessFile(path, options, &file, dbg);
  if (status.ok()) *result = std::make_unique<ReadFile>(std::move(file), &power_);
  return status;
}

IOStatus CrashFileSystem::NewWritableFile(const std::string& path, const FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* result,
                                          IODebugContext* dbg) {
  const Fate fate = power_.Change(path, false);
  if (fate == Fate::kFails) return Failure();
  std::unique_ptr<rocksdb::FSWritableFile> file;
  const IOStatus status = target()->NewWritableFile(path, options, &file, dbg);
  if (!status.ok()) return status;
  auto state = std::make_shared<FileState>();
  std::lock_guard<std::mutex> lock(mutex_);
  states_[path] = state;
  story_.tables_made += IsTable(path);
  changes_[FolderOf(path)].push_back({FolderChange::Kind::kNew, path, "", ""});
  if (fate != Fate::kWorks) return Failure();
  *result = std::make_unique<WritableFile>(std::move(file), this, path, std::move(state));
  return status;
}

IOStatus CrashFileSystem::ReopenWritableFile(const std::string& path, const FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* result,
                                             IODebugContext* dbg) {
  if (power_.Change(path, false) != Fate::kWorks) return Failure();
  std::unique_ptr<rocksdb::FSWritableFile> file;
  const IOStatus status = target()->ReopenWritableFile(path, options, &file, dbg);
  if (!status.ok()) return status;
  std::lock_guard<std::mutex> lock(mutex_);
  std::shared_ptr<FileState>& state = states_[path];
  if (state == nullptr) state = std::make_shared<FileState>();
  *result = std::make_unique<WritableFile>(std::move(file), this, path, state);
  return status;
}

IOStatus CrashFileSystem::NewDirectory(const std::string& path, const IOOptions& options,
                                       std::unique_ptr<rocksdb::FSDirectory>* result,
                                       IODebugContext* dbg) {
  std::unique_ptr<rocksdb::FSDirectory> folder;
  const IOStatus status = target()->NewDirectory(path, options, &folder, dbg);
  if (status.ok()) {
    *result = std::make_unique<Folder>(std::move(folder), this, WithoutSlash(path));
  }
  return status;
}

std::string CrashFileSystem::Keep(const std::string& path) {
  const std::string kept = "/kept/" + std::to_string(kept_++);
  const IOStatus status = target()->RenameFile(path, kept, IOOptions(), nullptr);
  if (!status.ok()) return "";
  MoveState(path, kept);
  return kept;
}

void CrashFileSystem::MoveState(const std::string& from, const std::string& to) {
  const auto it = states_.find(from);
  if (it == states_.end()) return;
  states_[to] = it->second;
  states_.erase(from);
}

IOStatus CrashFileSystem::DeleteFile(const std::string& path, const IOOptions& options,
                                     IODebugContext* dbg) {
  const Fate fate = power_.Change(path, false);
  if (fate == Fate::kFails) return Failure();
  std::lock_guard<std::mutex> lock(mutex_);
  const IOStatus exists = target()->FileExists(path, options, dbg);
  if (!exists.ok()) return exists;
  story_.tables_deleted += IsTable(path);
  changes_[FolderOf(path)].push_back({FolderChange::Kind::kDeleted, path, "", Keep(path)});
  return fate == Fate::kWorks ? IOStatus::OK() : Failure();
}

IOStatus CrashFileSystem::RenameFile(const std::string& from, const std::string& to,
                                     const IOOptions& options, IODebugContext* dbg) {
  const Fate fate = power_.Change(to, false);
  if (fate == Fate::kFails) return Failure();
  std::lock_guard<std::mutex> lock(mutex_);
  FolderChange change{FolderChange::Kind::kRenamed, to, from, ""};
  if (target()->FileExists(to, options, dbg).ok()) change.kept_at = Keep(to);
  const IOStatus status = target()->RenameFile(from, to, options, dbg);
  if (!status.ok()) return status;
  MoveState(from, to);
  changes_[FolderOf(to)].push_back(std::move(change));
  return fate == Fate::kWorks ? status : Failure();
}

IOStatus CrashFileSystem::LinkFile(const std::string& from, const std::string& to,
                                   const IOOptions& options, IODebugContext* dbg) {
  const Fate fate = power_.Change(to, false);
  if (fate == Fate::kFails) return Failure();
  std::lock_guard<std::mutex> lock(mutex_);
  const IOStatus status = target()->LinkFile(from, to, options, dbg);
  if (!status.ok()) return status;
  if (const auto it = states_.find(from); it != states_.end()) states_[to] = it->second;
  changes_[FolderOf(to)].push_back({FolderChange::Kind::kNew, to, "", ""});
  return fate == Fate::kWorks ? status : Failure();
}

void CrashFileSystem::SyncFolder(const std::string& folder) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (const FolderChange& change : changes_[folder]) {
    if (change.kept_at.empty()) continue;
    target()->DeleteFile(change.kept_at, IOOptions(), nullptr).PermitUncheckedError();
    states_.erase(change.kept_at);
  }
  changes_.erase(folder);
}

void CrashFileSystem::Undo(const FolderChange& change) {
  const IOOptions options;
  if (change.kind == FolderChange::Kind::kNew) {
    target()->DeleteFile(change.path, options, nullptr).PermitUncheckedError();
    states_.erase(change.path);
  } else if (change.kind == FolderChange::Kind::kRenamed) {
    target()->RenameFile(change.path, change.renamed_from, options, nullptr).PermitUncheckedError();
    MoveState(change.path, change.renamed_from);
  }
  if (change.kept_at.empty()) return;
  const IOStatus status = target()->RenameFile(change.kept_at, change.path, options, nullptr);
  RAPPORT_CHECK(status.ok()) << change.path << ": " << status.ToString();
  MoveState(change.kept_at, change.path);
}

void CrashFileSystem::LoseEntries(std::mt19937_64& random) {
  for (auto& [folder, changes] : changes_) {
    size_t undone = random() % (changes.size() + 1);
    if (random() % 4 == 0) undone = random() % 2 == 0 ? 0 : changes.size();
    for (; undone > 0; --undone) {
      ++(changes.back().kind == FolderChange::Kind::kDeleted ? story_.deletions_undone
                                                             : story_.entries_undone);
      Undo(changes.back());
      changes.pop_back();
    }
    for (const FolderChange& change : changes) {
      if (change.kept_at.empty()) continue;
      target()->DeleteFile(change.kept_at, IOOptions(), nullptr).PermitUncheckedError();
      states_.erase(change.kept_at);
    }
  }
  changes_.clear();
}

void CrashFileSystem::LoseBytes(std::mt19937_64& random, bool damage) {
  bool one_lost = false, one_kept = false;
  for (auto& [path, state] : states_) {
    const uint64_t unsynced = state->size - state->synced;
    if (unsynced > 0) {
      const uint64_t dice = random() % 4;
      uint64_t kept = random() % (unsynced + 1);
      if (dice == 0) kept = 0;
      if (dice == 1) kept = unsynced;
      // A failed sync has thrown away what it did not write.
      if (state->durable_max < state->size) kept = 0;
      story_.files_torn += kept < unsynced;
      one_lost |= kept < unsynced;
      one_kept |= kept > 0;
      state->size = state->synced + kept;
      if (damage && kept > 0 && random() % 4 == 0) {
        const uint64_t from = random() % kept;
        const uint64_t count = random() % 2 == 0 ? 1 : 1 + random() % (kept - from);
        Change(path, state->synced + from, count, count > 1);
        ++story_.files_damaged;
      }
    }
    const IOStatus status = target()->Truncate(path, state->size, IOOptions(), nullptr);
    RAPPORT_CHECK(status.ok()) << path << ": " << status.ToString();
    state->synced = state->size;
    state->durable_max = UINT64_MAX;
  }
  story_.independent += one_lost && one_kept;
}

void CrashFileSystem::Change(const std::string& path, uint64_t offset, uint64_t count, bool zero) {
  std::string bytes(count, '\0');
  if (!zero) {
    std::unique_ptr<rocksdb::FSRandomAccessFile> reader;
    Slice found;
    IOStatus status = target()->NewRandomAccessFile(path, FileOptions(), &reader, nullptr);
    if (status.ok()) {
      status = reader->Read(offset, count, IOOptions(), &found, bytes.data(), nullptr);
    }
    RAPPORT_CHECK(status.ok() && found.size() == count) << path << ": " << status.ToString();
    bytes.assign(found.data(), count);
    for (char& byte : bytes) byte = static_cast<char>(~byte);
  }
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  IOStatus status = target()->NewRandomRWFile(path, FileOptions(), &file, nullptr);
  if (status.ok()) status = file->Write(offset, bytes, IOOptions(), nullptr);
  RAPPORT_CHECK(status.ok()) << path << ": " << status.ToString();
}

void CrashFileSystem::Restore(uint64_t seed, bool damage) {
  std::mt19937_64 random(seed);
  std::lock_guard<std::mutex> lock(mutex_);
  LoseEntries(random);
  LoseBytes(random, damage);
  power_.FailAt(0, true);
}

std::vector<std::string> CrashFileSystem::Files(const std::string& prefix) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> out;
  for (auto it = states_.lower_bound(prefix); it != states_.end(); ++it) {
    if (it->first.compare(0, prefix.size(), prefix) != 0) break;
    out.push_back(it->first);
  }
  return out;
}

uint64_t CrashFileSystem::SizeOf(const std::string& path) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto it = states_.find(path);
  RAPPORT_CHECK(it != states_.end()) << path;
  return it->second->size;
}

}  // namespace rapport::kit
