// Keys of the state store: the one place that builds them. Grammar: docs/format.md, "State".
//
//   key      = partition kind rest          partition: 4 bytes, big-endian
//   position = partition 'P'
//   customer = partition 'C' customer_id
//   anonymous= partition 'C' 00 id_prefix    id_prefix: first 2 bytes of the event's 16
//   touches  = partition 'T' length(1) customer_id chunk    chunk: 4 bytes, big-endian
//   echo     = partition 'E'                 where the echo begins
//   twin     = partition 'E' offset          offset: 8 bytes, big-endian
//   rejected = partition 'Q' offset          the same
//   general  = FFFFFFFF 'G'
//
// Threads: pure.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "engine/model/ids.h"

namespace rapport::store {

std::string PositionKey(Partition partition);
// `name` is a customer id, or an AnonymousName.
std::string CustomerKey(Partition partition, absl::string_view name);
std::string TouchKey(Partition partition, absl::string_view name, uint32_t chunk);
std::string QuarantineKey(Partition partition, Offset offset);
std::string EchoKey(Partition partition);
std::string TwinKey(Partition partition, Offset offset);
std::string GeneralKey();

// Everything of one sort in one partition: keys in [begin, end).
struct KeyRange {
  std::string begin;
  std::string end;
};
KeyRange CustomerKeys(Partition partition);
KeyRange TouchKeys(Partition partition);
KeyRange QuarantineKeys(Partition partition);
// EchoKey and all TwinKeys.
KeyRange EchoKeys(Partition partition);
KeyRange PartitionKeys(Partition partition);

// The name in a customer key. REQUIRES: the key lies in CustomerKeys.
absl::string_view CustomerOfKey(absl::string_view key);
// The offset in a QuarantineKey or TwinKey.
Offset OffsetOfKey(absl::string_view key);

// Under which anonymous touchpoints are filed: a zero byte (no customer id has one) and the first
// two bytes of the event id, so each touch list stays short.
std::string AnonymousName(const EventId& id);
inline bool IsAnonymous(absl::string_view name) { return !name.empty() && name[0] == '\0'; }

}  // namespace rapport::store
