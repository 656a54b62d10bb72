// OpenRocksTableOn opens a RocksDB on an environment of the caller's choice.
//
// The product opens its tables with OpenRocksTable of table.h, on the machine's own files. Crash
// tests open them here, on files that forget what was never synced:
//
//   auto table = OpenRocksTableOn(disk.env(), "/data/archive", options);
//
// Threads:   may be called from any thread.
// Ownership: borrows `env`, which must outlive the table.
// Errors:    as OpenRocksTable: UNAVAILABLE when the directory is in use, DATA_LOSS for damaged
//            files, RESOURCE_EXHAUSTED for a full disk, FAILED_PRECONDITION when the directory
//            cannot be made or read.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/table/table.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace rapport::table {

absl::StatusOr<std::unique_ptr<Table>> OpenRocksTableOn(rocksdb::Env* env,
                                                        const std::string& directory,
                                                        const TableOptions& options);

}  // namespace rapport::table
