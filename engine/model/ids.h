// The names of things: partitions, offsets, events, customers.
//
// Threads: plain values.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rapport {

// A partition of the log, 0..1023. Fixed for the log's life.
using Partition = int32_t;
// A record's place in its partition, from 0.
using Offset = int64_t;

// The 16 bytes by which the engine knows an event: a UUID's own, else BLAKE2b-128 of the text.
// Ordered as its bytes are.
struct EventId {
  uint64_t high = 0;
  uint64_t low = 0;

  auto operator<=>(const EventId&) const = default;

  // The id that `text` stands for.
  static EventId FromText(absl::string_view text);
  // REQUIRES: 16 bytes.
  static EventId FromBytes(absl::string_view bytes);

  std::string Bytes() const;
  // 32 hexadecimal digits.
  std::string Hex() const;
  // What the touch list keeps of it: 32 bits that also differ between time-ordered ids.
  uint32_t Tag() const;
};

// When and by which event something was said: by time, then by id.
struct Moment {
  int64_t at_us = 0;
  EventId id;

  auto operator<=>(const Moment&) const = default;
};

// A moment as 24 bytes: the time big-endian, then the id.
void AppendMoment(std::string& out, const Moment& moment);
// Takes one off the front of `in`; false when there is none.
bool TakeMoment(absl::string_view& in, Moment& moment);

}  // namespace rapport
