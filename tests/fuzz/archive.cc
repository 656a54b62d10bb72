// Archive blocks: what decodes encodes again, what is damaged is an error.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"
#include "engine/log/archive_block.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"

namespace rapport::fuzz {
namespace {

using log::Block;
using log::EncodedBlock;

constexpr Partition kPartition = 3;
constexpr size_t kHeaderBytes = 64;
constexpr size_t kCrcBytes = 4;

bool Same(const RecordView& a, const RecordView& b) {
  return a.partition == b.partition && a.offset == b.offset &&
         a.append_time_us == b.append_time_us && a.key == b.key && a.value == b.value &&
         std::equal(a.headers.begin(), a.headers.end(), b.headers.begin(), b.headers.end(),
                    [](const HeaderView& x, const HeaderView& y) {
                      return x.name == y.name && x.value == y.value;
                    });
}

// Encodes, decodes, compares, and encodes what was decoded. Returns the blocks.
std::vector<EncodedBlock> CheckComesBack(const RecordBatch& batch, const log::BlockTail& tail) {
  std::vector<EncodedBlock> blocks = log::EncodeBlocks(batch, tail);
  size_t at = 0;
  Offset next = batch.first;
  for (const EncodedBlock& encoded : blocks) {
    RAPPORT_CHECK(encoded.header.from == next) << "blocks do not join up";
    next = encoded.header.next;
    const auto block = log::DecodeBlock(kPartition, encoded.header.from, encoded.bytes);
    RAPPORT_CHECK(block.ok()) << block.status();
    RAPPORT_CHECK(log::CheckBlockChain(**block).ok());
    RecordBatch again;
    again.partition = kPartition;
    again.first = encoded.header.from;
    again.next = encoded.header.next;
    again.records = (*block)->records;
    for (const RecordView& record : again.records) {
      RAPPORT_CHECK(at < batch.records.size() && Same(record, batch.records[at])) << at;
      ++at;
    }
    const int64_t greatest =
        at == again.records.size() ? tail.greatest_append_us : encoded.header.greatest_append_us;
    const auto same = log::EncodeBlocks(again, {encoded.header.chain_before, greatest});
    RAPPORT_CHECK(same.size() == 1 && same[0].bytes == encoded.bytes) << "other bytes";
  }
  RAPPORT_CHECK(at == batch.records.size() && next == batch.next) << "records are missing";
  return blocks;
}

// Any bytes with the right checksum: an error, or records that can be archived again.
void FromBytes(std::string bytes, bool mend_sizes) {
  if (bytes.size() < kHeaderBytes + kCrcBytes) bytes.resize(kHeaderBytes + kCrcBytes);
  if (mend_sizes) {
    std::string mended = bytes.substr(0, 60);
    AppendBigEndian32(mended, static_cast<uint32_t>(bytes.size() - kHeaderBytes - kCrcBytes));
    bytes.replace(0, mended.size(), mended);
  }
  bytes.resize(bytes.size() - kCrcBytes);
  AppendBigEndian32(bytes, Crc32c(0, bytes));
  const auto from = static_cast<Offset>(ReadBigEndian64(absl::string_view(bytes).substr(4)));
  const auto block = log::DecodeBlock(kPartition, from, std::move(bytes));
  if (!block.ok()) {
    RAPPORT_CHECK(absl::IsDataLoss(block.status())) << block.status();
    return;
  }
  (void)log::CheckBlockChain(**block).ok();
  RecordBatch batch;
  batch.partition = kPartition;
  batch.first = (*block)->header.from;
  batch.next = (*block)->header.next;
  batch.records = (*block)->records;
  CheckComesBack(batch, {(*block)->header.chain_before, (*block)->header.greatest_append_us});
}

// Records made of the input; then one damaged byte.
void FromRecords(FuzzInput in) {
  RecordBatch batch;
  batch.partition = kPartition;
  batch.first = static_cast<Offset>(in.Number(4));
  batch.next = batch.first;
  const uint64_t damage = in.Number(3);
  log::BlockTail tail{in.Number(8), static_cast<int64_t>(in.Number(8))};
  std::vector<std::vector<HeaderView>> headers(64);
  while (!in.empty() && batch.records.size() < headers.size()) {
    RecordView record;
    record.partition = kPartition;
    record.offset = batch.next + in.Byte();
    record.append_time_us = static_cast<int64_t>(in.Number(8));
    record.key = in.Sized();
    record.value = in.Sized();
    std::vector<HeaderView>& own = headers[batch.records.size()];
    for (int i = in.Byte() & 3; i > 0; --i) {
      const absl::string_view name = in.Sized();
      own.push_back({name, in.Sized()});
    }
    record.headers = own;
    batch.next = record.offset + 1;
    batch.records.push_back(record);
  }
  batch.next += static_cast<Offset>(damage & 3);
  for (EncodedBlock& block : CheckComesBack(batch, tail)) {
    char& byte = block.bytes[damage / 8 % block.bytes.size()];
    byte = static_cast<char>(byte ^ (1 << damage % 8));
    const auto damaged = log::DecodeBlock(kPartition, block.header.from, block.bytes);
    RAPPORT_CHECK(absl::IsDataLoss(damaged.status())) << damaged.status();
  }
}

}  // namespace

void FuzzArchive(absl::string_view input) {
  FuzzInput in(input);
  switch (in.Byte() % 3) {
    case 0:
      return FromBytes(std::string(in.Rest()), false);
    case 1:
      return FromBytes(std::string(in.Rest()), true);
    default:
      return FromRecords(in);
  }
}

}  // namespace rapport::fuzz
