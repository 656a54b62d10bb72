// BlockWalk steps through a partition's blocks, in the table and behind it those that wait to be
// written, decoded and checked to join up.
//
//   BlockWalk walk(table, partition, writer.Waiting(partition, to));
//   RETURN_IF_ERROR(walk.Seek(from));
//   while (walk.block()->header.next < to) RETURN_IF_ERROR(walk.Next());
//
// It sees them as they were when the walk was made.
//
// Threads:   belongs to one thread.
// Ownership: borrows the table. Blocks live as long as somebody holds them.
// Errors:    DATA_LOSS for a block that is damaged or missing. The caller asks for offsets below
// the
//            archive's end only, so what is not there is lost.
#pragma once

#include <memory>
#include <vector>

#include "engine/log/archive_block.h"
#include "engine/log/block_writer.h"
#include "engine/table/table.h"

namespace rapport::log {

class BlockWalk {
 public:
  // `waiting`: up to the last offset that will be asked for. REQUIRES: it was made before now.
  BlockWalk(table::Table& table, Partition partition, std::vector<WaitingBlock> waiting);

  // To the block that covers `offset`; stays when it is there already.
  absl::Status Seek(Offset offset);

  // To the block after this one. REQUIRES: Seek or Next returned OK before.
  absl::Status Next();

  // The block, null before the first Seek.
  const std::shared_ptr<const Block>& block() const { return block_; }

 private:
  absl::Status Load(Offset wanted);
  bool IsWaiting(Offset offset) const {
    return !waiting_.empty() && offset >= waiting_.front().from;
  }
  absl::Status LoadWaiting(Offset wanted);
  absl::Status Take(Offset from, std::string bytes, Offset wanted);

  const Partition partition_;
  const std::vector<WaitingBlock> waiting_;
  const std::unique_ptr<table::Iterator> it_;
  std::shared_ptr<const Block> block_;
};

// Records of [from, to). REQUIRES: to is not above the archive's end; as BlockWalk.
std::unique_ptr<Cursor> NewBlockCursor(table::Table& table, Partition partition,
                                       std::vector<WaitingBlock> waiting, Offset from, Offset to);

// The record at `offset` of `block`, in a batch that holds it alone. NOT_FOUND when there is none.
absl::StatusOr<RecordBatch> RecordOf(const std::shared_ptr<const Block>& block, Offset offset);

}  // namespace rapport::log
