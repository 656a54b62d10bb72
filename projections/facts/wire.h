// WireWriter: protobuf wire bytes, written in one pass and in field order.
//
//   const size_t begin = wire.Begin(4);   // field 4, a message
//   wire.Uint(1, count);                  // zero is left out, as proto3 does
//   wire.EndIfAny(begin, 4);              // an empty message is left out too
//
// Threads: one. Ownership: borrows the string.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rapport::facts {

class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}

  // Varint fields; zero is left out.
  void Uint(uint32_t field, uint64_t value) {
    if (value == 0) return;
    Tag(field, 0);
    Varint(value);
  }
  void Sint(uint32_t field, int64_t value) {
    Uint(field, (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
  }
  // sfixed64; zero is left out.
  void Fixed(uint32_t field, int64_t value) {
    if (value == 0) return;
    Tag(field, 1);
    LittleEndian(static_cast<uint64_t>(value));
  }
  // Empty is left out.
  void Text(uint32_t field, absl::string_view text) {
    if (text.empty()) return;
    Tag(field, 2);
    Varint(text.size());
    out_.append(text.data(), text.size());
  }
  // The 16 bytes of two words, first byte first.
  void Words(uint32_t field, uint64_t high, uint64_t low) {
    Tag(field, 2);
    Varint(16);
    LittleEndian(__builtin_bswap64(high));
    LittleEndian(__builtin_bswap64(low));
  }
  // One value of a packed field that Begin has begun.
  void Varint(uint64_t value) {
    char bytes[10];
    size_t size = 0;
    for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
    bytes[size++] = static_cast<char>(value);
    out_.append(bytes, size);
  }

  // Begins a message (or packed field); what is written until End belongs to it. Returns the mark
  // that its End needs.
  size_t Begin(uint32_t field) {
    Tag(field, 2);
    out_.push_back(0);
    return out_.size();
  }
  void End(size_t mark) {
    const size_t size = out_.size() - mark;
    if (size < 0x80) {
      out_[mark - 1] = static_cast<char>(size);
      return;
    }
    std::string length;
    WireWriter(length).Varint(size);
    out_.replace(mark - 1, 1, length);
  }
  // Takes the field back when nothing was written since.
  void EndIfAny(size_t mark, uint32_t field) {
    if (out_.size() != mark) {
      End(mark);
    } else {
      out_.resize(mark - 1 - (field < 16 ? 1 : 2));
    }
  }

 private:
  void Tag(uint32_t field, uint32_t type) { Varint((uint64_t{field} << 3) | type); }
  void LittleEndian(uint64_t value) {
    char bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    out_.append(bytes, sizeof(bytes));
  }

  std::string& out_;
};

}  // namespace rapport::facts
