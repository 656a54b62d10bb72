// SHA-256 against known vectors.
#include "engine/base/sha256.h"

#include <gtest/gtest.h>

#include "engine/base/hash.h"

namespace rapport {
namespace {

TEST(Sha256Test, GivesItsKnownVectors) {
  // As `sha256sum` prints them.
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, ComparesInConstantTimeAsEqualsDoes) {
  EXPECT_TRUE(EqualInConstantTime("abc", "abc"));
  EXPECT_FALSE(EqualInConstantTime("abc", "abd"));
  EXPECT_FALSE(EqualInConstantTime("abc", "abcd"));
  EXPECT_TRUE(EqualInConstantTime("", ""));
}

}  // namespace
}  // namespace rapport
