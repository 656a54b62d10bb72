#include "engine/log/partitioner.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace rapport::log {
namespace {

TEST(PartitionerTest, AgreesWithJavasDefaultPartitioner) {
  EXPECT_EQ(PartitionOf("TT0124", 15), 10);
  EXPECT_EQ(PartitionOf("cust-1", 15), 4);
  EXPECT_EQ(PartitionOf("cust-2", 15), 13);
}

TEST(PartitionerTest, HashesKeysOfAllLengthsAsJavaDoes) {
  // The hashes of Kafka's own unit test of its murmur2.
  EXPECT_EQ(PartitionOf("21", 1000), (-973932308 & 0x7fffffff) % 1000);
  EXPECT_EQ(PartitionOf("foobar", 1000), (-790332482 & 0x7fffffff) % 1000);
  EXPECT_EQ(PartitionOf("a-little-bit-long-string", 1000), (-985981536 & 0x7fffffff) % 1000);
  EXPECT_EQ(PartitionOf("a-little-bit-longer-string", 1000), (-1486304829 & 0x7fffffff) % 1000);
  EXPECT_EQ(PartitionOf("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", 1000),
            (-58897971 & 0x7fffffff) % 1000);
  EXPECT_EQ(PartitionOf("abc", 1000), 479470107 % 1000);
}

TEST(PartitionerTest, PutsAllOnTheOnlyPartition) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(PartitionOf(std::to_string(i), 1), 0);
}

TEST(PartitionerTest, UsesEveryPartition) {
  std::set<Partition> used;
  for (int i = 0; i < 200; ++i) used.insert(PartitionOf("customer-" + std::to_string(i), 8));
  EXPECT_EQ(used.size(), 8u);
  EXPECT_EQ(*used.begin(), 0);
  EXPECT_EQ(*used.rbegin(), 7);
}

}  // namespace
}  // namespace rapport::log
