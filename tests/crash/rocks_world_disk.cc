#include "tests/crash/rocks_world_disk.h"

#include "absl/strings/str_cat.h"
#include "engine/table/rocks_open.h"

namespace rapport::crash {
namespace {

table::TableOptions Small() {
  table::TableOptions options;
  options.write_buffer_bytes = 64 << 10;
  options.cache_bytes = 1 << 20;
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<table::Table>> RocksWorldDisk::OpenArchive() {
  table::TableOptions options = Small();
  options.wal = true;
  options.compress = false;
  return table::OpenRocksTableOn(files_.env(), "/archive", options);
}

absl::StatusOr<std::unique_ptr<table::Table>> RocksWorldDisk::OpenState() {
  return table::OpenRocksTableOn(files_.env(), absl::StrCat("/state", states_), Small());
}

void RocksWorldDisk::CutPower(uint64_t) {
  // Where it went before, all fails already.
  if (!files_.has_failed()) files_.CutPowerAt(1);
}

}  // namespace rapport::crash
