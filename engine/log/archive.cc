#include "engine/log/archive.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/log/archive_block.h"
#include "engine/log/archive_reader.h"
#include "engine/log/block_writer.h"
#include "engine/log/engine_record.h"

namespace rapport::log {
namespace {

using ::rapport::table::Durability;

class TableArchive : public Archive {
 public:
  TableArchive(table::Table* table, int partitions)
      : table_(table),
        partitions_(partitions),
        writer_(table, partitions),
        ends_(static_cast<size_t>(partitions)) {}

  // Reads what the table holds, or founds a new archive.
  absl::Status Load(const LogIdentity& identity, int64_t now_us);

  LogIdentity identity() const override {
    absl::MutexLock lock(&mutex_);
    return identity_;
  }
  int partitions() const override { return partitions_; }
  ArchiveEnd End(Partition partition) const override {
    CheckPartition(partition);
    absl::MutexLock lock(&mutex_);
    return ends_[static_cast<size_t>(partition)];
  }

  absl::Status Append(absl::Span<const RecordBatch> batches, Durability durability) override;
  absl::Status Sync() override;

  absl::Status AcceptGap(const AcceptedGap& gap, int64_t at_us) override;

  absl::StatusOr<RecordBatch> Read(Partition partition, Offset offset) override;
  std::vector<absl::StatusOr<RecordBatch>> ReadMany(Partition partition,
                                                    absl::Span<const Offset> offsets) override;
  std::unique_ptr<Cursor> Scan(Partition partition, Offset from, Offset to) override;
  absl::StatusOr<Chain> ChainAt(Partition partition, Offset next) override;

  absl::Status AppendEngineRecord(const EngineRecord& record) override;
  absl::StatusOr<std::vector<EngineRecord>> EngineRecords() override;

  uint64_t ApproximateBytes() override { return table_->ApproximateBytes(); }

 private:
  void CheckPartition(Partition partition) const {
    RAPPORT_CHECK(partition >= 0 && partition < partitions_)
        << "partition " << partition << " of an archive of " << partitions_;
  }

  absl::Status LoadBlocks();
  // Encodes `batch` behind `end`, which it moves.
  static absl::StatusOr<std::vector<EncodedBlock>> Encode(const RecordBatch& batch,
                                                          ArchiveEnd& end);
  // Shows where the partition ends now.
  void MoveEnd(Partition partition, const ArchiveEnd& end) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status AppendSynced(absl::Span<const RecordBatch> batches);
  absl::Status LoadEngineRecords();
  // What an engine record says about the archive itself.
  struct Decision {
    std::optional<LogIdentity> identity;
    std::optional<AcceptedGap> gap;
  };
  absl::StatusOr<Decision> Decode(const EngineRecord& record) const;
  void Note(const Decision& decision) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  table::Table* const table_;
  const int partitions_;
  BlockWriter writer_;
  mutable absl::Mutex mutex_;
  std::vector<ArchiveEnd> ends_ ABSL_GUARDED_BY(mutex_);
  LogIdentity identity_ ABSL_GUARDED_BY(mutex_);
  // Keeps engine records in their order while they are written.
  absl::Mutex engine_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  uint64_t engine_next_ ABSL_GUARDED_BY(engine_mutex_) = 0;
};

// Moves `end` behind a block.
void MoveBehind(const BlockHeader& block, ArchiveEnd& end) {
  end.next = block.next;
  end.chain = block.chain_after;
  end.append_time_us = block.greatest_append_us;
  end.records += block.records;
}

// Moves start and completeness of `end` behind a loss.
void NoteGap(const AcceptedGap& gap, ArchiveEnd& end) {
  if (gap.from <= end.start) end.start = std::max(end.start, gap.to);
  end.complete_from = std::max(end.complete_from, gap.to);
}

// The last block of a partition is checked whole: it is the one a stop could have hurt.
absl::Status CheckLast(Partition partition, Offset from, std::string bytes) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Block> block,
                   DecodeBlock(partition, from, std::move(bytes)));
  return CheckBlockChain(*block);
}

absl::Status TableArchive::Load(const LogIdentity& identity, int64_t now_us) {
  RETURN_IF_ERROR(LoadBlocks());
  RETURN_IF_ERROR(LoadEngineRecords());
  bool is_new = false;
  {
    absl::MutexLock lock(&engine_mutex_);
    is_new = engine_next_ == 0;
  }
  if (!is_new) return absl::OkStatus();
  for (Partition partition = 0; partition < partitions_; ++partition) {
    if (End(partition).next > 0) {
      return ArchiveDamaged(partition, 0, "there are records, but not which log they are of");
    }
  }
  return AppendEngineRecord(
      {EngineRecord::Type::kIdentity, now_us, EncodeIdentity({identity, partitions_})});
}

