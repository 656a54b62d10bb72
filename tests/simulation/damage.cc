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
  bool is_inner = false;
};

std::unique_ptr<table::Table> OpenTable(table::ModelDisk& disk) {
  table::TableOptions with_wal;
  with_wal.wal = true;
  return disk.Open(with_wal).value();
}

std::vector<BlockAt> AllBlocks(table::Table& table) {
  std::vector<BlockAt> blocks;
  const auto it = table.NewIterator();
  for (it->Seek(log::BlockKey(0, 0)); it->Valid(); it->Next()) {
    BlockAt block;
    if (!log::ParseBlockKey(it->key(), block.partition, block.from)) break;
    if (!blocks.empty()) blocks.back().is_inner = blocks.back().partition == block.partition;
    block.bytes = std::string(it->value());
    blocks.push_back(std::move(block));
  }
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

template <typename T>
const T& OneOf(const std::vector<T>& all, Dice& dice) {
  return all[static_cast<size_t>(dice.Roll(static_cast<int64_t>(all.size())))];
}

bool SameRecord(const RecordView& a, const RecordView& b) {
  return a.offset == b.offset && a.append_time_us == b.append_time_us && a.key == b.key &&
         a.value == b.value;
}

// Reads a partition of both archives. OK when they are the same to the end.
absl::Status Compare(log::Archive& whole, log::Archive& hurt, Partition partition) {
  const Offset end = whole.End(partition).next;
  const auto wanted = whole.Scan(partition, 0, end);
  const auto found = hurt.Scan(partition, 0, end);
  while (found->Next()) {
    if (wanted->Next() && SameRecord(wanted->record(), found->record())) continue;
    return absl::InternalError("a flipped bit makes another record");
  }
  if (!found->status().ok()) return found->status();
  return wanted->Next() ? absl::InternalError("a flipped bit hides a record") : absl::OkStatus();
}

}  // namespace

std::optional<LostBlock> TakeBlock(table::ModelDisk& disk, Dice& dice) {
  const auto table = OpenTable(disk);
  std::vector<BlockAt> blocks = AllBlocks(*table);
  if (blocks.empty()) return std::nullopt;
  // The last of a partition is the one that is hard to miss.
  if (dice.Chance(500)) std::erase_if(blocks, [](const BlockAt& block) { return block.is_inner; });
  const BlockAt& lost = OneOf(blocks, dice);
  table::WriteBatch damage;
  damage.Delete(log::BlockKey(lost.partition, lost.from));
  RAPPORT_CHECK_OK(table->Write(damage, table::Durability::kSynced));
  return LostBlock{lost.partition, lost.from, lost.is_inner};
}

std::string UnnoticedFlip(absl::FunctionRef<std::unique_ptr<table::ModelDisk>()> copy,
                          int partitions, Dice& dice) {
  const auto whole_disk = copy(), hurt_disk = copy();
  const auto whole_table = OpenTable(*whole_disk), hurt_table = OpenTable(*hurt_disk);
  std::vector<table::KeyValue> rows;
  const auto it = hurt_table->NewIterator();
  for (it->Seek(""); it->Valid(); it->Next()) rows.emplace_back(it->key(), it->value());
  const table::KeyValue& row = OneOf(rows, dice);
  std::string bytes(row.second);
  const auto bit = static_cast<size_t>(dice.Roll(static_cast<int64_t>(bytes.size() * 8)));
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  table::WriteBatch damage;
  damage.Put(row.first, bytes);
  RAPPORT_CHECK_OK(hurt_table->Write(damage, table::Durability::kSynced));
  const auto whole = log::Archive::Open(whole_table.get(), partitions, kIdentity, 0);
  const auto hurt = log::Archive::Open(hurt_table.get(), partitions, kIdentity, 0);
  if (!hurt.ok()) return absl::IsDataLoss(hurt.status()) ? "" : hurt.status().ToString();
  for (Partition partition = 0; partition < partitions; ++partition) {
    const absl::Status read = Compare(**whole, **hurt, partition);
    if (absl::IsDataLoss(read)) return "";
    if (!read.ok()) return read.ToString();
  }
  return absl::StrCat("bit ", bit, " of a row of the archive is flipped, and nobody says so");
}

std::string UnnoticedDamage(absl::FunctionRef<std::unique_ptr<table::ModelDisk>()> copy,
                            int partitions, Dice& dice) {
  const auto other_log = copy();
  const auto other_table = OpenTable(*other_log);
  if (!absl::IsFailedPrecondition(OpenArchive(*other_table, partitions + 1))) {
    return "an archive of fewer partitions than the log's is opened";
  }
  std::vector<BlockAt> blocks = AllBlocks(*other_table);
  std::erase_if(blocks, [](const BlockAt& block) { return !block.is_inner; });
  if (blocks.empty()) return "";
  const BlockAt& hurt = OneOf(blocks, dice);
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
