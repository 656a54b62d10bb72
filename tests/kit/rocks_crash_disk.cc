#include "tests/kit/rocks_crash_disk.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

#include <map>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"

namespace rapport::kit {
namespace {

using ::rocksdb::FileOptions;
using ::rocksdb::IODebugContext;
using ::rocksdb::IOOptions;
using ::rocksdb::IOStatus;
using ::rocksdb::Slice;

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

// How much of a file is written, and how much of that is synced. Links of a file share it.
struct FileState {
  uint64_t size = 0;
  uint64_t synced = 0;
};

// A change of a folder that is not synced yet.
struct FolderChange {
  std::string path;
  // Where a renamed file came from; empty for a new one.
  std::string renamed_from;
  // What a rename replaced.
  bool replaced = false;
  std::string replaced_bytes;
};

// Counts changes and cuts the power.
class Power {
 public:
  IOStatus Change() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++changes_;
    if (left_ > 0 && --left_ == 0) is_cut_ = true;
    return is_cut_ ? IOStatus::IOError("the power is cut") : IOStatus::OK();
  }
  void CutAt(int64_t n) {
    std::lock_guard<std::mutex> lock(mutex_);
    left_ = n;
    is_cut_ = false;
  }
  int64_t changes() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return changes_;
  }

 private:
  mutable std::mutex mutex_;
  int64_t changes_ = 0;
  int64_t left_ = 0;
  bool is_cut_ = false;
};

// RocksDB sleeps for a second after a failed flush before it gives up. No test waits for that.
class SleeplessClock : public rocksdb::SystemClockWrapper {
 public:
  SleeplessClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "SleeplessClock"; }
  void SleepForMicroseconds(int) override {}
};

class SleeplessEnv : public rocksdb::EnvWrapper {
 public:
  explicit SleeplessEnv(std::unique_ptr<rocksdb::Env> env) : EnvWrapper(std::move(env)) {
    system_clock_ = std::make_shared<SleeplessClock>();
  }
};

}  // namespace

#define CHANGE_OR_RETURN(power) \
  if (IOStatus change_ = (power).Change(); !change_.ok()) return change_

class RocksCrashDisk::Files : public rocksdb::FileSystemWrapper {
 public:
  explicit Files(std::unique_ptr<rocksdb::Env> memory)
      : FileSystemWrapper(memory->GetFileSystem()), memory_(std::move(memory)) {}

  static const char* kClassName() { return "RocksCrashDisk"; }
  const char* Name() const override { return kClassName(); }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext* dbg) override;
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* result,
                              IODebugContext* dbg) override;
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* result,
                        IODebugContext* dbg) override;
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* dbg) override;
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* dbg) override;
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* dbg) override;

  void Restore(uint64_t seed);
  void SyncFolder(const std::string& folder);
  void Wrote(FileState& file, uint64_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    file.size += bytes;
  }
  void Synced(FileState& file) {
    std::lock_guard<std::mutex> lock(mutex_);
    file.synced = file.size;
  }
  Power& power() { return power_; }

 private:
  class WritableFile;
  class Folder;

  void Undo(const FolderChange& change);
  std::string BytesOf(const std::string& path);

  const std::unique_ptr<rocksdb::Env> memory_;
  Power power_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<FileState>> states_;
  std::vector<FolderChange> folder_changes_;
};

class RocksCrashDisk::Files::WritableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<rocksdb::FSWritableFile> file, Files* files,
               std::shared_ptr<FileState> state)
      : FSWritableFileOwnerWrapper(std::move(file)), files_(files), state_(std::move(state)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* dbg) override {
    CHANGE_OR_RETURN(files_->power());
    files_->Wrote(*state_, data.size());
    return target()->Append(data, options, dbg);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* dbg) override {
    return Append(data, options, dbg);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* dbg) override {
    CHANGE_OR_RETURN(files_->power());
    const IOStatus status = target()->Sync(options, dbg);
    if (status.ok()) files_->Synced(*state_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    return Sync(options, dbg);
  }

 private:
  Files* const files_;
  const std::shared_ptr<FileState> state_;
};

class RocksCrashDisk::Files::Folder : public rocksdb::FSDirectoryWrapper {
 public:
  Folder(std::unique_ptr<rocksdb::FSDirectory> folder, Files* files, std::string path)
      : FSDirectoryWrapper(std::move(folder)), files_(files), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    CHANGE_OR_RETURN(files_->power());
    files_->SyncFolder(path_);
    return IOStatus::OK();
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* dbg,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, dbg);
  }

 private:
  Files* const files_;
  const std::string path_;
};

IOStatus RocksCrashDisk::Files::NewWritableFile(const std::string& path, const FileOptions& options,
                                                std::unique_ptr<rocksdb::FSWritableFile>* result,
                                                IODebugContext* dbg) {
  CHANGE_OR_RETURN(power_);
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = target()->NewWritableFile(path, options, &file, dbg);
  if (!status.ok()) return status;
  auto state = std::make_shared<FileState>();
  std::lock_guard<std::mutex> lock(mutex_);
  states_[path] = state;
  folder_changes_.push_back({path, "", false, ""});
  *result = std::make_unique<WritableFile>(std::move(file), this, std::move(state));
  return status;
}

