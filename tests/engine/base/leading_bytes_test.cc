// Leading bytes are ordered as the texts are.
#include "engine/base/leading_bytes.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace rapport {
namespace {

TEST(LeadingBytesTest, DecideAsTheTextsDoWhereTheyDiffer) {
  std::mt19937 random(1);
  const auto text = [&random] {
    std::string made(random() % 20, '\0');
    for (char& c : made) c = "\x01 a\x7f\xff"[random() % 5];
    return made;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = text(), b = text();
    const size_t at = random() % 3;
    const std::string a_rest = a.substr(std::min(at, a.size()), 16);
    const std::string b_rest = b.substr(std::min(at, b.size()), 16);
    EXPECT_EQ(LeadingBytes(a, at) < LeadingBytes(b, at), a_rest < b_rest);
    EXPECT_EQ(LeadingBytes(a, at) == LeadingBytes(b, at), a_rest == b_rest);
  }
}

TEST(LeadingBytesTest, GoOnWithZerosWhereTheTextEnds) {
  EXPECT_EQ(LeadingBytes("ab"), LeadingBytes(absl::string_view("ab\0", 3)));
  EXPECT_EQ(LeadingBytes("ab", 5), LeadingBytes());
}

}  // namespace
}  // namespace rapport
