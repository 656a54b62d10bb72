#include "engine/log/archive_block.h"

#include <lz4.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"
#include "engine/base/status_macros.h"
#include "engine/log/log.h"

namespace rapport::log {
namespace {

constexpr absl::string_view kMagic = "RB";
constexpr uint8_t kVersion = 1;
constexpr size_t kHeaderBytes = 64;
constexpr size_t kCrcBytes = 4;
// A fifth less time than with 1, for a twentieth more bytes.
constexpr int kLz4Acceleration = 4;
// LZ4 never makes more than 255 bytes out of one.
constexpr uint64_t kLz4Growth = 255;

// Finalizer of MurmurHash3: each bit of the input reaches each bit of the output.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccd;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53;
  return x ^ (x >> 33);
}

// Key, value and headers: what a record says, without its place.
void AppendBody(std::string& out, const RecordView& record) {
  AppendSized(out, record.key);
  AppendSized(out, record.value);
  AppendVarint(out, record.headers.size());
  for (const HeaderView& header : record.headers) {
    AppendSized(out, header.name);
    AppendSized(out, header.value);
  }
}

uint32_t CrcOf(int64_t append_time_us, absl::string_view body) {
  char time[8];
  for (size_t i = 0; i < sizeof(time); ++i) {
    time[i] = static_cast<char>(static_cast<uint64_t>(append_time_us) >> (56 - 8 * i));
  }
  return Crc32c(Crc32c(0, absl::string_view(time, sizeof(time))), body);
}

// Go on as with the bytes that AppendVarint and AppendSized would append.
uint32_t CrcOfVarint(uint32_t crc, uint64_t value) {
  char bytes[10];
  size_t size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
  bytes[size++] = static_cast<char>(value);
  return Crc32c(crc, absl::string_view(bytes, size));
}
uint32_t CrcOfSized(uint32_t crc, absl::string_view bytes) {
  return Crc32c(CrcOfVarint(crc, bytes.size()), bytes);
}

// Differences of times wrap, so that no pair of them is special.
int64_t Minus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
int64_t Plus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

void AppendHeader(std::string& out, const BlockHeader& header) {
  out.append(kMagic.data(), kMagic.size());
  out.push_back(static_cast<char>(kVersion));
  out.push_back(static_cast<char>(header.codec));
  AppendBigEndian64(out, static_cast<uint64_t>(header.from));
  AppendBigEndian64(out, static_cast<uint64_t>(header.next));
  AppendBigEndian32(out, header.records);
  AppendBigEndian64(out, static_cast<uint64_t>(header.first_append_us));
  AppendBigEndian64(out, static_cast<uint64_t>(header.greatest_append_us));
  AppendBigEndian64(out, header.chain_before);
  AppendBigEndian64(out, header.chain_after);
  AppendBigEndian32(out, header.raw_bytes);
  AppendBigEndian32(out, header.stored_bytes);
}

// Collects records and closes blocks.
class Encoder {
 public:
  explicit Encoder(BlockTail tail) : tail_(tail) {}

  void Begin(Offset from) {
    header_ = BlockHeader();
    header_.from = from;
    header_.chain_before = tail_.chain;
    raw_.clear();
    expected_ = from;
    last_append_us_ = 0;
  }

  bool HasRoomFor(const RecordView& record) const {
    return header_.records == 0 ||
           (header_.records < kBlockRecords && raw_.size() + RecordBytes(record) <= kBlockRawBytes);
  }

  void Add(const RecordView& record) {
    RAPPORT_CHECK(record.offset >= expected_)
        << "offset " << record.offset << " after " << expected_ - 1;
    if (header_.records == 0) header_.first_append_us = last_append_us_ = record.append_time_us;
    AppendVarint(raw_, static_cast<uint64_t>(record.offset - expected_));
    AppendVarint(raw_, ZigZag(Minus(record.append_time_us, last_append_us_)));
    const size_t body = raw_.size();
    AppendBody(raw_, record);
    const uint32_t crc = record.crc != 0
                             ? record.crc
                             : CrcOf(record.append_time_us, absl::string_view(raw_).substr(body));
    tail_.chain = ChainNext(tail_.chain, record.offset, crc);
    tail_.greatest_append_us = std::max(tail_.greatest_append_us, record.append_time_us);
    last_append_us_ = record.append_time_us;
    expected_ = record.offset + 1;
    ++header_.records;
  }

