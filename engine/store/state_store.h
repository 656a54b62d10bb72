// StateStore: facts and positions on disk, atomically.
//
// One table without a WAL. A commit is one WriteBatch and a flush, or one ingest; it carries
// changed customers, touch lists, quarantine entries, counters *and* the position, so what comes
// back after a crash is a prefix of the log. Keys: keys.h.
//
//   ASSIGN_OR_RETURN(auto store, StateStore::Open(table, generation));
//   RETURN_IF_ERROR(store->Commit(std::move(cuts)));   // durable when it returns
//
// Threads:   all methods from any thread; one commit per partition at a time.
// Ownership: borrows the table, which must outlive it.
// Errors:    FAILED_PRECONDITION when the state belongs to another generation or log, DATA_LOSS for
//            rows that cannot be read, INTERNAL when a write fails: then the process must end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/hash.h"
#include "engine/model/ids.h"
#include "engine/model/position.h"
#include "engine/model/rejection.h"
#include "engine/store/customer_row.h"
#include "engine/table/table.h"

namespace rapport::store {

// Raised when rows are written otherwise or the same log gives other rows; a state of another
// format is left behind and folded anew.
inline constexpr uint64_t kStateFormat = 6;

// What a state was built from and by. Facts of another generation are not comparable.
struct Generation {
  LogIdentity log;
  int partitions = 0;
  // Digest of the fold rules and of the version of the code that folds.
  std::string fold_digest;
  bool operator==(const Generation&) const = default;
};

// What became of a partition's records.
struct EventCounters {
  int64_t archived = 0;
  int64_t folded = 0;
  int64_t duplicates = 0;
  int64_t conflicts = 0;
  int64_t rejected = 0;
  // Valid and archived, folded by a later version.
  int64_t not_folded = 0;
  // Without a customer; part of `folded`.
  int64_t anonymous = 0;
  // With a sensitive text in clear, which the log keeps; part of `folded` and `not_folded`.
  int64_t clear_text = 0;

  // Conservation: every record that was archived became one of the others.
  bool AddUp() const { return archived == folded + duplicates + conflicts + rejected + not_folded; }

  EventCounters& operator+=(const EventCounters& other);
  bool operator==(const EventCounters&) const = default;
};

// The position row.
struct PartitionState {
  // Next offset to fold.
  Offset next = 0;
  // Chain of the archive up to `next`.
  uint64_t chain = 0;
  // Customers of whom something was folded; a row of which no event is left is none yet.
  int64_t customers = 0;
  EventCounters counters;
};

// A record that could not be folded.
struct QuarantineEntry {
  Partition partition = 0;
  Offset offset = 0;
  int64_t append_time_us = 0;
  Rejection rejection;
  // As far as the record tells.
  std::string customer_id;
  std::string event_id;
  std::string source;
};

// A twin that the log is to be given, of the record at `offset`.
struct WaitingTwin {
  Offset offset = 0;
  // v1::Event.
  std::string bytes;
};

// Everything that one partition's commit holds.
struct Cut {
  Partition partition = 0;
  PartitionState state;
  // Customer and touch rows, in any order, keys distinct.
  std::vector<table::KeyValue> rows;
  std::vector<QuarantineEntry> quarantine;
  std::vector<WaitingTwin> twins;
  // Keys of rows to remove; none of them is among those written.
  std::vector<std::string> removed;
};

// From here on sorting rows into one file is cheaper than going through the memtable.
inline constexpr size_t kIngestRows = 20'000;

// Walks a partition's customer rows, as of when it was made, in steps that may lie apart. It must
// not outlive the store.
class CustomerScan {
 public:
  CustomerScan(table::Table* table, Partition partition);

  bool Valid() const;
  void Next() { iterator_->Next(); }
  absl::string_view name() const;
  absl::string_view row() const { return iterator_->value(); }
  absl::Status status() const { return iterator_->status(); }

