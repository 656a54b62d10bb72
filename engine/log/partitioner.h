// The partition of a key: murmur2, masked to 31 bits, modulo the number of partitions, as Java's
// default partitioner and librdkafka's `murmur2_random` do it for keys that are not empty.
//
// On 15 partitions: TT0124 -> 10, cust-1 -> 4, cust-2 -> 13.
//
// Threads: pure.
#pragma once

#include "absl/strings/string_view.h"
#include "engine/model/ids.h"

namespace rapport::log {

// REQUIRES: partitions >= 1.
Partition PartitionOf(absl::string_view key, int partitions);

}  // namespace rapport::log
