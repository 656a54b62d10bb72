#include "engine/table/rocks_manifest.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <string>
#include <utility>

#include "absl/strings/match.h"

namespace rapport::table {
namespace {

using ::rocksdb::IODebugContext;
using ::rocksdb::IOOptions;
using ::rocksdb::IOStatus;

// RocksDB hands a whole row over at once: it flushes after each.
class ManifestFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  explicit ManifestFile(std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    if (has_unsynced_) {
      IOStatus synced = Sync(options, debug);
      if (!synced.ok()) return synced;
    }
    has_unsynced_ = true;
    return target()->Append(data, options, debug);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    has_unsynced_ = false;
    return target()->Sync(options, debug);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    has_unsynced_ = false;
    return target()->Fsync(options, debug);
  }

 private:
  bool has_unsynced_ = false;
};

class ManifestFileSystem : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;

  static const char* kClassName() { return "ManifestFileSystem"; }
  const char* Name() const override { return kClassName(); }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext* debug) override {
    IOStatus status = target()->NewWritableFile(path, options, result, debug);
    if (status.ok() && absl::StartsWith(path.substr(path.rfind('/') + 1), "MANIFEST-")) {
      *result = std::make_unique<ManifestFile>(std::move(*result));
    }
    return status;
  }
};

class ManifestEnv : public rocksdb::EnvWrapper {
 public:
  explicit ManifestEnv(rocksdb::Env* base) : EnvWrapper(base) {
    file_system_ = std::make_shared<ManifestFileSystem>(base->GetFileSystem());
    system_clock_ = base->GetSystemClock();
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> NewManifestEnv(rocksdb::Env* base) {
  return std::make_unique<ManifestEnv>(base);
}

}  // namespace rapport::table