 private:
  const std::string end_;
  const std::unique_ptr<table::Iterator> iterator_;
};

class StateStore {
 public:
  // Opens the state in `table`. A new one takes `generation`. Commits of at least `ingest_rows_min`
  // rows are ingested.
  static absl::StatusOr<std::unique_ptr<StateStore>> Open(table::Table* table,
                                                          const Generation& generation,
                                                          size_t ingest_rows_min = kIngestRows);

  // All zero before the first commit.
  absl::StatusOr<PartitionState> Load(Partition partition) const;
  // The value of a position row.
  static absl::StatusOr<PartitionState> DecodePosition(Partition partition, absl::string_view row);

  // Makes `cuts`, at most one per partition, durable; each of them all or nothing. A large one is
  // ingested as a file of its own, which overlaps with no other partition's. Small ones are written
  // as a batch each and flushed together; when they are many rows, they go into one file.
  absl::Status Commit(std::vector<Cut> cuts);
  // Whether this cut makes a file of its own. One that removes rows does not.
  bool IsLarge(const Cut& cut) const {
    return cut.removed.empty() && cut.rows.size() >= ingest_rows_min_;
  }
  // The same of one cut, as a file of its own, whose customers' rows are made while they are
  // written: `customers` gives them, keys ascending; cut.rows are those of touches.
  // REQUIRES: cut.removed is empty.
  absl::Status CommitFile(Cut cut, table::NextRow customers);
  size_t ingest_rows_min() const { return ingest_rows_min_; }

  // Rows of the named customers, NOT_FOUND for those without one. REQUIRES: names ascending.
  std::vector<absl::StatusOr<std::string>> ReadCustomers(Partition partition,
                                                         absl::Span<const std::string> names) const;
  // The encoded chunks [0, count) of a touch list.
  absl::StatusOr<std::vector<Touch>> ReadChunks(Partition partition, absl::string_view name,
                                                uint32_t count) const;

  // Calls `visit` with name and row bytes of every customer row, anonymous ones included, as of
  // now; stops when it returns false.
  absl::Status ForEachCustomer(
      Partition partition,
      absl::FunctionRef<bool(absl::string_view name, absl::string_view row)> visit) const;

  // The same rows, at the caller's pace.
  std::unique_ptr<CustomerScan> ScanCustomers(Partition partition) const {
    return std::make_unique<CustomerScan>(table_, partition);
  }

  // Everything of a partition at one moment: position, customers as by ForEachCustomer, quarantine,
  // and a digest of the full chunks of all touch lists.
  absl::StatusOr<PartitionState> Snapshot(
      Partition partition,
      absl::FunctionRef<bool(absl::string_view name, absl::string_view row)> visit,
      std::vector<QuarantineEntry>& quarantine, SetDigest& touches) const;

  // Entries from `from` on, at most `max`.
  absl::StatusOr<std::vector<QuarantineEntry>> Quarantine(Partition partition, Offset from,
                                                          size_t max) const;

  // From which offset on events are echoed; none while they never were.
  absl::StatusOr<std::optional<Offset>> EchoBegin(Partition partition) const;
  // Durable when it returns.
  absl::Status BeginEcho(Partition partition, Offset from);
  // What waits for the log, of records from `from` on, at most `max`.
  absl::StatusOr<std::vector<WaitingTwin>> Twins(Partition partition, Offset from,
                                                 size_t max) const;

 private:
  StateStore(table::Table* table, size_t ingest_rows_min)
      : table_(table), ingest_rows_min_(ingest_rows_min) {}
  absl::Status CommitSmall(std::vector<Cut> cuts);
  absl::Status Ingest(std::vector<table::KeyValue> rows);
  static absl::Status ReadQuarantine(table::Iterator& iterator, Partition partition, Offset from,
                                     size_t max, std::vector<QuarantineEntry>& entries);

  table::Table* const table_;
  const size_t ingest_rows_min_;
};

}  // namespace rapport::store
