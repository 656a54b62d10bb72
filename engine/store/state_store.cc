#include "engine/store/state_store.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/base/leading_bytes.h"
#include "engine/base/status_macros.h"
#include "engine/store/keys.h"

namespace rapport::store {
namespace {

std::string EncodeGeneration(const Generation& generation) {
  std::string out;
  AppendVarint(out, kStateFormat);
  AppendVarint(out, generation.log.id);
  AppendVarint(out, generation.log.epoch);
  AppendVarint(out, static_cast<uint64_t>(generation.partitions));
  AppendSized(out, generation.fold_digest);
  return out;
}

std::string EncodeState(const PartitionState& state) {
  std::string out;
  AppendVarint(out, static_cast<uint64_t>(state.next));
  AppendBigEndian64(out, state.chain);
  for (const int64_t number :
       {state.customers, state.counters.archived, state.counters.folded, state.counters.duplicates,
        state.counters.conflicts, state.counters.rejected, state.counters.not_folded,
        state.counters.anonymous, state.counters.clear_text}) {
    AppendVarint(out, static_cast<uint64_t>(number));
  }
  return out;
}

bool DecodeState(absl::string_view in, PartitionState& state) {
  uint64_t next = 0;
  absl::string_view chain;
  if (!TakeVarint(in, next) || !TakeBytes(in, 8, chain)) return false;
  state.next = static_cast<Offset>(next);
  state.chain = ReadBigEndian64(chain);
  for (int64_t* number :
       {&state.customers, &state.counters.archived, &state.counters.folded,
        &state.counters.duplicates, &state.counters.conflicts, &state.counters.rejected,
        &state.counters.not_folded, &state.counters.anonymous, &state.counters.clear_text}) {
    uint64_t value = 0;
    if (!TakeVarint(in, value)) return false;
    *number = static_cast<int64_t>(value);
  }
  return in.empty();
}

std::string EncodeQuarantine(const QuarantineEntry& entry) {
  std::string out;
  AppendVarint(out, static_cast<uint64_t>(entry.rejection.reason));
  AppendVarint(out, static_cast<uint64_t>(entry.append_time_us));
  for (const std::string* text : {&entry.rejection.field, &entry.rejection.message,
                                  &entry.customer_id, &entry.event_id, &entry.source}) {
    AppendSized(out, *text);
  }
  return out;
}

bool DecodeQuarantine(absl::string_view in, QuarantineEntry& entry) {
  uint64_t reason = 0, append_time = 0;
  if (!TakeVarint(in, reason) || !TakeVarint(in, append_time)) return false;
  entry.rejection.reason = static_cast<Reason>(reason);
  entry.append_time_us = static_cast<int64_t>(append_time);
  for (std::string* text : {&entry.rejection.field, &entry.rejection.message, &entry.customer_id,
                            &entry.event_id, &entry.source}) {
    absl::string_view bytes;
    if (!TakeSized(in, bytes)) return false;
    *text = std::string(bytes);
  }
  return in.empty();
}

// Behind what all keys share.
struct KeyPlace {
  LeadingBytes leading;
  uint32_t row;
};

size_t SharedPrefix(const std::vector<table::KeyValue>& rows) {
  const absl::string_view first = rows.front().first;
  size_t shared = first.size();
  for (const auto& [key, value] : rows) {
    shared = std::min(shared, key.size());
    while (std::memcmp(first.data(), key.data(), shared) != 0) --shared;
  }
  return shared;
}

// Sorts by key; each row is moved once.
void SortByKey(std::vector<table::KeyValue>& rows) {
  if (rows.empty()) return;
  const size_t shared = SharedPrefix(rows);
  std::vector<KeyPlace> places(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    places[i] = {LeadingBytes(rows[i].first, shared), static_cast<uint32_t>(i)};
  }
  std::sort(places.begin(), places.end(), [&](const KeyPlace& a, const KeyPlace& b) {
    if (a.leading != b.leading) return a.leading < b.leading;
    return rows[a.row].first < rows[b.row].first;
  });
  std::vector<table::KeyValue> sorted;
  sorted.reserve(rows.size());
  for (const KeyPlace& place : places) sorted.push_back(std::move(rows[place.row]));
  rows = std::move(sorted);
}

// The position, what is in quarantine, and what waits for the log.
void AddOwnRows(Cut& cut) {
  for (const QuarantineEntry& entry : cut.quarantine) {
    cut.rows.emplace_back(QuarantineKey(cut.partition, entry.offset), EncodeQuarantine(entry));
  }
  for (WaitingTwin& twin : cut.twins) {
    cut.rows.emplace_back(TwinKey(cut.partition, twin.offset), std::move(twin.bytes));
  }
  cut.rows.emplace_back(PositionKey(cut.partition), EncodeState(cut.state));
}

absl::Status Unreadable(absl::string_view what, Partition partition) {
  return absl::DataLossError(absl::StrCat("STATE_DAMAGED: ", what, " of partition ", partition,
                                          " cannot be read; delete the folder `state`, it is "
                                          "rebuilt from the archive"));
}

}  // namespace

EventCounters& EventCounters::operator+=(const EventCounters& other) {
  archived += other.archived;
  folded += other.folded;
  duplicates += other.duplicates;
  conflicts += other.conflicts;
  rejected += other.rejected;
  not_folded += other.not_folded;
  anonymous += other.anonymous;
  clear_text += other.clear_text;
  return *this;
}

absl::StatusOr<std::unique_ptr<StateStore>> StateStore::Open(table::Table* table,
                                                             const Generation& generation,
                                                             size_t ingest_rows_min) {
  const std::string wanted = EncodeGeneration(generation);
  absl::StatusOr<std::string> found = table->Get(GeneralKey());
  if (absl::IsNotFound(found.status())) {
    table::WriteBatch batch;
    batch.Put(GeneralKey(), wanted);
    RETURN_IF_ERROR(table->Write(batch, table::Durability::kBuffered));
    RETURN_IF_ERROR(table->Flush());
  } else if (!found.ok()) {
    return found.status();
  } else if (*found != wanted) {
    return absl::FailedPreconditionError(
        "GENERATION_DIFFERS: the state was built from another log, by other fold rules or by "
        "another version; it must be rebuilt from the archive");
  }
  return std::unique_ptr<StateStore>(new StateStore(table, ingest_rows_min));
}

absl::StatusOr<PartitionState> StateStore::Load(Partition partition) const {
  absl::StatusOr<std::string> row = table_->Get(PositionKey(partition));
  if (absl::IsNotFound(row.status())) return PartitionState();
  RETURN_IF_ERROR(row.status());
  return DecodePosition(partition, *row);
}

absl::StatusOr<PartitionState> StateStore::DecodePosition(Partition partition,
                                                          absl::string_view row) {
  PartitionState state;
  if (!DecodeState(row, state)) return Unreadable("the position", partition);
  if (!state.counters.AddUp()) return Unreadable("the counters, which do not add up,", partition);
  return state;
}

absl::Status StateStore::Commit(std::vector<Cut> cuts) {
  std::vector<Cut> small;
  for (Cut& cut : cuts) {
    const bool is_large = IsLarge(cut);
    AddOwnRows(cut);
    if (is_large) {
      RETURN_IF_ERROR(Ingest(std::move(cut.rows)));
    } else {
      small.push_back(std::move(cut));
    }
  }
  return small.empty() ? absl::OkStatus() : CommitSmall(std::move(small));
}

absl::Status StateStore::CommitSmall(std::vector<Cut> cuts) {
  size_t count = 0;
  bool removes = false;
  for (const Cut& cut : cuts) {
    removes = removes || !cut.removed.empty();
    count += cut.rows.size();
  }
  // A file that is ingested holds no removals.
  if (count >= ingest_rows_min_ && !removes) {
    std::vector<table::KeyValue> rows;
    rows.reserve(count);
    for (Cut& cut : cuts) {
      std::move(cut.rows.begin(), cut.rows.end(), std::back_inserter(rows));
    }
    return Ingest(std::move(rows));
  }
  for (const Cut& cut : cuts) {
    table::WriteBatch batch;
    for (const auto& [key, value] : cut.rows) batch.Put(key, value);
    for (const std::string& key : cut.removed) batch.Delete(key);
    RETURN_IF_ERROR(table_->Write(batch, table::Durability::kBuffered));
  }
  return table_->Flush();
}

absl::Status StateStore::Ingest(std::vector<table::KeyValue> rows) {
  SortByKey(rows);
  return table_->Ingest(rows);
}

absl::Status StateStore::CommitFile(Cut cut, table::NextRow customers) {
  RAPPORT_CHECK(cut.removed.empty()) << "a file that is ingested holds no removals";
  AddOwnRows(cut);
  std::vector<table::KeyValue>& others = cut.rows;
  SortByKey(others);
  // Keys of customers are the least of a partition.
  auto other = others.begin();
  bool more = true;
  return table_->IngestEach([&](table::RowView& row) {
    more = more && customers(row);
    if (more) return true;
    if (other == others.end()) return false;
    row = {other->first, other->second};
    ++other;
    return true;
  });
}

std::vector<absl::StatusOr<std::string>> StateStore::ReadCustomers(
    Partition partition, absl::Span<const std::string> names) const {
  std::vector<std::string> keys;
  keys.reserve(names.size());
  for (const std::string& name : names) keys.push_back(CustomerKey(partition, name));
  const std::vector<absl::string_view> views(keys.begin(), keys.end());
  return table_->MultiGet(views);
}

absl::StatusOr<std::vector<Touch>> StateStore::ReadChunks(Partition partition,
                                                          absl::string_view name,
                                                          uint32_t count) const {
  std::vector<Touch> touches;
  for (uint32_t chunk = 0; chunk < count; ++chunk) {
    const absl::StatusOr<std::string> bytes = table_->Get(TouchKey(partition, name, chunk));
    // The customer's row says that the chunk is there.
    if (absl::IsNotFound(bytes.status())) return Unreadable("a touch list", partition);
    RETURN_IF_ERROR(bytes.status());
    if (!DecodeTouches(*bytes, touches)) return Unreadable("a touch list", partition);
    if (touches.size() != (chunk + size_t{1}) * kTouchesPerChunk) {
      return Unreadable("a touch list", partition);
    }
  }
  return touches;
}

CustomerScan::CustomerScan(table::Table* table, Partition partition)
    : end_(CustomerKeys(partition).end), iterator_(table->NewIterator()) {
  iterator_->Seek(CustomerKeys(partition).begin);
}

bool CustomerScan::Valid() const { return iterator_->Valid() && iterator_->key() < end_; }

absl::string_view CustomerScan::name() const { return CustomerOfKey(iterator_->key()); }

absl::Status StateStore::ForEachCustomer(
    Partition partition,
    absl::FunctionRef<bool(absl::string_view name, absl::string_view row)> visit) const {
  const KeyRange range = CustomerKeys(partition);
  const auto iterator = table_->NewIterator();
  for (iterator->Seek(range.begin); iterator->Valid() && iterator->key() < range.end;
       iterator->Next()) {
    if (!visit(CustomerOfKey(iterator->key()), iterator->value())) return absl::OkStatus();
  }
  return iterator->status();
}

absl::StatusOr<PartitionState> StateStore::Snapshot(
    Partition partition,
    absl::FunctionRef<bool(absl::string_view name, absl::string_view row)> visit,
    std::vector<QuarantineEntry>& quarantine, SetDigest& touches) const {
  // One iterator sees one moment.
  const auto iterator = table_->NewIterator();
  PartitionState state;
  const std::string position = PositionKey(partition);
  iterator->Seek(position);
  // The next Seek forgets an error, so each is asked for before.
  RETURN_IF_ERROR(iterator->status());
  if (iterator->Valid() && iterator->key() == position && !DecodeState(iterator->value(), state)) {
    return Unreadable("the position", partition);
  }
  const KeyRange customers = CustomerKeys(partition);
  for (iterator->Seek(customers.begin); iterator->Valid() && iterator->key() < customers.end;
       iterator->Next()) {
    if (!visit(CustomerOfKey(iterator->key()), iterator->value())) break;
  }
  RETURN_IF_ERROR(iterator->status());
  const KeyRange chunks = TouchKeys(partition);
  for (iterator->Seek(chunks.begin); iterator->Valid() && iterator->key() < chunks.end;
       iterator->Next()) {
    touches.Add({iterator->key(), iterator->value()});
  }
  RETURN_IF_ERROR(iterator->status());
  RETURN_IF_ERROR(ReadQuarantine(*iterator, partition, 0, SIZE_MAX, quarantine));
  return state;
}

absl::Status StateStore::ReadQuarantine(table::Iterator& iterator, Partition partition, Offset from,
                                        size_t max, std::vector<QuarantineEntry>& entries) {
  const KeyRange range = QuarantineKeys(partition);
  for (iterator.Seek(QuarantineKey(partition, from));
       iterator.Valid() && iterator.key() < range.end && entries.size() < max; iterator.Next()) {
    QuarantineEntry entry;
    entry.partition = partition;
    entry.offset = OffsetOfKey(iterator.key());
    if (!DecodeQuarantine(iterator.value(), entry)) return Unreadable("quarantine", partition);
    entries.push_back(std::move(entry));
  }
  return iterator.status();
}

absl::StatusOr<std::vector<QuarantineEntry>> StateStore::Quarantine(Partition partition,
                                                                    Offset from, size_t max) const {
  std::vector<QuarantineEntry> entries;
  const auto iterator = table_->NewIterator();
  RETURN_IF_ERROR(ReadQuarantine(*iterator, partition, from, max, entries));
  return entries;
}

absl::StatusOr<std::optional<Offset>> StateStore::EchoBegin(Partition partition) const {
  const absl::StatusOr<std::string> row = table_->Get(EchoKey(partition));
  if (absl::IsNotFound(row.status())) return std::nullopt;
  RETURN_IF_ERROR(row.status());
  absl::string_view in = *row;
  uint64_t from = 0;
  if (!TakeVarint(in, from) || !in.empty()) return Unreadable("where the echo begins", partition);
  return static_cast<Offset>(from);
}

absl::Status StateStore::BeginEcho(Partition partition, Offset from) {
  std::string value;
  AppendVarint(value, static_cast<uint64_t>(from));
  table::WriteBatch batch;
  batch.Put(EchoKey(partition), value);
  RETURN_IF_ERROR(table_->Write(batch, table::Durability::kBuffered));
  return table_->Flush();
}

absl::StatusOr<std::vector<WaitingTwin>> StateStore::Twins(Partition partition, Offset from,
                                                           size_t max) const {
  std::vector<WaitingTwin> twins;
  const KeyRange range = EchoKeys(partition);
  const auto iterator = table_->NewIterator();
  for (iterator->Seek(TwinKey(partition, from));
       iterator->Valid() && iterator->key() < range.end && twins.size() < max; iterator->Next()) {
    twins.push_back({OffsetOfKey(iterator->key()), std::string(iterator->value())});
  }
  RETURN_IF_ERROR(iterator->status());
  return twins;
}

}  // namespace rapport::store
