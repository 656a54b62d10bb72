// Numbers as bytes: big-endian for keys (byte order = number order), varints for values.
//
// Threads: all functions are pure. Errors: a Read that does not fit returns false and leaves its
// input where it was.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rapport {

void AppendBigEndian16(std::string& out, uint16_t value);
void AppendBigEndian32(std::string& out, uint32_t value);
void AppendBigEndian64(std::string& out, uint64_t value);

// REQUIRES: bytes has at least as many bytes as the number.
uint16_t ReadBigEndian16(absl::string_view bytes);
uint32_t ReadBigEndian32(absl::string_view bytes);
uint64_t ReadBigEndian64(absl::string_view bytes);

void AppendVarint(std::string& out, uint64_t value);
// Takes a varint off the front of `in`.
bool TakeVarint(absl::string_view& in, uint64_t& value);

// Signed numbers near zero stay short.
constexpr uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
constexpr int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

// A length as varint, then the bytes.
void AppendSized(std::string& out, absl::string_view bytes);
bool TakeSized(absl::string_view& in, absl::string_view& bytes);

// Takes exactly `size` bytes.
bool TakeBytes(absl::string_view& in, size_t size, absl::string_view& bytes);

}  // namespace rapport