  // The offset after the last record.
  Offset expected() const { return expected_; }

  EncodedBlock Finish(Offset next) {
    header_.next = next;
    header_.chain_after = tail_.chain;
    header_.greatest_append_us = tail_.greatest_append_us;
    header_.raw_bytes = static_cast<uint32_t>(raw_.size());
    absl::string_view stored = raw_;
    if (header_.records > 1 && Compress()) {
      header_.codec = BlockHeader::Codec::kLz4;
      stored = packed_;
    }
    header_.stored_bytes = static_cast<uint32_t>(stored.size());
    EncodedBlock block;
    block.bytes.reserve(kHeaderBytes + stored.size() + kCrcBytes);
    AppendHeader(block.bytes, header_);
    block.bytes.append(stored.data(), stored.size());
    AppendBigEndian32(block.bytes, Crc32c(0, block.bytes));
    block.header = header_;
    return block;
  }

 private:
  // False when it does not get smaller by a sixteenth.
  bool Compress() {
    packed_.resize(raw_.size() - raw_.size() / 16);
    const int size = LZ4_compress_fast(raw_.data(), packed_.data(), static_cast<int>(raw_.size()),
                                       static_cast<int>(packed_.size()) - 1, kLz4Acceleration);
    if (size <= 0) return false;
    packed_.resize(static_cast<size_t>(size));
    return true;
  }

  BlockTail tail_;
  BlockHeader header_;
  std::string raw_;
  std::string packed_;
  Offset expected_ = 0;
  int64_t last_append_us_ = 0;
};

// Takes one record off `in`; its headers go to block.headers. False when the bytes do not fit.
bool TakeRecord(absl::string_view& in, Offset expected, int64_t last_append_us, Block& block,
                uint64_t& headers) {
  RecordView record;
  record.partition = block.partition;
  uint64_t skipped = 0;
  uint64_t later = 0;
  if (!TakeVarint(in, skipped) || !TakeVarint(in, later)) return false;
  if (expected >= block.header.next ||
      skipped >= static_cast<uint64_t>(block.header.next - expected)) {
    return false;
  }
  record.offset = expected + static_cast<Offset>(skipped);
  record.append_time_us = Plus(last_append_us, UnZigZag(later));
  if (!TakeSized(in, record.key) || !TakeSized(in, record.value) || !TakeVarint(in, headers)) {
    return false;
  }
  // Each header takes two bytes at least.
  if (headers > in.size() / 2) return false;
  for (uint64_t i = 0; i < headers; ++i) {
    HeaderView header;
    if (!TakeSized(in, header.name) || !TakeSized(in, header.value)) return false;
    block.headers.push_back(header);
  }
  block.records.push_back(record);
  return true;
}

// Reads `raw`, which block.bytes holds, into views.
bool TakeRecords(absl::string_view raw, Block& block) {
  // A record takes five bytes at least.
  if (block.header.records > raw.size() / 5) return false;
  block.records.reserve(block.header.records);
  std::vector<std::pair<size_t, uint64_t>> with_headers;
  Offset expected = block.header.from;
  int64_t last_append_us = block.header.first_append_us;
  for (uint32_t i = 0; i < block.header.records; ++i) {
    uint64_t headers = 0;
    if (!TakeRecord(raw, expected, last_append_us, block, headers)) return false;
    expected = block.records.back().offset + 1;
    last_append_us = block.records.back().append_time_us;
    if (headers > 0) with_headers.emplace_back(i, headers);
  }
  // Only now the headers stay where they are.
  const HeaderView* next = block.headers.data();
  for (const auto& [index, count] : with_headers) {
    block.records[index].headers = absl::MakeConstSpan(next, count);
    next += count;
  }
  return raw.empty();
}

// Brings the records' bytes, plain, to the front of block.bytes.
absl::StatusOr<absl::string_view> Unpack(std::string bytes, Block& block) {
  const BlockHeader& header = block.header;
  if (header.codec == BlockHeader::Codec::kPlain) {
    block.bytes = std::move(bytes);
    return absl::string_view(block.bytes).substr(kHeaderBytes, header.raw_bytes);
  }
  block.bytes.resize(header.raw_bytes);
  const int size = LZ4_decompress_safe(bytes.data() + kHeaderBytes, block.bytes.data(),
                                       static_cast<int>(header.stored_bytes),
                                       static_cast<int>(header.raw_bytes));
  if (size < 0 || static_cast<uint32_t>(size) != header.raw_bytes) {
    return ArchiveDamaged(block.partition, header.from, "its records cannot be unpacked");
  }
  return absl::string_view(block.bytes);
}

}  // namespace

