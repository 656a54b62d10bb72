// Keys of the state store: what is written is read back, and lies where its range says.
#include "engine/store/keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rapport::store {
namespace {

bool Within(const std::string& key, const KeyRange& range) {
  return range.begin <= key && key < range.end;
}

TEST(KeysTest, CustomersComeBackFromTheirKeys) {
  for (const std::string& name :
       {std::string("ana"), std::string("\xff\xff"), std::string("C"), std::string(128, 'z'),
        AnonymousName(EventId{0xfffe000000000000, 0})}) {
    for (const Partition partition : {0, 1, 255, 256, 1023}) {
      const std::string key = CustomerKey(partition, name);
      EXPECT_EQ(CustomerOfKey(key), name);
      EXPECT_TRUE(Within(key, CustomerKeys(partition)));
      EXPECT_FALSE(Within(key, CustomerKeys(partition + 1)));
      EXPECT_FALSE(Within(key, QuarantineKeys(partition)));
    }
  }
}

TEST(KeysTest, QuarantineIsOrderedByOffset) {
  std::string last;
  for (const Offset offset : {Offset{0}, Offset{1}, Offset{255}, Offset{256}, Offset{1} << 40}) {
    const std::string key = QuarantineKey(7, offset);
    EXPECT_EQ(OffsetOfKey(key), offset);
    EXPECT_TRUE(Within(key, QuarantineKeys(7)));
    EXPECT_LT(last, key);
    last = key;
  }
}

TEST(KeysTest, CustomersAreOrderedByTheBytesOfTheirNames) {
  std::vector<std::string> names = {"b", "a", "ab", "\xc3\xa9", "z", "A"};
  std::vector<std::string> keys;
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) keys.push_back(CustomerKey(3, name));
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

// A name may end in what looks like another one's chunk number.
TEST(KeysTest, TouchKeysOfTwoCustomersNeverMeet) {
  const std::string longer("ana\0\0\0\1", 7);
  EXPECT_NE(TouchKey(0, "ana", 1), TouchKey(0, longer, 0).substr(0, TouchKey(0, "ana", 1).size()));
  EXPECT_LT(TouchKey(0, "ana", 255), TouchKey(0, "ana", 256));
  EXPECT_NE(TouchKey(0, std::string(128, 'a'), 0), TouchKey(0, std::string(127, 'a'), 0));
}

TEST(KeysTest, SortsOfOnePartitionDoNotMix) {
  for (const std::string& key : {PositionKey(5), TouchKey(5, "ana", 0), GeneralKey()}) {
    EXPECT_FALSE(Within(key, CustomerKeys(5)));
    EXPECT_FALSE(Within(key, QuarantineKeys(5)));
  }
  EXPECT_LT(QuarantineKey(1023, INT64_MAX), GeneralKey());
}

TEST(KeysTest, AnonymousTouchpointsAreFiledByTheFirstTwoBytesOfTheirId) {
  const std::string name = AnonymousName(EventId{0x0102030405060708, 9});
  EXPECT_EQ(name, std::string("\0\x01\x02", 3));
  EXPECT_TRUE(IsAnonymous(name));
  EXPECT_FALSE(IsAnonymous("ana"));
  EXPECT_FALSE(IsAnonymous(""));
}

}  // namespace
}  // namespace rapport::store
