#include "engine/base/compact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace rapport {
namespace {

using testing::ElementsAreArray;

std::vector<std::string> Texts(const CompactVector<CompactString>& vector) {
  std::vector<std::string> texts;
  for (const CompactString& text : vector) texts.emplace_back(text.view());
  return texts;
}

TEST(CompactStringTest, HoldsTextsOfAnySize) {
  for (size_t size = 0; size < 70; ++size) {
    const std::string text(size, static_cast<char>('a' + size % 26));
    CompactString one{text};
    EXPECT_EQ(one.view(), text);
    EXPECT_EQ(one.empty(), text.empty());
    EXPECT_EQ(one.HeapBytes() == 0, size <= 7);
    const CompactString copy = one;
    const CompactString moved = std::move(one);
    EXPECT_EQ(copy, moved);
    EXPECT_EQ(copy.view(), text);
    CompactString other("something else that is long");
    other = copy;
    EXPECT_EQ(other.view(), text);
  }
}

TEST(CompactVectorTest, DoesWhatAVectorDoes) {
  std::mt19937 random(7);
  CompactVector<CompactString> compact;
  std::vector<std::string> plain;
  for (int i = 0; i < 20'000; ++i) {
    const size_t at = random() % (plain.size() + 1);
    const std::string text(random() % 12, static_cast<char>('a' + i % 26));
    const auto place = static_cast<std::ptrdiff_t>(at);
    switch (plain.size() < 40 ? random() % 2 : 1 + random() % 3) {
      case 0:
      case 2:
        EXPECT_EQ(compact.Insert(compact.begin() + at, CompactString(text))->view(), text);
        plain.insert(plain.begin() + place, text);
        break;
      case 1:
        if (at == plain.size()) break;
        compact.Erase(compact.begin() + at);
        plain.erase(plain.begin() + place);
        break;
      default: {
        if (at == 0) break;
        const size_t gone = random() % at;
        compact.Replace(compact.begin() + gone, compact.begin() + at, CompactString(text));
        plain.insert(plain.begin() + place, text);
        plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(gone));
      }
    }
    ASSERT_THAT(Texts(compact), ElementsAreArray(plain));
  }
  const CompactVector<CompactString> copy = compact;
  compact.Clear();
  EXPECT_THAT(Texts(copy), ElementsAreArray(plain));
  EXPECT_EQ(compact.HeapBytes(), 0u);
}

TEST(CompactVectorTest, CountsMemoryAsItIsHandedOut) {
  const std::pair<size_t, size_t> sizes[] = {{0, 0},     {1, 16},    {16, 16},   {17, 32},
                                             {128, 128}, {129, 160}, {160, 160}, {161, 192},
                                             {256, 256}, {257, 320}, {513, 640}, {1024, 1024}};
  for (const auto& [asked, given] : sizes) EXPECT_EQ(InMemorySteps(asked), given) << asked;
}

TEST(CompactVectorTest, AppendsPlainValues) {
  CompactVector<char> bytes;
  std::string all;
  for (int i = 0; i < 100; ++i) {
    const std::string piece(static_cast<size_t>(i % 7), static_cast<char>(i));
    bytes.Append(piece.data(), static_cast<uint32_t>(piece.size()));
    all += piece;
  }
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), all);
}

TEST(CompactVectorDeathTest, EndsRatherThanLoseCount) {
  CompactVector<uint16_t> numbers;
  EXPECT_DEATH(numbers.Reserve(1 << 16), "more elements");
}

}  // namespace
}  // namespace rapport