absl::Status TableArchive::LoadBlocks() {
  const std::unique_ptr<table::Iterator> it = table_->NewIterator();
  it->Seek(BlockKey(0, 0));
  std::vector<ArchiveEnd> ends(static_cast<size_t>(partitions_));
  while (it->Valid()) {
    Partition partition = 0;
    Offset from = 0;
    if (!ParseBlockKey(it->key(), partition, from)) break;
    if (partition < 0 || partition >= partitions_) {
      return absl::FailedPreconditionError(absl::StrCat(
          "PARTITIONS_CHANGED: the archive holds partition ", partition, ", the log has ",
          partitions_, "; use the archive of this log, or copy the log into a new topic"));
    }
    ArchiveEnd& end = ends[static_cast<size_t>(partition)];
    ASSIGN_OR_RETURN(const BlockHeader header, DecodeBlockHeader(partition, from, it->value()));
    if (header.from != end.next || header.chain_before != end.chain) {
      return ArchiveDamaged(
          partition, end.next,
          absl::StrCat("the next block is that of ", header.from, " and does not join up"));
    }
    MoveBehind(header, end);
    std::string last(it->value());
    it->Next();
    Partition next_partition = 0;
    Offset ignored = 0;
    const bool goes_on = it->Valid() && ParseBlockKey(it->key(), next_partition, ignored) &&
                         next_partition == partition;
    if (!goes_on) RETURN_IF_ERROR(CheckLast(partition, from, std::move(last)));
  }
  RETURN_IF_ERROR(it->status());
  uint64_t ignored = 0;
  if (it->Valid() && !ParseEngineKey(it->key(), ignored)) {
    return absl::DataLossError(absl::StrCat("ARCHIVE_DAMAGED: a row of ", it->key().size(),
                                            " bytes of key is neither a block nor an engine "
                                            "record; restore the archive from a backup"));
  }
  absl::MutexLock lock(&mutex_);
  ends_ = std::move(ends);
  return absl::OkStatus();
}

absl::Status TableArchive::LoadEngineRecords() {
  ASSIGN_OR_RETURN(const std::vector<EngineRecord> records, EngineRecords());
  absl::MutexLock engine_lock(&engine_mutex_);
  engine_next_ = records.size();
  absl::MutexLock lock(&mutex_);
  for (const EngineRecord& record : records) {
    ASSIGN_OR_RETURN(const Decision decision, Decode(record));
    Note(decision);
  }
  return absl::OkStatus();
}

absl::StatusOr<TableArchive::Decision> TableArchive::Decode(const EngineRecord& record) const {
  Decision decision;
  if (record.type == EngineRecord::Type::kIdentity) {
    ASSIGN_OR_RETURN(const ArchivedLog log, DecodeIdentity(record.body));
    if (log.partitions != partitions_) {
      return absl::FailedPreconditionError(
          absl::StrCat("PARTITIONS_CHANGED: the archive was made for ", log.partitions,
                       " partitions, the log has ", partitions_,
                       "; use the archive of this log, or copy the log into a new topic"));
    }
    decision.identity = log.identity;
  } else if (record.type == EngineRecord::Type::kGapAccepted) {
    ASSIGN_OR_RETURN(decision.gap, DecodeGap(record.body));
  }
  return decision;
}

void TableArchive::Note(const Decision& decision) {
  if (decision.identity.has_value()) identity_ = *decision.identity;
  if (!decision.gap.has_value() || decision.gap->partition >= partitions_) return;
  NoteGap(*decision.gap, ends_[static_cast<size_t>(decision.gap->partition)]);
}

absl::StatusOr<std::vector<EncodedBlock>> TableArchive::Encode(const RecordBatch& batch,
                                                               ArchiveEnd& end) {
  RAPPORT_CHECK(batch.first == end.next)
      << "partition " << batch.partition << " ends at " << end.next << ", not at " << batch.first;
  for (const RecordView& record : batch.records) {
    if (RecordBytes(record) <= kRecordBytesMax) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("TOO_LARGE: partition ", batch.partition, ", offset ", record.offset, ": ",
                     RecordBytes(record), " bytes, the archive takes at most ", kRecordBytesMax));
  }
  std::vector<EncodedBlock> blocks = EncodeBlocks(batch, {end.chain, end.append_time_us});
  for (const EncodedBlock& block : blocks) MoveBehind(block.header, end);
  return blocks;
}

