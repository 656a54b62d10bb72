#include "engine/log/archive_block.h"

#include <gtest/gtest.h>

#include <random>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"
#include "tests/kit/batch_maker.h"
#include "tests/kit/status_matchers.h"

namespace rapport::log {
namespace {

using ::rapport::kit::MakeBatch;
using ::rapport::kit::MakeDenseBatch;
using ::rapport::kit::StatusIs;

std::shared_ptr<const Block> Decoded(const EncodedBlock& block, Partition partition = 0) {
  auto decoded = DecodeBlock(partition, block.header.from, block.bytes);
  EXPECT_OK(decoded);
  return *decoded;
}

void ExpectSameRecord(const RecordView& got, const RecordView& expected) {
  EXPECT_EQ(got.partition, expected.partition);
  EXPECT_EQ(got.offset, expected.offset);
  EXPECT_EQ(got.append_time_us, expected.append_time_us);
  EXPECT_TRUE(got.key == expected.key);
  EXPECT_TRUE(got.value == expected.value);
  ASSERT_EQ(got.headers.size(), expected.headers.size());
  for (size_t i = 0; i < got.headers.size(); ++i) {
    EXPECT_TRUE(got.headers[i].name == expected.headers[i].name);
    EXPECT_TRUE(got.headers[i].value == expected.headers[i].value);
  }
}

// A batch with everything that is special: gaps, binary bytes, empty parts, time going back.
RecordBatch ASpecialBatch() {
  const std::string binary("\0\xff\n\x80", 4);
  return MakeBatch(
      3, 100, 130,
      {{101, 1'700'000'000'000'000, "ana", "first", {}},
       {102, 1'700'000'000'000'000, binary, binary, {{"h", ""}, {"", "v"}, {"h", binary}}},
       {110, 1'600'000'000'000'000, "", "", {}},
       {111, -5, "k", std::string(300, 'x'), {{"trace", "1"}}}});
}

TEST(ArchiveBlockTest, GivesBackExactlyWhatWasEncoded) {
  const RecordBatch batch = ASpecialBatch();
  const auto blocks = EncodeBlocks(batch, {77, 5});
  ASSERT_EQ(blocks.size(), 1u);
  const auto block = Decoded(blocks[0], 3);
  EXPECT_EQ(block->header.from, 100);
  EXPECT_EQ(block->header.next, 130);
  EXPECT_EQ(block->header.first_append_us, 1'700'000'000'000'000);
  EXPECT_EQ(block->header.greatest_append_us, 1'700'000'000'000'000);
  EXPECT_EQ(block->header.chain_before, 77u);
  ASSERT_EQ(block->records.size(), batch.records.size());
  for (size_t i = 0; i < batch.records.size(); ++i) {
    ExpectSameRecord(block->records[i], batch.records[i]);
  }
  EXPECT_OK(CheckBlockChain(*block));
}

TEST(ArchiveBlockTest, CoversARangeWithoutRecords) {
  const auto blocks = EncodeBlocks(MakeBatch(0, 5, 9, {}), {77, 1234});
  ASSERT_EQ(blocks.size(), 1u);
  const auto block = Decoded(blocks[0]);
  EXPECT_EQ(block->header.from, 5);
  EXPECT_EQ(block->header.next, 9);
  EXPECT_EQ(block->header.chain_after, 77u);
  EXPECT_EQ(block->header.greatest_append_us, 1234);
  EXPECT_TRUE(block->records.empty());
}

TEST(ArchiveBlockTest, MakesNoBlockOfAnEmptyRange) {
  EXPECT_TRUE(EncodeBlocks(MakeBatch(0, 5, 5, {}), {}).empty());
}

TEST(ArchiveBlockTest, SplitsByCount) {
  const auto blocks = EncodeBlocks(MakeDenseBatch(0, 10, 600), {});
  ASSERT_EQ(blocks.size(), 3u);
  EXPECT_EQ(blocks[0].header.records, 256u);
  EXPECT_EQ(blocks[2].header.records, 88u);
  Offset joins = 10;
  Chain chain = 0;
  for (const EncodedBlock& block : blocks) {
    EXPECT_EQ(block.header.from, joins);
    EXPECT_EQ(block.header.chain_before, chain);
    joins = block.header.next;
    chain = block.header.chain_after;
    EXPECT_OK(CheckBlockChain(*Decoded(block)));
  }
  EXPECT_EQ(joins, 610);
}

TEST(ArchiveBlockTest, SplitsBySize) {
  const auto blocks = EncodeBlocks(MakeDenseBatch(0, 0, 20, 20'000), {});
  EXPECT_EQ(blocks.size(), 7u);
  for (const EncodedBlock& block : blocks) EXPECT_LE(block.header.raw_bytes, kBlockRawBytes);
}

TEST(ArchiveBlockTest, KeepsARecordLargerThanABlockAlone) {
  const auto blocks = EncodeBlocks(MakeDenseBatch(0, 0, 2, 200'000), {});
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(Decoded(blocks[1])->records[0].value.size(), 200'000u);
}

TEST(ArchiveBlockTest, CompressesSeveralRecordsWhenItHelps) {
  const auto many = EncodeBlocks(MakeDenseBatch(0, 0, 50, 200), {});
  EXPECT_EQ(many[0].header.codec, BlockHeader::Codec::kLz4);
  EXPECT_LT(many[0].bytes.size(), many[0].header.raw_bytes);
  const auto one = EncodeBlocks(MakeDenseBatch(0, 0, 1, 2000), {});
  EXPECT_EQ(one[0].header.codec, BlockHeader::Codec::kPlain);

  std::vector<kit::TestRecord> noise;
  std::mt19937 random_bits(1);
  for (Offset offset = 0; offset < 4; ++offset) {
    std::string value(500, '\0');
    for (char& c : value) c = static_cast<char>(random_bits() >> 24);
    noise.push_back({offset, 0, "k", std::move(value), {}});
  }
  const auto random = EncodeBlocks(MakeBatch(0, 0, 4, std::move(noise)), {});
  EXPECT_EQ(random[0].header.codec, BlockHeader::Codec::kPlain);
}

TEST(ArchiveBlockTest, TheChainDoesNotDependOnTheBatching) {
  const RecordBatch all = MakeDenseBatch(0, 0, 300);
  const Chain together = EncodeBlocks(all, {}).back().header.chain_after;
  BlockTail tail;
  for (Offset offset = 0; offset < 300; ++offset) {
    tail.chain = EncodeBlocks(MakeDenseBatch(0, offset, 1), tail)[0].header.chain_after;
  }
  EXPECT_EQ(tail.chain, together);
}

TEST(ArchiveBlockTest, TheChainTellsOffsetsAndContentsApart) {
  const auto chain = [](Offset offset, int64_t time, const char* key, const char* value) {
    return EncodeBlocks(MakeBatch(0, 0, 10, {{offset, time, key, value, {}}}), {})[0]
        .header.chain_after;
  };
  const Chain base = chain(1, 5, "ab", "c");
  EXPECT_NE(base, 0u);
  EXPECT_NE(base, chain(2, 5, "ab", "c"));
  EXPECT_NE(base, chain(1, 6, "ab", "c"));
  EXPECT_NE(base, chain(1, 5, "a", "bc"));
  EXPECT_NE(base, chain(1, 5, "ab", "d"));
}

TEST(ArchiveBlockTest, EveryFlippedByteIsFound) {
  const auto blocks = EncodeBlocks(ASpecialBatch(), {});
  for (size_t i = 0; i < blocks[0].bytes.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string damaged = blocks[0].bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_THAT(DecodeBlock(3, 100, damaged),
                  StatusIs(absl::StatusCode::kDataLoss, "ARCHIVE_DAMAGED: partition 3, offset 100"))
          << "byte " << i;
    }
  }
}

TEST(ArchiveBlockTest, EveryShorterPieceIsFound) {
  const auto blocks = EncodeBlocks(ASpecialBatch(), {});
  for (size_t size = 0; size < blocks[0].bytes.size(); ++size) {
    EXPECT_THAT(DecodeBlock(3, 100, blocks[0].bytes.substr(0, size)),
                StatusIs(absl::StatusCode::kDataLoss, "partition 3, offset 100"));
  }
}

TEST(ArchiveBlockTest, AForeignKeyIsFound) {
  const auto blocks = EncodeBlocks(ASpecialBatch(), {});
  EXPECT_THAT(DecodeBlock(3, 101, blocks[0].bytes),
              StatusIs(absl::StatusCode::kDataLoss, "another offset than its key"));
}

// Bytes with a right checksum but any content: what only malice or a bug can make.
TEST(ArchiveBlockTest, DecodingAnyBytesNeverCrashes) {
  uint64_t state = 42;
  const auto random = [&state] {
    state = state * 6364136223846793005 + 1442695040888963407;
    return static_cast<uint32_t>(state >> 33);
  };
  const auto packed = EncodeBlocks(MakeDenseBatch(0, 0, 50, 100), {})[0].bytes;
  const auto plain = EncodeBlocks(ASpecialBatch(), {})[0].bytes;
  int readable = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string bytes = round % 2 == 0 ? packed : plain;
    for (uint32_t n = random() % 4 + 1; n > 0; --n) {
      bytes[4 + random() % (bytes.size() - 8)] = static_cast<char>(random());
    }
    bytes.resize(bytes.size() - 4);
    AppendBigEndian32(bytes, Crc32c(0, bytes));
    const auto block = DecodeBlock(0, round % 2 == 0 ? 0 : 100, bytes);
    if (!block.ok()) {
      EXPECT_EQ(block.status().code(), absl::StatusCode::kDataLoss);
      continue;
    }
    ++readable;
    Offset last = (*block)->header.from - 1;
    for (const RecordView& record : (*block)->records) {
      EXPECT_GT(record.offset, last);
      EXPECT_LT(record.offset, (*block)->header.next);
      last = record.offset;
      (void)RecordCrc(record);
    }
  }
  EXPECT_GT(readable, 100);
}

TEST(ArchiveBlockTest, KeysAreOrderedAndComeBack) {
  EXPECT_EQ(absl::BytesToHexString(BlockKey(3, 1043)), "00000003420000000000000413");
  EXPECT_LT(BlockKey(3, 255), BlockKey(3, 256));
  EXPECT_LT(BlockKey(3, INT64_MAX), BlockKey(4, 0));
  EXPECT_LT(BlockKey(1023, INT64_MAX), EngineKey(0));
  Partition partition = 0;
  Offset from = 0;
  ASSERT_TRUE(ParseBlockKey(BlockKey(1023, 1LL << 40), partition, from));
  EXPECT_EQ(partition, 1023);
  EXPECT_EQ(from, 1LL << 40);
  EXPECT_FALSE(ParseBlockKey(EngineKey(1), partition, from));
  uint64_t sequence = 0;
  ASSERT_TRUE(ParseEngineKey(EngineKey(258), sequence));
  EXPECT_EQ(sequence, 258u);
  EXPECT_FALSE(ParseEngineKey(BlockKey(0, 1), sequence));
  EXPECT_FALSE(ParseEngineKey("", sequence));
}

// The example of docs/format.md. These bytes are in archives: they never change.
TEST(ArchiveBlockTest, MakesTheBytesOfTheDocument) {
  const RecordBatch batch =
      MakeBatch(3, 1043, 1045, {{1043, 1'767'225'600'000'000, "ana", "hi", {{"source", "shop"}}}});
  const auto blocks = EncodeBlocks(batch, {0x0123456789abcdef, 1'767'225'599'000'000});
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(
      absl::BytesToHexString(blocks[0].bytes),
      "524201000000000000000413000000000000041500000001000647484620400000064748462040000123456789ab"
      "cdef5721885300481fbd0000001600000016000003616e610268690106736f757263650473686f7073e83fa3");
}

}  // namespace
}  // namespace rapport::log
