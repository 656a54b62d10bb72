// OpenVariantTable opens a RocksDB as the product does, but ingests in a way of the caller's
// choice: to find out which of the product's rules are needed.
//
// Threads:   all methods from any thread.
// Ownership: borrows `env`, which must outlive the table.
// Never:     used outside of crash tests.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/table/table.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace rapport::crash {

enum class IngestWay {
  // Flush, then the file, writers kept out: the product's way, written a second time.
  kFlushFirst,
  // The file alone. RocksDB flushes on its own only when the file overlaps the memtable.
  kUnflushed,
  // Flush, then the file, while writers go on.
  kWritersGoOn,
  // As kFlushFirst, the rows as two files in one call.
  kTwoFilesOneCall,
};

absl::StatusOr<std::unique_ptr<table::Table>> OpenVariantTable(rocksdb::Env* env,
                                                               const std::string& directory,
                                                               const table::TableOptions& options,
                                                               IngestWay way);

}  // namespace rapport::crash
