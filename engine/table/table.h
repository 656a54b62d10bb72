// Table is the seam over an ordered key-value store: the calls we use, and no more.
//
// Keys are compared as unsigned bytes. One implementation is RocksDB (OpenRocksTable), one a
// deterministic model (ModelTable) that loses what a power cut would lose.
//
//   WriteBatch batch;
//   batch.Put(key, value);
//   RETURN_IF_ERROR(table->Write(batch, Durability::kSynced));
//
// Two ways of being durable. With `wal` a synced write is durable when Write returns. Without it
// a write is durable after the next Flush; what comes back after a crash is then a prefix of the
// writes. Ingest is durable when it returns, and makes what was written before it durable first.
//
// Threads:   all methods may be called from any thread; an Iterator belongs to one thread.
// Ownership: the caller owns the table and closes it by destroying it, after its iterators.
// Errors:    DATA_LOSS for damaged bytes, RESOURCE_EXHAUSTED for a full disk, UNAVAILABLE when
//            another process holds the directory, INTERNAL for a failed write or sync: then the
//            process must end, nothing is retried.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rapport::table {

// Rows to write or delete, in order, all or none.
class WriteBatch {
 public:
  void Put(absl::string_view key, absl::string_view value);
  void Delete(absl::string_view key);

  struct Row {
    bool is_delete = false;
    std::string key;
    std::string value;
  };
  const std::vector<Row>& rows() const { return rows_; }
  size_t bytes() const { return bytes_; }

 private:
  std::vector<Row> rows_;
  size_t bytes_ = 0;
};

// Walks keys upwards over the state at the moment it was made.
class Iterator {
 public:
  virtual ~Iterator() = default;
  // To the first key >= `key`.
  virtual void Seek(absl::string_view key) = 0;
  // To the last key <= `key`.
  virtual void SeekForPrev(absl::string_view key) = 0;
  virtual void Next() = 0;
  // False past the end or after an error.
  virtual bool Valid() const = 0;
  // Valid until the next move.
  virtual absl::string_view key() const = 0;
  virtual absl::string_view value() const = 0;
  virtual absl::Status status() const = 0;
};

// kSynced needs a table with a WAL.
enum class Durability { kBuffered, kSynced };

// A row for Ingest.
using KeyValue = std::pair<std::string, std::string>;
// The same, of bytes that somebody else holds.
struct RowView {
  absl::string_view key;
  absl::string_view value;
};
// Puts the next row into its argument, false when there is none. What it has put there holds until
// it puts there another.
using NextRow = absl::FunctionRef<bool(RowView&)>;

class Table {
 public:
  virtual ~Table() = default;

  // NOT_FOUND when there is no such key.
  virtual absl::StatusOr<std::string> Get(absl::string_view key) = 0;

  // One result per key, as Get. REQUIRES: keys ascending.
  virtual std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) = 0;

  virtual std::unique_ptr<Iterator> NewIterator() = 0;

  // All rows or none.
  virtual absl::Status Write(const WriteBatch& batch, Durability durability) = 0;

  // Makes everything written so far durable.
  virtual absl::Status Flush() = 0;

  // Writes `rows` as one sorted file in one step: all rows or none, durable when it returns. What
  // was written before is durable then, too. REQUIRES: keys strictly ascending.
  virtual absl::Status Ingest(absl::Span<const KeyValue> rows) = 0;
  // The same of rows that are made while they are written, so that they need not all be in memory.
  virtual absl::Status IngestEach(NextRow next);

  // Bytes on disk, about.
  virtual uint64_t ApproximateBytes() = 0;
};

// Told what an operator may want to know, such as a torn tail that was cut.
using Note = std::function<void(const std::string&)>;

struct TableOptions {
  // Write-ahead log: needed for kSynced writes.
  bool wal = false;
  // Bytes buffered in memory before they are flushed.
  size_t write_buffer_bytes = 64 << 20;
  // Bytes of cache for blocks read.
  size_t cache_bytes = 64 << 20;
  // Compress tables with LZ4. Off where values are compressed already.
  bool compress = true;
  // May be empty. Called while the table is opened.
  Note note;
  // May be empty. Called, from any thread and perhaps more than once, when damaged bytes are met
  // after the table was opened; it must not call the table.
  std::function<void(const absl::Status&)> on_damage;
};

// Opens or creates a RocksDB at `directory`.
absl::StatusOr<std::unique_ptr<Table>> OpenRocksTable(const std::string& directory,
                                                      const TableOptions& options);

}  // namespace rapport::table
