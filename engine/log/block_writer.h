// BlockWriter keeps the blocks of an archive that wait to be written, and writes them.
//
//   writer.Add(partition, std::move(blocks));                // in memory
//   if (writer.IsRun(partition)) RETURN_IF_ERROR(writer.Write(partition));
//
// Many blocks of a partition are written as a file of their own, past the table's write-ahead log
// and never rewritten; few go through that log. Readers find a block here until the table has it.
//
// Threads:   any; Add for one partition from one thread at a time.
// Ownership: borrows the table.
// Errors:    those of the table. After the first one nothing is written any more: blocks would be
//            missing between.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "engine/log/archive_block.h"
#include "engine/table/table.h"

namespace rapport::log {

// A block that the table may not hold yet.
struct WaitingBlock {
  Offset from = 0;
  std::shared_ptr<const std::string> bytes;
};

class BlockWriter {
 public:
  BlockWriter(table::Table* table, int partitions);

  void Add(Partition partition, std::vector<EncodedBlock> blocks);
  // Whether so much waits that it should be written.
  bool IsRun(Partition partition) const;
  // Brings what waits into the table: as a file, which is durable, if there is much of it; else
  // with a write that is not synced.
  absl::Status Write(Partition partition);
  absl::Status WriteAll();

  // The waiting blocks that begin below `next`, ascending: all else below it is in the table, now
  // and later.
  std::vector<WaitingBlock> Waiting(Partition partition, Offset next) const;

 private:
  struct Queue {
    // Held while blocks are on their way into the table.
    absl::Mutex way;
    // These are guarded by mutex_.
    std::vector<WaitingBlock> blocks;
    size_t bytes = 0;
  };
  Queue& QueueOf(Partition partition) { return queues_[static_cast<size_t>(partition)]; }
  const Queue& QueueOf(Partition partition) const {
    return queues_[static_cast<size_t>(partition)];
  }

  table::Table* const table_;
  mutable absl::Mutex mutex_;
  std::vector<Queue> queues_;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rapport::log
