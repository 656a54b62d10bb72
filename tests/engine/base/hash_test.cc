// Hashes against known vectors and against one another.
#include "engine/base/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace rapport {
namespace {

// CRC32C bit by bit, as its definition says.
uint32_t CrcByDefinition(absl::string_view bytes) {
  uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
  }
  return ~crc;
}

std::string RandomBytes(std::mt19937_64& random, size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

TEST(HashTest, Blake2bGivesItsKnownVectors) {
  // As `b2sum -l 128` prints them.
  EXPECT_EQ(Hex(Blake2b128("")), "cae66941d9efbd404e4d88758ea67670");
  EXPECT_EQ(Hex(Blake2b128("abc")), "cf4ab791c62b8d2b2109c90275287816");
  EXPECT_EQ(Hex(Blake2b128(std::string(1000, 'a'))), "a0e5a332e985551c28a377c40f4139c3");
}

TEST(HashTest, FramedPiecesAreTheirLengthsAndBytes) {
  const std::string framed("\x02\0\0\0ab\x01\0\0\0c", 11);
  EXPECT_EQ(Blake2b128Framed({"ab", "c"}), Blake2b128(framed));
  EXPECT_NE(Blake2b128Framed({"ab", "c"}), Blake2b128Framed({"a", "bc"}));
  EXPECT_NE(Blake2b128Framed({"ab"}), Blake2b128Framed({"ab", ""}));
}

TEST(HashTest, HexIsLowerCaseWithTwoDigitsAByte) {
  EXPECT_EQ(Hex(absl::string_view("\x00\x0f\xa0\xff", 4)), "000fa0ff");
}

TEST(HashTest, Crc32cGivesItsKnownVectors) {
  EXPECT_EQ(Crc32c(0, "123456789"), 0xe3069283u);
  EXPECT_EQ(Crc32c(0, ""), 0u);
  EXPECT_EQ(Crc32c(0, std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(Crc32c(0, std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(Crc32cPortable(0, "123456789"), 0xe3069283u);
}

TEST(HashTest, Crc32cIsTheSameWithAndWithoutTheProcessorsHelp) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2'000; ++round) {
    const std::string bytes = RandomBytes(random, random() % 300);
    const auto begin = static_cast<uint32_t>(random());
    EXPECT_EQ(Crc32c(begin, bytes), Crc32cPortable(begin, bytes)) << bytes.size();
    EXPECT_EQ(Crc32c(0, bytes), CrcByDefinition(bytes)) << bytes.size();
  }
}

TEST(HashTest, Crc32cOfPiecesIsThatOfTheWhole) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 200; ++round) {
    const std::string bytes = RandomBytes(random, 1 + random() % 100);
    const absl::string_view all = bytes;
    const size_t cut = random() % (bytes.size() + 1);
    EXPECT_EQ(Crc32c(Crc32c(0, all.substr(0, cut)), all.substr(cut)), Crc32c(0, all));
  }
}

TEST(SetDigestTest, DoesNotDependOnTheOrder) {
  std::vector<std::string> items;
  for (int i = 0; i < 50; ++i) items.push_back(std::to_string(i));
  std::mt19937_64 random(3);
  SetDigest first;
  for (const std::string& item : items) first.Add({item, "x"});
  for (int round = 0; round < 20; ++round) {
    std::shuffle(items.begin(), items.end(), random);
    SetDigest digest, half;
    for (size_t i = 0; i < items.size(); ++i) (i % 2 == 0 ? digest : half).Add({items[i], "x"});
    digest.Add(half);
    EXPECT_EQ(digest, first);
    EXPECT_EQ(digest.Hex(), first.Hex());
  }
}

TEST(SetDigestTest, RemoveTakesOutWhatAnEqualAddPutIn) {
  SetDigest digest;
  digest.Add({"a", "1"});
  const std::string before = digest.Hex();
  digest.Add({"b", "2"});
  EXPECT_NE(digest.Hex(), before);
  digest.Remove({"b", "2"});
  EXPECT_EQ(digest.Hex(), before);
  digest.Remove({"a", "1"});
  EXPECT_EQ(digest, SetDigest());
}

TEST(SetDigestTest, CountsAnItemAsOftenAsItIsThere) {
  SetDigest once, twice;
  once.Add({"a"});
  twice.Add({"a"});
  twice.Add({"a"});
  EXPECT_NE(once.Hex(), twice.Hex());
  EXPECT_NE(twice.Hex(), SetDigest().Hex());
}

TEST(SetDigestTest, TellsPiecesApart) {
  SetDigest one, other;
  one.Add({"ab", "c"});
  other.Add({"a", "bc"});
  EXPECT_NE(one.Hex(), other.Hex());
}

}  // namespace
}  // namespace rapport