Chain ChainNext(Chain chain, Offset offset, uint32_t record_crc) {
  const uint64_t place = Mix(chain + 0x9e3779b97f4a7c15 * (static_cast<uint64_t>(offset) + 1));
  return Mix(place ^ record_crc);
}

uint32_t RecordCrc(const RecordView& record) {
  if (record.crc != 0) return record.crc;
  uint32_t crc = CrcOf(record.append_time_us, "");
  crc = CrcOfSized(crc, record.key);
  crc = CrcOfSized(crc, record.value);
  crc = CrcOfVarint(crc, record.headers.size());
  for (const HeaderView& header : record.headers) {
    crc = CrcOfSized(CrcOfSized(crc, header.name), header.value);
  }
  return crc;
}

std::string OutlineOf(const RecordView& record) {
  return OutlineOf(record.partition, record.offset, RecordCrc(record), record.append_time_us);
}

size_t RecordBytes(const RecordView& record) {
  size_t bytes = record.key.size() + record.value.size() + 40;
  for (const HeaderView& header : record.headers) {
    bytes += header.name.size() + header.value.size() + 10;
  }
  return bytes;
}

std::vector<EncodedBlock> EncodeBlocks(const RecordBatch& batch, BlockTail tail) {
  std::vector<EncodedBlock> blocks;
  if (batch.first == batch.next) return blocks;
  Encoder encoder(tail);
  encoder.Begin(batch.first);
  for (const RecordView& record : batch.records) {
    if (!encoder.HasRoomFor(record)) {
      const Offset next = encoder.expected();
      blocks.push_back(encoder.Finish(next));
      encoder.Begin(next);
    }
    encoder.Add(record);
  }
  RAPPORT_CHECK(encoder.expected() <= batch.next)
      << "a batch up to " << batch.next << " holds offset " << encoder.expected() - 1;
  blocks.push_back(encoder.Finish(batch.next));
  return blocks;
}

