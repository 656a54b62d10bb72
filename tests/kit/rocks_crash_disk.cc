#include "tests/kit/rocks_crash_disk.h"

#include <rocksdb/env.h>
#include <rocksdb/system_clock.h>

#include <utility>

#include "engine/base/check.h"
#include "tests/kit/crash_file_system.h"

namespace rapport::kit {
namespace {

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

RocksCrashDisk::RocksCrashDisk()
    : files_(std::make_shared<CrashFileSystem>(
          std::unique_ptr<rocksdb::Env>(rocksdb::NewMemEnv(rocksdb::Env::Default())))),
      env_(std::make_unique<SleeplessEnv>(rocksdb::NewCompositeEnv(files_))) {}

RocksCrashDisk::~RocksCrashDisk() = default;

rocksdb::Env* RocksCrashDisk::env() { return env_.get(); }
void RocksCrashDisk::CutPowerAt(int64_t n) { files_->power().FailAt(n, /*cuts=*/true); }
void RocksCrashDisk::FailAt(int64_t n) { files_->power().FailAt(n, /*cuts=*/false); }
void RocksCrashDisk::FailReadAt(int64_t n) { files_->power().FailReadAt(n); }
bool RocksCrashDisk::has_failed() const { return files_->power().has_failed(); }
int64_t RocksCrashDisk::retries() const { return files_->power().retries(); }
int64_t RocksCrashDisk::changes() const { return files_->power().changes(); }
void RocksCrashDisk::Restore(uint64_t seed, bool damage) { files_->Restore(seed, damage); }
CrashStory RocksCrashDisk::story() const { return files_->story(); }
std::vector<std::string> RocksCrashDisk::Files(const std::string& prefix) const {
  return files_->Files(prefix);
}
std::string RocksCrashDisk::BytesOf(const std::string& path) const {
  std::string bytes;
  const rocksdb::Status status = rocksdb::ReadFileToString(env_.get(), path, &bytes);
  RAPPORT_CHECK(status.ok()) << path << ": " << status.ToString();
  return bytes;
}
void RocksCrashDisk::Put(const std::string& path, const std::string& bytes) {
  const rocksdb::Status status =
      rocksdb::WriteStringToFile(env_.get(), bytes, path, /*should_sync=*/true);
  RAPPORT_CHECK(status.ok()) << path << ": " << status.ToString();
  files_->SyncFolder(path.substr(0, path.rfind('/')));
}
uint64_t RocksCrashDisk::SizeOf(const std::string& path) const { return files_->SizeOf(path); }
void RocksCrashDisk::Flip(const std::string& path, uint64_t offset) { files_->Flip(path, offset); }

}  // namespace rapport::kit
