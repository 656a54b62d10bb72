#include "tests/bench/envelope_decode/hand_envelope.h"

#include <cstring>

namespace rapport::bench {
namespace {

// Wire types.
constexpr uint64_t kNumber = 0;
constexpr uint64_t kFixed64 = 1;
constexpr uint64_t kSized = 2;

// Eight bytes at a time.
bool IsAscii(absl::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  uint64_t high = 0;
  for (; end - at >= 8; at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    high |= word;
  }
  for (; at < end; ++at) high |= static_cast<uint8_t>(*at);
  return (high & 0x8080808080808080) == 0;
}

inline bool TakeVarint(const char*& at, const char* end, uint64_t& value) {
  value = 0;
  for (int shift = 0; at < end && shift < 64; shift += 7) {
    const auto byte = static_cast<uint8_t>(*at++);
    value |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

}  // namespace

void HandEnvelope::Clear() {
  event_id.clear();
  customer_id.clear();
  payload.clear();
  source.clear();
  occurred_at_us = 0;
  kind = channel = initiator = 0;
}

bool HandEnvelope::TakeText(uint64_t field, absl::string_view bytes) {
  std::string* to = nullptr;
  switch (field) {
    case 1:
      to = &event_id;
      break;
    case 2:
      to = &customer_id;
      break;
    case 5:
      payload.assign(bytes.data(), bytes.size());
      return true;
    case 6:
      to = &source;
      break;
    default:
      return true;
  }
  to->assign(bytes.data(), bytes.size());
  return IsAscii(bytes);
}

bool HandEnvelope::Parse(absl::string_view bytes) {
  Clear();
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at < end) {
    uint64_t tag = 0;
    if (!TakeVarint(at, end, tag)) return false;
    const uint64_t field = tag >> 3;
    uint64_t number = 0;
    switch (tag & 7) {
      case kNumber:
        if (!TakeVarint(at, end, number)) return false;
        if (field == 4) kind = static_cast<int>(number);
        if (field == 7) channel = static_cast<int>(number);
        if (field == 8) initiator = static_cast<int>(number);
        break;
      case kFixed64:
        if (end - at < 8) return false;
        if (field == 3) std::memcpy(&occurred_at_us, at, 8);
        at += 8;
        break;
      case kSized:
        if (!TakeVarint(at, end, number)) return false;
        if (number > static_cast<uint64_t>(end - at)) return false;
        if (!TakeText(field, {at, static_cast<size_t>(number)})) return false;
        at += number;
        break;
      default:
        return false;
    }
  }
  return true;
}

}  // namespace rapport::bench
