#include "tests/crash/rocks_world_disk.h"

#include "absl/strings/str_cat.h"
#include "engine/table/rocks_open.h"

namespace rapport::crash {

table::TableOptions RocksWorldDisk::Options() {
  table::TableOptions options;
  options.write_buffer_bytes = 64 << 10;
  options.cache_bytes = 1 << 20;
  options.note = [this](const std::string& note) {
    std::lock_guard<std::mutex> lock(mutex_);
    notes_.push_back(note);
  };
  options.on_damage = [this](const absl::Status&) { ++damages_; };
  return options;
}

std::vector<std::string> RocksWorldDisk::notes() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return notes_;
}

absl::StatusOr<std::unique_ptr<table::Table>> RocksWorldDisk::OpenArchive() {
  table::TableOptions options = Options();
  options.wal = true;
  options.compress = false;
  return table::OpenRocksTableOn(files_.env(), "/archive", options);
}

absl::StatusOr<std::unique_ptr<table::Table>> RocksWorldDisk::OpenState() {
  return table::OpenRocksTableOn(files_.env(), absl::StrCat("/state", states_), Options());
}

void RocksWorldDisk::CutPower(uint64_t) {
  // Where it went before, all fails already.
  if (!files_.has_failed()) files_.CutPowerAt(1);
}

}  // namespace rapport::crash