void TableArchive::MoveEnd(Partition partition, const ArchiveEnd& end) {
  absl::MutexLock lock(&mutex_);
  ArchiveEnd& mine = ends_[static_cast<size_t>(partition)];
  const Offset start = mine.start, complete_from = mine.complete_from;
  mine = end;
  mine.start = start;
  mine.complete_from = complete_from;
}

absl::Status TableArchive::Append(absl::Span<const RecordBatch> batches, Durability durability) {
  if (durability == Durability::kSynced) return AppendSynced(batches);
  for (const RecordBatch& batch : batches) {
    ArchiveEnd end = End(batch.partition);
    ASSIGN_OR_RETURN(std::vector<EncodedBlock> blocks, Encode(batch, end));
    // Who sees the end finds all that is before it.
    writer_.Add(batch.partition, std::move(blocks));
    MoveEnd(batch.partition, end);
    if (writer_.IsRun(batch.partition)) RETURN_IF_ERROR(writer_.Write(batch.partition));
  }
  return absl::OkStatus();
}

absl::Status TableArchive::AppendSynced(absl::Span<const RecordBatch> batches) {
  table::WriteBatch rows;
  std::vector<std::pair<Partition, ArchiveEnd>> ends;
  ends.reserve(batches.size());
  for (const RecordBatch& batch : batches) {
    RETURN_IF_ERROR(writer_.Write(batch.partition));
    ArchiveEnd end = End(batch.partition);
    ASSIGN_OR_RETURN(const std::vector<EncodedBlock> blocks, Encode(batch, end));
    for (const EncodedBlock& block : blocks) {
      rows.Put(BlockKey(batch.partition, block.header.from), block.bytes);
    }
    ends.emplace_back(batch.partition, end);
  }
  if (rows.rows().empty()) return absl::OkStatus();
  RETURN_IF_ERROR(table_->Write(rows, Durability::kSynced));
  for (const auto& [partition, end] : ends) MoveEnd(partition, end);
  return absl::OkStatus();
}

absl::Status TableArchive::Sync() {
  RETURN_IF_ERROR(writer_.WriteAll());
  // A log is synced up to its end, so an empty write syncs all that was written before.
  return table_->Write(table::WriteBatch(), Durability::kSynced);
}

absl::Status TableArchive::AcceptGap(const AcceptedGap& gap, int64_t at_us) {
  absl::MutexLock engine_lock(&engine_mutex_);
  RETURN_IF_ERROR(writer_.Write(gap.partition));
  ArchiveEnd end = End(gap.partition);
  RAPPORT_CHECK(gap.from == end.next && gap.from < gap.to)
      << "a gap of [" << gap.from << ", " << gap.to << ") in partition " << gap.partition
      << ", which ends at " << end.next;
  table::WriteBatch rows;
  const RecordBatch lost{gap.partition, gap.from, gap.to, {}, nullptr};
  for (const EncodedBlock& block : EncodeBlocks(lost, {end.chain, end.append_time_us})) {
    rows.Put(BlockKey(gap.partition, block.header.from), block.bytes);
    MoveBehind(block.header, end);
  }
  rows.Put(EngineKey(engine_next_),
           EncodeEngineRecord({EngineRecord::Type::kGapAccepted, at_us, EncodeGap(gap)}));
  RETURN_IF_ERROR(table_->Write(rows, Durability::kSynced));
  ++engine_next_;
  NoteGap(gap, end);
  absl::MutexLock lock(&mutex_);
  ends_[static_cast<size_t>(gap.partition)] = end;
  return absl::OkStatus();
}

absl::StatusOr<RecordBatch> TableArchive::Read(Partition partition, Offset offset) {
  return std::move(ReadMany(partition, absl::MakeConstSpan(&offset, 1)).front());
}

std::vector<absl::StatusOr<RecordBatch>> TableArchive::ReadMany(Partition partition,
                                                                absl::Span<const Offset> offsets) {
  const ArchiveEnd end = End(partition);
  const Offset behind = offsets.empty() ? 0 : offsets.back() + 1;
  BlockWalk walk(*table_, partition, writer_.Waiting(partition, behind));
  std::vector<absl::StatusOr<RecordBatch>> out;
  out.reserve(offsets.size());
  for (const Offset offset : offsets) {
    if (offset < 0 || offset >= end.next) {
      out.push_back(absl::NotFoundError(absl::StrCat("partition ", partition, " has no record at ",
                                                     offset, ": it ends at ", end.next)));
      continue;
    }
    const absl::Status found = walk.Seek(offset);
    if (found.ok()) {
      out.push_back(RecordOf(walk.block(), offset));
    } else {
      out.push_back(found);
    }
  }
  return out;
}

