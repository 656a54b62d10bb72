#include "engine/log/partitioner.h"

#include <cstdint>

#include "engine/base/check.h"

namespace rapport::log {
namespace {

// MurmurHash2 with the seed and the byte order of Kafka's Java client.
uint32_t Murmur2(absl::string_view key) {
  constexpr uint32_t kSeed = 0x9747b28c;
  constexpr uint32_t kMultiply = 0x5bd1e995;
  constexpr int kShift = 24;
  const auto* bytes = reinterpret_cast<const uint8_t*>(key.data());
  const size_t size = key.size();

  uint32_t hash = kSeed ^ static_cast<uint32_t>(size);
  size_t at = 0;
  for (; at + 4 <= size; at += 4) {
    uint32_t word = static_cast<uint32_t>(bytes[at]) | static_cast<uint32_t>(bytes[at + 1]) << 8 |
                    static_cast<uint32_t>(bytes[at + 2]) << 16 |
                    static_cast<uint32_t>(bytes[at + 3]) << 24;
    word *= kMultiply;
    word ^= word >> kShift;
    word *= kMultiply;
    hash *= kMultiply;
    hash ^= word;
  }
  const size_t left = size - at;
  if (left == 3) hash ^= static_cast<uint32_t>(bytes[at + 2]) << 16;
  if (left >= 2) hash ^= static_cast<uint32_t>(bytes[at + 1]) << 8;
  if (left >= 1) {
    hash ^= bytes[at];
    hash *= kMultiply;
  }
  hash ^= hash >> 13;
  hash *= kMultiply;
  hash ^= hash >> 15;
  return hash;
}

}  // namespace

Partition PartitionOf(absl::string_view key, int partitions) {
  RAPPORT_CHECK(partitions >= 1) << "a log of " << partitions << " partitions";
  return static_cast<Partition>((Murmur2(key) & 0x7fffffff) % static_cast<uint32_t>(partitions));
}

}  // namespace rapport::log
