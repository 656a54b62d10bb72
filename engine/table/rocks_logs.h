// CheckRocksLogs looks at the logs of a RocksDB before it is opened: it cuts what a power cut tore,
// and refuses what is damaged.
//
// RocksDB alone cannot tell the two apart. It opens a log with a damaged length as if it ended
// there and drops synced rows behind it without a word; and it refuses a log whose last, never
// synced bytes came back as garbage. Here a bad place is a torn tail, and cut, unless something
// behind it says that the bytes at the place had been synced: each row of the write-ahead log
// carries a mark of how far the log was synced when it was written (EncodeSyncMark), and each row
// of the manifest is synced before the next (rocks_manifest.h).
//
//   RETURN_IF_ERROR(CheckRocksLogs(env, directory, note));
//   rocksdb::DB::Open(...)
//
// It relies on a log being synced before the next one is begun, which rocks_table.cc sees to. What
// it cannot see is damage of the very last synced row, if nothing was written after it.
//
// Threads:   any one. REQUIRES: nobody has the directory open for writing.
// Ownership: borrows `env` for the call.
// Errors:    DATA_LOSS, naming file and byte, when synced bytes are damaged.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "engine/table/table.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace rapport::table {

// Calls `note` with what was cut. A directory without a RocksDB is fine.
absl::Status CheckRocksLogs(rocksdb::Env* env, const std::string& directory, const Note& note);

// The mark "all up to sequence number `synced` was synced before this", for
// rocksdb::WriteBatch::PutLogData, ahead of the batch's rows.
std::string EncodeSyncMark(uint64_t synced);

}  // namespace rapport::table
