// Numbers as bytes: round trips, order, and bytes that end too soon.
#include "engine/base/coding.h"

#include <gtest/gtest.h>

#include <vector>

namespace rapport {
namespace {

std::vector<uint64_t> Numbers() {
  std::vector<uint64_t> numbers = {0, UINT64_MAX};
  for (int bit = 0; bit < 64; ++bit) {
    const uint64_t power = uint64_t{1} << bit;
    numbers.insert(numbers.end(), {power - 1, power, power + 1});
  }
  return numbers;
}

TEST(CodingTest, VarintsComeBackAndLeaveWhatFollows) {
  for (const uint64_t number : Numbers()) {
    std::string bytes;
    AppendVarint(bytes, number);
    EXPECT_LE(bytes.size(), 10u);
    bytes += "rest";
    absl::string_view in = bytes;
    uint64_t value = 0;
    ASSERT_TRUE(TakeVarint(in, value)) << number;
    EXPECT_EQ(value, number);
    EXPECT_EQ(in, "rest");
  }
}

TEST(CodingTest, AVarintThatEndsTooSoonLeavesItsInput) {
  for (const uint64_t number : Numbers()) {
    std::string bytes;
    AppendVarint(bytes, number);
    for (size_t size = 0; size < bytes.size(); ++size) {
      absl::string_view in(bytes.data(), size);
      uint64_t value = 17;
      EXPECT_FALSE(TakeVarint(in, value)) << number;
      EXPECT_EQ(in.size(), size);
      EXPECT_EQ(value, 17u);
    }
  }
}

TEST(CodingTest, AVarintOfMoreThan64BitsIsRefused) {
  const std::string too_great = std::string(9, '\xff') + "\x02";
  const std::string too_long = std::string(10, '\x80') + "\x01";
  for (const std::string& bytes : {too_great, too_long}) {
    absl::string_view in = bytes;
    uint64_t value = 0;
    EXPECT_FALSE(TakeVarint(in, value));
    EXPECT_EQ(in.size(), bytes.size());
  }
}

TEST(CodingTest, ZigZagKeepsEverySignedNumberAndSmallOnesShort) {
  for (const int64_t number : {int64_t{0}, int64_t{-1}, int64_t{1}, int64_t{-64}, int64_t{63},
                               INT64_MIN, INT64_MAX, INT64_MIN + 1}) {
    EXPECT_EQ(UnZigZag(ZigZag(number)), number);
  }
  EXPECT_EQ(ZigZag(-1), 1u);
  EXPECT_EQ(ZigZag(1), 2u);
  EXPECT_EQ(ZigZag(-64), 127u);
}

TEST(CodingTest, SizedBytesComeBackAndTruncatedOnesDoNot) {
  for (const size_t length : {0, 1, 127, 128, 300}) {
    std::string bytes;
    AppendSized(bytes, std::string(length, 'x'));
    absl::string_view in = bytes, value;
    ASSERT_TRUE(TakeSized(in, value));
    EXPECT_EQ(value, std::string(length, 'x'));
    EXPECT_TRUE(in.empty());
    for (size_t size = 0; size < bytes.size(); ++size) {
      in = absl::string_view(bytes).substr(0, size);
      EXPECT_FALSE(TakeSized(in, value));
      EXPECT_EQ(in.size(), size);
    }
  }
}

TEST(CodingTest, ASizeOfNearly64BitsDoesNotWrap) {
  std::string bytes;
  AppendVarint(bytes, UINT64_MAX);
  bytes += "abc";
  absl::string_view in = bytes, value;
  EXPECT_FALSE(TakeSized(in, value));
  EXPECT_FALSE(TakeBytes(in, SIZE_MAX, value));
  EXPECT_EQ(in.size(), bytes.size());
}

TEST(CodingTest, BigEndianBytesAreOrderedAsTheirNumbers) {
  std::string last;
  for (uint64_t number = 1; number != 0; number <<= 1) {
    std::string bytes;
    AppendBigEndian64(bytes, number);
    EXPECT_EQ(ReadBigEndian64(bytes), number);
    EXPECT_LT(last, bytes);
    last = bytes;
  }
  std::string bytes;
  AppendBigEndian16(bytes, 0x0102);
  AppendBigEndian32(bytes, 0x03040506);
  EXPECT_EQ(bytes, "\x01\x02\x03\x04\x05\x06");
  EXPECT_EQ(ReadBigEndian16(bytes), 0x0102);
  EXPECT_EQ(ReadBigEndian32(absl::string_view(bytes).substr(2)), 0x03040506u);
}

}  // namespace
}  // namespace rapport
