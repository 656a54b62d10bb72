// LeadingBytes: the first bytes of a text as numbers, which are quicker to compare than texts.
//
//   place.leading = LeadingBytes(key);
//   if (a.leading != b.leading) return a.leading < b.leading;   // else the texts decide
//
// Ordered as the texts are by their bytes; where a text ends it goes on with zeros.
//
// Threads: plain values.
#pragma once

#include <algorithm>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"

namespace rapport {

class LeadingBytes {
 public:
  LeadingBytes() = default;
  // Sixteen bytes, from `at` on.
  explicit LeadingBytes(absl::string_view text, size_t at = 0)
      : high_(WordOf(text, at)), low_(WordOf(text, at + 8)) {}

  auto operator<=>(const LeadingBytes&) const = default;

 private:
  static_assert(std::endian::native == std::endian::little, "words are turned round");
  static uint64_t WordOf(absl::string_view text, size_t at) {
    uint64_t word = 0;
    if (at < text.size()) {
      std::memcpy(&word, text.data() + at, std::min<size_t>(8, text.size() - at));
    }
    return __builtin_bswap64(word);
  }

  uint64_t high_ = 0;
  uint64_t low_ = 0;
};

}  // namespace rapport