IOStatus RocksCrashDisk::Files::ReopenWritableFile(const std::string& path,
                                                   const FileOptions& options,
                                                   std::unique_ptr<rocksdb::FSWritableFile>* result,
                                                   IODebugContext* dbg) {
  CHANGE_OR_RETURN(power_);
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = target()->ReopenWritableFile(path, options, &file, dbg);
  if (!status.ok()) return status;
  std::lock_guard<std::mutex> lock(mutex_);
  std::shared_ptr<FileState>& state = states_[path];
  if (state == nullptr) state = std::make_shared<FileState>();
  *result = std::make_unique<WritableFile>(std::move(file), this, state);
  return status;
}

IOStatus RocksCrashDisk::Files::NewDirectory(const std::string& path, const IOOptions& options,
                                             std::unique_ptr<rocksdb::FSDirectory>* result,
                                             IODebugContext* dbg) {
  std::unique_ptr<rocksdb::FSDirectory> folder;
  IOStatus status = target()->NewDirectory(path, options, &folder, dbg);
  if (status.ok()) {
    *result = std::make_unique<Folder>(std::move(folder), this, WithoutSlash(path));
  }
  return status;
}

IOStatus RocksCrashDisk::Files::DeleteFile(const std::string& path, const IOOptions& options,
                                           IODebugContext* dbg) {
  CHANGE_OR_RETURN(power_);
  std::lock_guard<std::mutex> lock(mutex_);
  states_.erase(path);
  return target()->DeleteFile(path, options, dbg);
}

IOStatus RocksCrashDisk::Files::RenameFile(const std::string& from, const std::string& to,
                                           const IOOptions& options, IODebugContext* dbg) {
  CHANGE_OR_RETURN(power_);
  std::lock_guard<std::mutex> lock(mutex_);
  FolderChange change{to, from, false, ""};
  if (target()->FileExists(to, options, dbg).ok()) {
    change.replaced = true;
    change.replaced_bytes = BytesOf(to);
  }
  IOStatus status = target()->RenameFile(from, to, options, dbg);
  if (!status.ok()) return status;
  if (const auto it = states_.find(from); it != states_.end()) {
    states_[to] = it->second;
    states_.erase(from);
  }
  folder_changes_.push_back(std::move(change));
  return status;
}

IOStatus RocksCrashDisk::Files::LinkFile(const std::string& from, const std::string& to,
                                         const IOOptions& options, IODebugContext* dbg) {
  CHANGE_OR_RETURN(power_);
  std::lock_guard<std::mutex> lock(mutex_);
  IOStatus status = target()->LinkFile(from, to, options, dbg);
  if (!status.ok()) return status;
  if (const auto it = states_.find(from); it != states_.end()) states_[to] = it->second;
  folder_changes_.push_back({to, "", false, ""});
  return status;
}

void RocksCrashDisk::Files::SyncFolder(const std::string& folder) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(folder_changes_,
                [&](const FolderChange& change) { return FolderOf(change.path) == folder; });
}

std::string RocksCrashDisk::Files::BytesOf(const std::string& path) {
  std::string bytes;
  const IOStatus status = rocksdb::ReadFileToString(target(), path, &bytes);
  RAPPORT_CHECK(status.ok()) << path << ": " << status.ToString();
  return bytes;
}

void RocksCrashDisk::Files::Undo(const FolderChange& change) {
  const IOOptions options;
  if (!target()->FileExists(change.path, options, nullptr).ok()) return;
  if (change.renamed_from.empty()) {
    target()->DeleteFile(change.path, options, nullptr).PermitUncheckedError();
    states_.erase(change.path);
    return;
  }
  target()->RenameFile(change.path, change.renamed_from, options, nullptr).PermitUncheckedError();
  if (const auto it = states_.find(change.path); it != states_.end()) {
    states_[change.renamed_from] = it->second;
    states_.erase(change.path);
  }
  if (!change.replaced) return;
  const IOStatus status =
      rocksdb::WriteStringToFile(target(), change.replaced_bytes, change.path, false);
  RAPPORT_CHECK(status.ok()) << change.path << ": " << status.ToString();
}

void RocksCrashDisk::Files::Restore(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::lock_guard<std::mutex> lock(mutex_);
  for (size_t undone = random() % (folder_changes_.size() + 1); undone > 0; --undone) {
    Undo(folder_changes_.back());
    folder_changes_.pop_back();
  }
  folder_changes_.clear();
  for (auto& [path, state] : states_) {
    if (state->size > state->synced) {
      state->size = state->synced + random() % (state->size - state->synced + 1);
    }
    const IOStatus status = target()->Truncate(path, state->size, IOOptions(), nullptr);
    RAPPORT_CHECK(status.ok()) << path << ": " << status.ToString();
    state->synced = state->size;
  }
  power_.CutAt(0);
}

RocksCrashDisk::RocksCrashDisk()
    : files_(std::make_shared<Files>(
          std::unique_ptr<rocksdb::Env>(rocksdb::NewMemEnv(rocksdb::Env::Default())))),
      env_(std::make_unique<SleeplessEnv>(rocksdb::NewCompositeEnv(files_))) {}

RocksCrashDisk::~RocksCrashDisk() = default;

rocksdb::Env* RocksCrashDisk::env() { return env_.get(); }
void RocksCrashDisk::CutPowerAt(int64_t n) { files_->power().CutAt(n); }
int64_t RocksCrashDisk::changes() const { return files_->power().changes(); }
void RocksCrashDisk::Restore(uint64_t seed) { files_->Restore(seed); }

}  // namespace rapport::kit
