#include "tests/simulation/damage.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/log/archive.h"
#include "engine/log/archive_block.h"
#include "tests/simulation/world.h"

namespace rapport::simulation {
namespace {

struct BlockAt {
  Partition partition = 0;
  Offset from = 0;
  std::string bytes;
};

std::unique_ptr<table::Table> OpenTable(table::ModelDisk& disk) {
  table::TableOptions with_wal;
  with_wal.wal = true;
  return disk.Open(with_wal).value();
}

// All blocks that are followed by another one of their partition.
std::vector<BlockAt> InnerBlocks(table::Table& table) {
  std::vector<BlockAt> blocks;
  const auto it = table.NewIterator();
  for (it->Seek(log::BlockKey(0, 0)); it->Valid(); it->Next()) {
    BlockAt block;
    if (!log::ParseBlockKey(it->key(), block.partition, block.from)) break;
    if (!blocks.empty() && blocks.back().partition != block.partition) blocks.pop_back();
    block.bytes = std::string(it->value());
    blocks.push_back(std::move(block));
  }
  if (!blocks.empty()) blocks.pop_back();
  return blocks;
}

// The same records behind another history.
std::string OfAnotherHistory(const BlockAt& at) {
  const auto block = log::DecodeBlock(at.partition, at.from, at.bytes).value();
  const RecordBatch batch{at.partition, at.from, block->header.next, block->records, block};
  const log::BlockTail tail{block->header.chain_before ^ 1, block->header.greatest_append_us};
  return log::EncodeBlocks(batch, tail).front().bytes;
}

absl::Status OpenArchive(table::Table& table, int partitions) {
  return log::Archive::Open(&table, partitions, kIdentity, 0).status();
}

}  // namespace

std::string UnnoticedDamage(absl::FunctionRef<std::unique_ptr<table::ModelDisk>()> copy,
                            int partitions, Dice& dice) {
  const auto other_log = copy();
  const auto other_table = OpenTable(*other_log);
  if (!absl::IsFailedPrecondition(OpenArchive(*other_table, partitions + 1))) {
    return "an archive of fewer partitions than the log's is opened";
  }
  const std::vector<BlockAt> blocks = InnerBlocks(*other_table);
  if (blocks.empty()) return "";
  const BlockAt& hurt = blocks[static_cast<size_t>(dice.Roll(static_cast<int64_t>(blocks.size())))];
  const std::string key = log::BlockKey(hurt.partition, hurt.from);
  for (const bool missing : {true, false}) {
    const auto disk = copy();
    const auto table = OpenTable(*disk);
    table::WriteBatch damage;
    if (missing) {
      damage.Delete(key);
    } else {
      damage.Put(key, OfAnotherHistory(hurt));
    }
    RAPPORT_CHECK_OK(table->Write(damage, table::Durability::kSynced));
    if (absl::IsDataLoss(OpenArchive(*table, partitions))) continue;
    return absl::StrCat("an archive is opened whose block ", hurt.partition, "@", hurt.from,
                        missing ? " is missing" : " is of another history");
  }
  return "";
}

}  // namespace rapport::simulation
