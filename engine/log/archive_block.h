// Blocks: how the archive keeps records as bytes. The format is for ever; docs/format.md has it as
// a grammar with an example.
//
//   for (EncodedBlock& block : EncodeBlocks(batch, tail)) rows.Put(BlockKey(p, block.from), ...);
//   ASSIGN_OR_RETURN(auto block, DecodeBlock(p, from, std::move(bytes)));
//   for (const RecordView& record : block->records) ...
//
// A block does not say of which partition it is: its key does. Decoding takes any bytes: damaged
// ones are an error, never a crash and never a record that was not written.
//
// Threads: all functions are pure; a Block is immutable.
// Errors:  DATA_LOSS, `ARCHIVE_DAMAGED: partition 3, offset 1043: ...`.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/log/archive.h"
#include "engine/model/record.h"

namespace rapport::log {

// A block is closed before it would get longer than this, so that reading one record stays cheap.
inline constexpr size_t kBlockRawBytes = 64 << 10;
inline constexpr size_t kBlockRecords = 256;
// No record is larger than this; what claims to be is damaged.
inline constexpr size_t kRecordBytesMax = 64 << 20;

// The fixed part of a block.
struct BlockHeader {
  enum class Codec : uint8_t { kPlain = 0, kLz4 = 1 };
  Codec codec = Codec::kPlain;
  // Covers [from, next).
  Offset from = 0;
  Offset next = 0;
  uint32_t records = 0;
  // Append time of the first record; 0 without records.
  int64_t first_append_us = 0;
  // Greatest append time of the partition up to here.
  int64_t greatest_append_us = 0;
  Chain chain_before = 0;
  Chain chain_after = 0;
  // Size of the records' bytes, and of what is stored of them.
  uint32_t raw_bytes = 0;
  uint32_t stored_bytes = 0;
};

// A decoded block. Its records borrow from it.
struct Block {
  Partition partition = 0;
  BlockHeader header;
  std::vector<RecordView> records;

  // What the views borrow.
  std::vector<HeaderView> headers;
  std::string bytes;
};

// What the next block goes on from.
struct BlockTail {
  Chain chain = 0;
  int64_t greatest_append_us = 0;
};

struct EncodedBlock {
  BlockHeader header;
  std::string bytes;
};

// The blocks that cover [batch.first, batch.next), none when that is empty.
// REQUIRES: records ascending and inside the range, each at most kRecordBytesMax.
std::vector<EncodedBlock> EncodeBlocks(const RecordBatch& batch, BlockTail tail);

// Reads the fixed part and checks it against the size and the key of the block, not its checksum.
absl::StatusOr<BlockHeader> DecodeBlockHeader(Partition partition, Offset from,
                                              absl::string_view bytes);

// Reads all of it and checks its checksum.
absl::StatusOr<std::shared_ptr<const Block>> DecodeBlock(Partition partition, Offset from,
                                                         std::string bytes);

// Checks that the records make the chain that the block states.
absl::Status CheckBlockChain(const Block& block);

// The bytes a record takes, about; at least what it borrows.
size_t RecordBytes(const RecordView& record);

// Keys: partition (4 bytes, big-endian), `B`, first offset (8 bytes, big-endian).
std::string BlockKey(Partition partition, Offset from);
// False when `key` is no block's.
bool ParseBlockKey(absl::string_view key, Partition& partition, Offset& from);
// Engine records: 0xFFFFFFFF, `E`, sequence (8 bytes, big-endian).
std::string EngineKey(uint64_t sequence);
bool ParseEngineKey(absl::string_view key, uint64_t& sequence);

// `ARCHIVE_DAMAGED: partition P, offset O: what; ...`.
absl::Status ArchiveDamaged(Partition partition, Offset offset, absl::string_view what);

}  // namespace rapport::log
