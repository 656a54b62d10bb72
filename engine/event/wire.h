// Wire: reads protobuf's wire values off the front of bytes, without a message.
//
//   for (Wire wire(bytes); !wire.done();) {
//     uint64_t tag = 0;
//     if (!wire.Varint(tag)) return false;
//     ...
//   }
//
// Threads: one thread. Ownership: borrows the bytes. Errors: false, and the place is lost.
#pragma once

#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"

namespace rapport::event {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kSized = 2 };

// Fields of events and payloads have smaller numbers, so a set of them fits into 64 bits.
inline constexpr uint64_t kFieldNumbersEnd = 64;

// What stands before a field's value.
constexpr uint64_t TagOf(int number, WireType type) {
  return static_cast<uint64_t>(number) << 3 | static_cast<uint64_t>(type);
}

class Wire {
 public:
  explicit Wire(absl::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  bool done() const { return at_ == end_; }
  bool Varint(uint64_t& value) {
    if (at_ != end_ && static_cast<uint8_t>(*at_) < 0x80) {
      value = static_cast<uint8_t>(*at_++);
      return true;
    }
    return LongVarint(value);
  }
  bool Fixed64(int64_t& value) {
    if (end_ - at_ < 8) return false;
    std::memcpy(&value, at_, 8);
    at_ += 8;
    return true;
  }
  bool Sized(absl::string_view& bytes) {
    uint64_t size = 0;
    if (!Varint(size) || size > static_cast<uint64_t>(end_ - at_)) return false;
    bytes = {at_, size};
    at_ += size;
    return true;
  }

 private:
  bool LongVarint(uint64_t& value) {
    value = 0;
    for (int shift = 0; at_ != end_ && shift < 64; shift += 7) {
      const auto byte = static_cast<uint8_t>(*at_++);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      // Longer than it must be: the generated parsers take some of these, and refuse others.
      if (byte == 0 || (shift == 63 && byte > 1)) return false;
      if (byte < 0x80) return true;
    }
    return false;
  }

  const char* at_;
  const char* const end_;
};

}  // namespace rapport::event
