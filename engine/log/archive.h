// Archive: the engine's own verified copy of the log, in blocks, for ever.
//
// Everything that looks at the past reads the archive. With the embedded log it *is* the log.
//
//   RETURN_IF_ERROR(archive->Append(partition, batch, Durability::kSynced));
//   auto cursor = archive->Scan(partition, from, to);
//   while (cursor->Next()) Fold(cursor->record());
//
// A block covers a range [from, next): offsets inside it that have no record are legal gaps. Ranges
// of a partition join up. Each block carries a CRC32C of its bytes and a chain: a running checksum
// over (offset, CRC32C of the record) of every record since offset 0. Equal position and equal
// chain mean one history. Format: docs/format.md.
//
// What is appended without being synced waits in memory until it is many blocks or somebody syncs
// (block_writer.h); reading sees it at once.
//
// Threads:   Append for one partition from one thread at a time; reading from any thread, also
// while
//            appending. A Cursor belongs to one thread.
// Ownership: borrows the table (with WAL), which must outlive it and its cursors.
// Errors:    DATA_LOSS (ARCHIVE_DAMAGED, partition and offset) for bytes that do not check.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/model/position.h"
#include "engine/model/record.h"
#include "engine/table/table.h"

namespace rapport::log {

// Running checksum of a partition's records.
using Chain = uint64_t;

// Goes on from `chain` with one record.
Chain ChainNext(Chain chain, Offset offset, uint32_t record_crc);

// CRC32C over append time, key, value and headers, or what `record` says it is.
uint32_t RecordCrc(const RecordView& record);

// Names a record and tells nothing of what is in it, the same wherever it was read:
// `0@59 (checksum 1a2b3c4d, appended 2026-01-31T09:30:00Z)`.
std::string OutlineOf(const RecordView& record);

// Where a partition's archive ends.
struct ArchiveEnd {
  // Next offset to append.
  Offset next = 0;
  // Chain over all before.
  Chain chain = 0;
  // First offset it holds (above 0 only after an accepted loss).
  Offset start = 0;
  // From here on nothing is missing: behind the last accepted loss, 0 without one.
  Offset complete_from = 0;
  // Greatest append time, microseconds UTC.
  int64_t append_time_us = 0;
  // Records so far (gaps not counted).
  int64_t records = 0;
};

// A decision of the engine that history depends on: kept beside the records, never in the log.
struct EngineRecord {
  enum class Type : uint8_t {
    kIdentity = 1,        // LogIdentity of the log that is archived; the first of every archive.
    kGapAccepted = 2,     // An operator accepted the loss of a range.
    kRulesActivated = 3,  // Digest of the rules in force from here on.
    kVerdict = 4,         // A record that crashes a fold is quarantined, or released again.
  };
  Type type = Type::kIdentity;
  // Microseconds UTC.
  int64_t at_us = 0;
  // As the type says, documented in docs/format.md.
  std::string body;
};

// Events that the state knows stand beyond the archive's end: an older archive was restored and is
// being filled up from the log. UNAVAILABLE.
absl::Status NotArchivedYet(Partition partition, Offset offset);
// The record at `offset` is not the one that was folded, of that customer where one is named.
// DATA_LOSS.
absl::Status OfAnotherHistory(Partition partition, Offset offset,
                              absl::string_view customer_id = {});
// No record stands where one was folded: the first while the archive, which ended at `end` before
// it was looked for, has not come so far, else the second.
absl::Status NotWhereFolded(Partition partition, Offset offset, Offset end,
                            absl::string_view customer_id = {});

struct AcceptedGap;

// Walks the records of a partition upwards.
class Cursor {
 public:
  virtual ~Cursor() = default;
  // To the next record; false at the end or on an error.
  virtual bool Next() = 0;
  // The rest of the present block, or the next one, as a batch that owns its bytes and covers
  // [where the cursor stood, end of the block or of the scan): what rebuild and recovery read by.
  // False at the end or on an error. The cursor then stands behind it.
  virtual bool NextBatch(RecordBatch& batch) = 0;
  // The record, valid until the next call of Next.
  virtual const RecordView& record() const = 0;
  virtual absl::Status status() const = 0;
};

class Archive {
 public:
  virtual ~Archive() = default;

  // Opens the archive of `partitions` partitions in `table`, checks that each partition's ranges
  // join up and its last block. A new archive takes `identity`; an old one keeps its own.
  // FAILED_PRECONDITION when it was made for another number of partitions.
  static absl::StatusOr<std::unique_ptr<Archive>> Open(table::Table* table, int partitions,
                                                       const LogIdentity& identity, int64_t now_us);

  // The number of partitions of the archive in `table`; 0 when it holds none.
  static absl::StatusOr<int> Partitions(table::Table& table);

  virtual LogIdentity identity() const = 0;
  virtual int partitions() const = 0;
  virtual ArchiveEnd End(Partition partition) const = 0;

  // Appends blocks that cover [End.next, batch.next); synced ones of one or several partitions in
  // one write. REQUIRES: each batch.first == End(batch.partition).next, records ascending.
  virtual absl::Status Append(absl::Span<const RecordBatch> batches,
                              table::Durability durability) = 0;

  // Makes all appended blocks durable.
  virtual absl::Status Sync() = 0;

  // Appends, in one durable write, an empty block for a range that is lost and the record of who
  // accepted that. REQUIRES: gap.from == End(gap.partition).next < gap.to.
  virtual absl::Status AcceptGap(const AcceptedGap& gap, int64_t at_us) = 0;

  // One record. NOT_FOUND for a gap or beyond the end.
  // The batch holds exactly that record.
  virtual absl::StatusOr<RecordBatch> Read(Partition partition, Offset offset) = 0;

  // Several records of one partition, one entry per offset as Read. REQUIRES: offsets ascending.
  virtual std::vector<absl::StatusOr<RecordBatch>> ReadMany(Partition partition,
                                                            absl::Span<const Offset> offsets) = 0;

  // Records with offsets in [from, to); what is appended later is not seen.
  virtual std::unique_ptr<Cursor> Scan(Partition partition, Offset from, Offset to) = 0;

  // The chain up to `next`. NOT_FOUND when no block ends there and none holds it.
  virtual absl::StatusOr<Chain> ChainAt(Partition partition, Offset next) = 0;

  // Engine-owned records, oldest first.
  virtual absl::Status AppendEngineRecord(const EngineRecord& record) = 0;
  virtual absl::StatusOr<std::vector<EngineRecord>> EngineRecords() = 0;

  // Bytes on disk, about.
  virtual uint64_t ApproximateBytes() = 0;
};

}  // namespace rapport::log
