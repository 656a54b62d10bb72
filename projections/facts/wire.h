// WireWriter: protobuf wire bytes, written in one pass and in field order.
//
//   const size_t begin = wire.Begin(4);   // field 4, a message
//   wire.Uint(1, count);                  // zero is left out, as proto3 does
//   wire.EndIfAny(begin, 4);              // an empty message is left out too
//   wire.Finish();
//
// Threads: one. Ownership: borrows the string, which is longer than what was written until Finish.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace rapport::facts {

class WireWriter {
 public:
  // Writes behind what `out` holds.
  explicit WireWriter(std::string& out) : out_(out), base_(out.size()) {
    out_.resize(base_ + kRoomAtFirst);
    Point(0);
  }
  WireWriter(const WireWriter&) = delete;
  WireWriter& operator=(const WireWriter&) = delete;

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
    Word(static_cast<uint64_t>(value));
  }
  // Empty is left out.
  void Text(uint32_t field, absl::string_view text) {
    if (text.empty()) return;
    Tag(field, 2);
    Varint(text.size());
    MakeRoom(text.size());
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  // The 16 bytes of two words, first byte first.
  void Words(uint32_t field, uint64_t high, uint64_t low) {
    Tag(field, 2);
    Varint(16);
    Word(__builtin_bswap64(high));
    Word(__builtin_bswap64(low));
  }
  // One value of a packed field that Begin has begun.
  void Varint(uint64_t value) {
    MakeRoom(kVarintMax);
    for (; value >= 0x80; value >>= 7) *at_++ = static_cast<char>(value | 0x80);
    *at_++ = static_cast<char>(value);
  }

  // Begins a message (or packed field); what is written until End belongs to it. Returns the mark
  // that its End needs.
  size_t Begin(uint32_t field) {
    Tag(field, 2);
    MakeRoom(1);
    ++at_;
    return size();
  }
  void End(size_t mark) {
    const size_t inner = size() - mark;
    if (inner < 0x80) {
      begin_[mark - 1] = static_cast<char>(inner);
      return;
    }
    // The length takes more than the one byte that was left for it.
    MakeRoom(kVarintMax);
    char length[kVarintMax];
    size_t bytes = 0;
    for (size_t rest = inner; rest > 0; rest >>= 7) {
      length[bytes++] = static_cast<char>((rest & 0x7F) | (rest >= 0x80 ? 0x80 : 0));
    }
    std::memmove(begin_ + mark - 1 + bytes, begin_ + mark, inner);
    std::memcpy(begin_ + mark - 1, length, bytes);
    at_ += bytes - 1;
  }
  // Takes the field back when nothing was written since.
  void EndIfAny(size_t mark, uint32_t field) {
    if (size() != mark) {
      End(mark);
    } else {
      at_ = begin_ + mark - 1 - (field < 16 ? 1 : 2);
    }
  }

  void Finish() { out_.resize(base_ + size()); }

 private:
  static constexpr size_t kVarintMax = 10;
  static constexpr size_t kRoomAtFirst = 512;

  size_t size() const { return static_cast<size_t>(at_ - begin_); }
  void MakeRoom(size_t bytes) {
    if (static_cast<size_t>(end_ - at_) < bytes) Grow(bytes);
  }
  void Grow(size_t bytes) {
    const size_t written = size();
    out_.resize(2 * out_.size() + bytes);
    Point(written);
  }
  // To where it goes on, `written` bytes behind the base.
  void Point(size_t written) {
    begin_ = out_.data() + base_;
    at_ = begin_ + written;
    end_ = out_.data() + out_.size();
  }
  void Tag(uint32_t field, uint32_t type) { Varint((uint64_t{field} << 3) | type); }
  void Word(uint64_t value) {
    static_assert(std::endian::native == std::endian::little, "words are written as they lie");
    MakeRoom(sizeof(value));
    std::memcpy(at_, &value, sizeof(value));
    at_ += sizeof(value);
  }

  std::string& out_;
  const size_t base_;
  char* begin_ = nullptr;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace rapport::facts
