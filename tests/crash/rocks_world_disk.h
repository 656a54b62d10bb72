// RocksWorldDisk keeps the tables of an EngineWorld in real RocksDBs on a disk that loses what a
// power cut loses.
//
//   auto disk = std::make_unique<RocksWorldDisk>();
//   kit::RocksCrashDisk& files = disk->files();
//   kit::EngineWorld world(/*partitions=*/2, std::move(disk));
//   files.CutPowerAt(300);
//
// Threads: as RocksCrashDisk.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/kit/engine_world.h"
#include "tests/kit/rocks_crash_disk.h"

namespace rapport::crash {

class RocksWorldDisk : public kit::WorldDisk {
 public:
  explicit RocksWorldDisk(bool damage = false) : damage_(damage) {}

  kit::RocksCrashDisk& files() { return files_; }
  // What the tables said while they were opened, and of damage they met.
  std::vector<std::string> notes() const;
  int damages() const { return damages_; }

  absl::StatusOr<std::unique_ptr<table::Table>> OpenArchive() override;
  absl::StatusOr<std::unique_ptr<table::Table>> OpenState() override;
  void CutPower(uint64_t seed) override;
  void Restore(uint64_t seed) override { files_.Restore(seed, damage_); }
  void LoseState() override { ++states_; }

 private:
  const bool damage_;
  kit::RocksCrashDisk files_;
  table::TableOptions Options();

  mutable std::mutex mutex_;
  std::vector<std::string> notes_;
  std::atomic<int> damages_{0};
  // States lost so far; each has a folder of its own.
  int states_ = 0;
};

}  // namespace rapport::crash