std::unique_ptr<Cursor> TableArchive::Scan(Partition partition, Offset from, Offset to) {
  // The end is taken before the cursor's view of the table, which therefore holds all up to it.
  to = std::min(to, End(partition).next);
  return NewBlockCursor(*table_, partition, writer_.Waiting(partition, to),
                        std::max<Offset>(from, 0), to);
}

absl::StatusOr<Chain> TableArchive::ChainAt(Partition partition, Offset next) {
  const ArchiveEnd end = End(partition);
  if (next < 0 || next > end.next) {
    return absl::NotFoundError(absl::StrCat("partition ", partition, " has no chain at ", next,
                                            ": it ends at ", end.next));
  }
  if (next == 0) return Chain{0};
  if (next == end.next) return end.chain;
  BlockWalk walk(*table_, partition, writer_.Waiting(partition, next + 1));
  RETURN_IF_ERROR(walk.Seek(next));
  const Block& block = *walk.block();
  Chain chain = block.header.chain_before;
  for (const RecordView& record : block.records) {
    if (record.offset >= next) break;
    chain = ChainNext(chain, record.offset, RecordCrc(record));
  }
  return chain;
}

absl::Status TableArchive::AppendEngineRecord(const EngineRecord& record) {
  absl::MutexLock engine_lock(&engine_mutex_);
  // What cannot be read must not stand in the archive; what does not stand there must not count.
  ASSIGN_OR_RETURN(const Decision decision, Decode(record));
  // A decision stands behind all that it may rest on.
  RETURN_IF_ERROR(writer_.WriteAll());
  table::WriteBatch rows;
  rows.Put(EngineKey(engine_next_), EncodeEngineRecord(record));
  RETURN_IF_ERROR(table_->Write(rows, Durability::kSynced));
  ++engine_next_;
  absl::MutexLock lock(&mutex_);
  Note(decision);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<EngineRecord>> TableArchive::EngineRecords() {
  std::vector<EngineRecord> out;
  const std::unique_ptr<table::Iterator> it = table_->NewIterator();
  for (it->Seek(EngineKey(0)); it->Valid(); it->Next()) {
    uint64_t sequence = 0;
    if (!ParseEngineKey(it->key(), sequence)) break;
    if (sequence != out.size()) {
      return absl::DataLossError(absl::StrCat("ARCHIVE_DAMAGED: engine record ", out.size(),
                                              " is missing; restore the archive from a backup"));
    }
    ASSIGN_OR_RETURN(EngineRecord record, DecodeEngineRecord(it->value()));
    out.push_back(std::move(record));
  }
  RETURN_IF_ERROR(it->status());
  return out;
}

}  // namespace

absl::Status OfAnotherHistory(Partition partition, Offset offset, absl::string_view customer_id) {
  return absl::DataLossError(
      absl::StrCat("ARCHIVE_DAMAGED: partition ", partition, ", offset ", offset,
                   ": not the record that was folded", customer_id.empty() ? "" : " for customer ",
                   customer_id, "; state and archive are of two histories, see rapport status"));
}

absl::Status NotWhereFolded(Partition partition, Offset offset, Offset end,
                            absl::string_view customer_id) {
  if (offset >= end) return NotArchivedYet(partition, offset);
  return OfAnotherHistory(partition, offset, customer_id);
}

absl::Status NotArchivedYet(Partition partition, Offset offset) {
  return absl::UnavailableError(absl::StrCat("NOT_READY: partition ", partition,
                                             " fills up its archive from the log and has not come "
                                             "to offset ",
                                             offset, " yet; try again"));
}

absl::StatusOr<int> Archive::Partitions(table::Table& table) {
  const absl::StatusOr<std::string> first = table.Get(EngineKey(0));
  if (absl::IsNotFound(first.status())) return 0;
  RETURN_IF_ERROR(first.status());
  ASSIGN_OR_RETURN(const EngineRecord record, DecodeEngineRecord(*first));
  ASSIGN_OR_RETURN(const ArchivedLog log, DecodeIdentity(record.body));
  return log.partitions;
}

absl::StatusOr<std::unique_ptr<Archive>> Archive::Open(table::Table* table, int partitions,
                                                       const LogIdentity& identity,
                                                       int64_t now_us) {
  RAPPORT_CHECK(partitions >= 1 && partitions <= 1024) << "an archive of " << partitions;
  auto archive = std::make_unique<TableArchive>(table, partitions);
  RETURN_IF_ERROR(archive->Load(identity, now_us));
  return archive;
}

}  // namespace rapport::log
