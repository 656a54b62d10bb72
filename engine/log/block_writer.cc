#include "engine/log/block_writer.h"

#include <algorithm>
#include <utility>

#include "engine/base/status_macros.h"

namespace rapport::log {
namespace {

// A partition's blocks are written once they are so many bytes.
constexpr size_t kRunBytes = 4 << 20;
// So many bytes are worth a file of their own, which takes a few syncs.
constexpr size_t kFileBytes = 1 << 20;

std::vector<table::KeyValue> RowsOf(Partition partition, const std::vector<WaitingBlock>& blocks) {
  std::vector<table::KeyValue> rows;
  rows.reserve(blocks.size());
  for (const WaitingBlock& block : blocks) {
    rows.emplace_back(BlockKey(partition, block.from), *block.bytes);
  }
  return rows;
}

absl::Status WriteRows(table::Table& table, absl::Span<const table::KeyValue> rows) {
  table::WriteBatch write;
  for (const auto& [key, value] : rows) write.Put(key, value);
  return table.Write(write, table::Durability::kBuffered);
}

}  // namespace

BlockWriter::BlockWriter(table::Table* table, int partitions)
    : table_(table), queues_(static_cast<size_t>(partitions)) {}

void BlockWriter::Add(Partition partition, std::vector<EncodedBlock> blocks) {
  absl::MutexLock lock(&mutex_);
  Queue& queue = QueueOf(partition);
  for (EncodedBlock& block : blocks) {
    queue.bytes += block.bytes.size();
    queue.blocks.push_back(
        {block.header.from, std::make_shared<const std::string>(std::move(block.bytes))});
  }
}

bool BlockWriter::IsRun(Partition partition) const {
  absl::MutexLock lock(&mutex_);
  return QueueOf(partition).bytes >= kRunBytes;
}

absl::Status BlockWriter::Write(Partition partition) {
  Queue& queue = QueueOf(partition);
  absl::MutexLock way(&queue.way);
  std::vector<WaitingBlock> blocks;
  size_t bytes = 0;
  {
    absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failed_);
    blocks = queue.blocks;
    bytes = queue.bytes;
  }
  if (blocks.empty()) return absl::OkStatus();
  const std::vector<table::KeyValue> rows = RowsOf(partition, blocks);
  const absl::Status written =
      bytes >= kFileBytes ? table_->Ingest(rows) : WriteRows(*table_, rows);
  absl::MutexLock lock(&mutex_);
  if (!written.ok()) {
    if (failed_.ok()) failed_ = written;
    return written;
  }
  queue.blocks.erase(queue.blocks.begin(),
                     queue.blocks.begin() + static_cast<std::ptrdiff_t>(blocks.size()));
  queue.bytes -= bytes;
  return absl::OkStatus();
}

absl::Status BlockWriter::WriteAll() {
  for (size_t partition = 0; partition < queues_.size(); ++partition) {
    RETURN_IF_ERROR(Write(static_cast<Partition>(partition)));
  }
  return absl::OkStatus();
}

std::vector<WaitingBlock> BlockWriter::Waiting(Partition partition, Offset next) const {
  absl::MutexLock lock(&mutex_);
  const std::vector<WaitingBlock>& blocks = QueueOf(partition).blocks;
  const auto end = std::lower_bound(
      blocks.begin(), blocks.end(), next,
      [](const WaitingBlock& block, Offset offset) { return block.from < offset; });
  return {blocks.begin(), end};
}

}  // namespace rapport::log