absl::StatusOr<BlockHeader> DecodeBlockHeader(Partition partition, Offset from,
                                              absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes + kCrcBytes) {
    return ArchiveDamaged(partition, from, "the block is too short");
  }
  if (bytes.substr(0, 2) != kMagic) return ArchiveDamaged(partition, from, "not a block");
  if (static_cast<uint8_t>(bytes[2]) != kVersion) {
    return ArchiveDamaged(partition, from,
                          absl::StrCat("the block has format version ",
                                       static_cast<uint8_t>(bytes[2]), ", this program reads 1"));
  }
  BlockHeader header;
  const auto codec = static_cast<uint8_t>(bytes[3]);
  if (codec > 1) return ArchiveDamaged(partition, from, "the block has an unknown codec");
  header.codec = static_cast<BlockHeader::Codec>(codec);
  header.from = static_cast<Offset>(ReadBigEndian64(bytes.substr(4)));
  header.next = static_cast<Offset>(ReadBigEndian64(bytes.substr(12)));
  header.records = ReadBigEndian32(bytes.substr(20));
  header.first_append_us = static_cast<int64_t>(ReadBigEndian64(bytes.substr(24)));
  header.greatest_append_us = static_cast<int64_t>(ReadBigEndian64(bytes.substr(32)));
  header.chain_before = ReadBigEndian64(bytes.substr(40));
  header.chain_after = ReadBigEndian64(bytes.substr(48));
  header.raw_bytes = ReadBigEndian32(bytes.substr(56));
  header.stored_bytes = ReadBigEndian32(bytes.substr(60));
  if (header.from != from) {
    return ArchiveDamaged(partition, from, "the block begins at another offset than its key");
  }
  if (header.from < 0 || header.next <= header.from) {
    return ArchiveDamaged(partition, from, "the block covers no offsets");
  }
  const bool packed = header.codec == BlockHeader::Codec::kLz4;
  if (header.stored_bytes != bytes.size() - kHeaderBytes - kCrcBytes ||
      header.raw_bytes > kRecordBytesMax + kBlockRawBytes ||
      (packed ? header.raw_bytes > header.stored_bytes * kLz4Growth
              : header.raw_bytes != header.stored_bytes)) {
    return ArchiveDamaged(partition, from, "the block's sizes do not agree");
  }
  return header;
}

absl::StatusOr<std::shared_ptr<const Block>> DecodeBlock(Partition partition, Offset from,
                                                         std::string bytes) {
  auto block = std::make_shared<Block>();
  block->partition = partition;
  ASSIGN_OR_RETURN(block->header, DecodeBlockHeader(partition, from, bytes));
  const absl::string_view covered = absl::string_view(bytes).substr(0, bytes.size() - kCrcBytes);
  if (Crc32c(0, covered) != ReadBigEndian32(absl::string_view(bytes).substr(covered.size()))) {
    return ArchiveDamaged(partition, from, "the block's checksum does not match");
  }
  ASSIGN_OR_RETURN(const absl::string_view raw, Unpack(std::move(bytes), *block));
  if (!TakeRecords(raw, *block)) {
    return ArchiveDamaged(partition, from, "the block's records cannot be read");
  }
  return block;
}

absl::Status CheckBlockChain(const Block& block) {
  Chain chain = block.header.chain_before;
  for (const RecordView& record : block.records) {
    chain = ChainNext(chain, record.offset, RecordCrc(record));
  }
  if (chain == block.header.chain_after) return absl::OkStatus();
  return ArchiveDamaged(block.partition, block.header.from,
                        "the block's records do not make its chain");
}

std::string BlockKey(Partition partition, Offset from) {
  std::string key;
  AppendBigEndian32(key, static_cast<uint32_t>(partition));
  key.push_back('B');
  AppendBigEndian64(key, static_cast<uint64_t>(from));
  return key;
}

bool ParseBlockKey(absl::string_view key, Partition& partition, Offset& from) {
  if (key.size() != 13 || key[4] != 'B') return false;
  partition = static_cast<Partition>(ReadBigEndian32(key));
  from = static_cast<Offset>(ReadBigEndian64(key.substr(5)));
  return true;
}

std::string EngineKey(uint64_t sequence) {
  std::string key;
  AppendBigEndian32(key, 0xffffffff);
  key.push_back('E');
  AppendBigEndian64(key, sequence);
  return key;
}

bool ParseEngineKey(absl::string_view key, uint64_t& sequence) {
  if (key.size() != 13 || ReadBigEndian32(key) != 0xffffffff || key[4] != 'E') return false;
  sequence = ReadBigEndian64(key.substr(5));
  return true;
}

absl::Status ArchiveDamaged(Partition partition, Offset offset, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("ARCHIVE_DAMAGED: partition ", partition, ", offset ", offset, ": ", what,
                   "; restore the archive from a backup, or fetch the range again from the log"));
}

}  // namespace rapport::log
