#include "engine/log/archive_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::log {

BlockWalk::BlockWalk(table::Table& table, Partition partition, std::vector<WaitingBlock> waiting)
    : partition_(partition), waiting_(std::move(waiting)), it_(table.NewIterator()) {}

absl::Status BlockWalk::Seek(Offset offset) {
  if (block_ != nullptr && block_->header.from <= offset && offset < block_->header.next) {
    return absl::OkStatus();
  }
  if (IsWaiting(offset)) return LoadWaiting(offset);
  it_->SeekForPrev(BlockKey(partition_, offset));
  return Load(offset);
}

absl::Status BlockWalk::Next() {
  RAPPORT_CHECK(block_ != nullptr) << "Next before Seek";
  const Offset joins = block_->header.next;
  if (IsWaiting(joins)) {
    RETURN_IF_ERROR(LoadWaiting(joins));
  } else {
    it_->Next();
    RETURN_IF_ERROR(Load(joins));
  }
  if (block_->header.from == joins) return absl::OkStatus();
  block_ = nullptr;
  return ArchiveDamaged(partition_, joins, "the next block does not join up");
}

absl::Status BlockWalk::Load(Offset wanted) {
  block_ = nullptr;
  RETURN_IF_ERROR(it_->status());
  Partition partition = 0;
  Offset from = 0;
  if (!it_->Valid() || !ParseBlockKey(it_->key(), partition, from) || partition != partition_) {
    return ArchiveDamaged(partition_, wanted, "the block is missing");
  }
  return Take(from, std::string(it_->value()), wanted);
}

absl::Status BlockWalk::LoadWaiting(Offset wanted) {
  block_ = nullptr;
  const auto behind = std::upper_bound(
      waiting_.begin(), waiting_.end(), wanted,
      [](Offset offset, const WaitingBlock& block) { return offset < block.from; });
  const WaitingBlock& found = *std::prev(behind);
  return Take(found.from, *found.bytes, wanted);
}

absl::Status BlockWalk::Take(Offset from, std::string bytes, Offset wanted) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Block> block,
                   DecodeBlock(partition_, from, std::move(bytes)));
  if (wanted < block->header.from || wanted >= block->header.next) {
    return ArchiveDamaged(partition_, wanted, "the block is missing");
  }
  block_ = std::move(block);
  return absl::OkStatus();
}

namespace {

class BlockCursor : public Cursor {
 public:
  BlockCursor(table::Table& table, Partition partition, std::vector<WaitingBlock> waiting,
              Offset from, Offset to)
      : walk_(table, partition, std::move(waiting)), stands_at_(from), to_(to) {}

  bool Next() override {
    while (LoadBlock()) {
      for (; at_ < block_->records.size(); ++at_) {
        if (block_->records[at_].offset < stands_at_) continue;
        if (block_->records[at_].offset >= to_) break;
        record_ = block_->records[at_++];
        stands_at_ = record_.offset + 1;
        return true;
      }
      stands_at_ = block_->header.next;
    }
    return false;
  }

  bool NextBatch(RecordBatch& batch) override {
    if (!LoadBlock()) return false;
    batch.partition = block_->partition;
    batch.first = stands_at_;
    batch.next = std::min(block_->header.next, to_);
    const auto by_offset = [](const RecordView& record, Offset offset) {
      return record.offset < offset;
    };
    const auto begin = block_->records.begin();
    const auto end = block_->records.end();
    batch.records.assign(std::lower_bound(begin, end, batch.first, by_offset),
                         std::lower_bound(begin, end, batch.next, by_offset));
    batch.owner = block_;
    stands_at_ = batch.next;
    return true;
  }

  const RecordView& record() const override { return record_; }
  absl::Status status() const override { return status_; }

 private:
  // Makes block_ the one that covers stands_at_. False at the end or on an error.
  bool LoadBlock() {
    if (!status_.ok() || stands_at_ >= to_) return false;
    if (block_ != nullptr && stands_at_ < block_->header.next) return true;
    status_ = block_ == nullptr ? walk_.Seek(stands_at_) : walk_.Next();
    block_ = walk_.block();
    at_ = 0;
    return status_.ok();
  }

  BlockWalk walk_;
  // The next offset to give.
  Offset stands_at_;
  const Offset to_;
  std::shared_ptr<const Block> block_;
  size_t at_ = 0;
  RecordView record_;
  absl::Status status_;
};

}  // namespace

std::unique_ptr<Cursor> NewBlockCursor(table::Table& table, Partition partition,
                                       std::vector<WaitingBlock> waiting, Offset from, Offset to) {
  return std::make_unique<BlockCursor>(table, partition, std::move(waiting), from, to);
}

absl::StatusOr<RecordBatch> RecordOf(const std::shared_ptr<const Block>& block, Offset offset) {
  const auto found = std::lower_bound(
      block->records.begin(), block->records.end(), offset,
      [](const RecordView& record, Offset wanted) { return record.offset < wanted; });
  if (found == block->records.end() || found->offset != offset) {
    return absl::NotFoundError(absl::StrCat("partition ", block->partition, " has no record at ",
                                            offset, ": the offset is a gap"));
  }
  RecordBatch batch;
  batch.partition = block->partition;
  batch.first = offset;
  batch.next = offset + 1;
  batch.records = {*found};
  batch.owner = block;
  return batch;
}

}  // namespace rapport::log
