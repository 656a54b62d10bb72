// Hashes: BLAKE2b for ids and digests, CRC32C for stored bytes. The only place that computes them.
//
// Threads: all functions are pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rapport {

using Hash128 = std::array<uint8_t, 16>;

// BLAKE2b with 16 bytes of output, no key.
Hash128 Blake2b128(absl::string_view bytes);

// BLAKE2b over several pieces, each framed as its length (u32 little-endian) and its bytes, so that
// ("ab", "c") and ("a", "bc") differ.
Hash128 Blake2b128Framed(std::initializer_list<absl::string_view> pieces);

// Lower-case hexadecimal.
std::string Hex(absl::string_view bytes);
std::string Hex(const Hash128& hash);

// CRC32C (Castagnoli) of `bytes`, going on from `crc` (0 to begin).
uint32_t Crc32c(uint32_t crc, absl::string_view bytes);
// The same without instructions that some processors lack, for those and for tests.
uint32_t Crc32cPortable(uint32_t crc, absl::string_view bytes);

// A sum of per-item hashes that does not depend on the items' order: four 64-bit lanes added
// without carry between them. Equal sets give equal sums.
class SetDigest {
 public:
  // Adds the item whose framed pieces are given.
  void Add(std::initializer_list<absl::string_view> pieces);
  void Add(const SetDigest& other);
  // Takes out what an equal Add put in.
  void Remove(std::initializer_list<absl::string_view> pieces);

  // 32 hexadecimal digits: BLAKE2b-128 of the lanes.
  std::string Hex() const;
  bool operator==(const SetDigest& other) const = default;

 private:
  std::array<uint64_t, 4> lanes_ = {};
};

}  // namespace rapport
