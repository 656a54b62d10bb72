#include "engine/base/hash.h"

#include <sodium.h>

#include <cstring>

#include "engine/base/check.h"
#include "engine/base/coding.h"

namespace rapport {
namespace {

// Slicing tables for CRC32C, eight bytes at a time.
struct CrcTables {
  std::array<std::array<uint32_t, 256>, 8> table;
  constexpr CrcTables() : table() {
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t crc = i;
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0x82f63b78u : 0);
      table[0][i] = crc;
    }
    for (uint32_t i = 0; i < 256; ++i) {
      for (size_t k = 1; k < 8; ++k) {
        table[k][i] = (table[k - 1][i] >> 8) ^ table[0][table[k - 1][i] & 0xff];
      }
    }
  }
};
constexpr CrcTables kCrc;

uint32_t CrcByTables(uint32_t crc, const uint8_t* p, size_t size) {
  while (size >= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    word ^= crc;
    crc = kCrc.table[7][word & 0xff] ^ kCrc.table[6][(word >> 8) & 0xff] ^
          kCrc.table[5][(word >> 16) & 0xff] ^ kCrc.table[4][(word >> 24) & 0xff] ^
          kCrc.table[3][(word >> 32) & 0xff] ^ kCrc.table[2][(word >> 40) & 0xff] ^
          kCrc.table[1][(word >> 48) & 0xff] ^ kCrc.table[0][word >> 56];
    p += 8;
    size -= 8;
  }
  for (; size > 0; --size) crc = (crc >> 8) ^ kCrc.table[0][(crc ^ *p++) & 0xff];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t Crc32cHardware(uint32_t crc, const uint8_t* p,
                                                          size_t size) {
  uint64_t wide = crc;
  while (size >= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    wide = __builtin_ia32_crc32di(wide, word);
    p += 8;
    size -= 8;
  }
  uint32_t narrow = static_cast<uint32_t>(wide);
  if (size >= 4) {
    uint32_t word;
    std::memcpy(&word, p, 4);
    narrow = __builtin_ia32_crc32si(narrow, word);
    p += 4;
    size -= 4;
  }
  for (; size > 0; --size) narrow = __builtin_ia32_crc32qi(narrow, *p++);
  return narrow;
}
#endif

}  // namespace

Hash128 Blake2b128(absl::string_view bytes) {
  Hash128 out;
  crypto_generichash_blake2b(out.data(), out.size(), reinterpret_cast<const uint8_t*>(bytes.data()),
                             bytes.size(), nullptr, 0);
  return out;
}

Hash128 Blake2b128Framed(std::initializer_list<absl::string_view> pieces) {
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, nullptr, 0, 16);
  for (const absl::string_view piece : pieces) {
    uint8_t length[4];
    for (size_t i = 0; i < 4; ++i) length[i] = static_cast<uint8_t>(piece.size() >> (8 * i));
    crypto_generichash_blake2b_update(&state, length, sizeof(length));
    crypto_generichash_blake2b_update(&state, reinterpret_cast<const uint8_t*>(piece.data()),
                                      piece.size());
  }
  Hash128 out;
  crypto_generichash_blake2b_final(&state, out.data(), out.size());
  return out;
}

std::string Hex(absl::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::string Hex(const Hash128& hash) {
  return Hex(absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

uint32_t Crc32c(uint32_t crc, absl::string_view bytes) {
#if defined(__x86_64__)
  static const bool hardware = __builtin_cpu_supports("sse4.2");
  if (hardware) {
    return ~Crc32cHardware(~crc, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
#endif
  return Crc32cPortable(crc, bytes);
}

uint32_t Crc32cPortable(uint32_t crc, absl::string_view bytes) {
  return ~CrcByTables(~crc, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

namespace {

std::array<uint64_t, 4> Lanes(std::initializer_list<absl::string_view> pieces) {
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, nullptr, 0, 32);
  for (const absl::string_view piece : pieces) {
    uint8_t length[4];
    for (size_t i = 0; i < 4; ++i) length[i] = static_cast<uint8_t>(piece.size() >> (8 * i));
    crypto_generichash_blake2b_update(&state, length, sizeof(length));
    crypto_generichash_blake2b_update(&state, reinterpret_cast<const uint8_t*>(piece.data()),
                                      piece.size());
  }
  uint8_t out[32];
  crypto_generichash_blake2b_final(&state, out, sizeof(out));
  std::array<uint64_t, 4> lanes;
  for (size_t i = 0; i < 4; ++i) {
    lanes[i] = ReadBigEndian64(absl::string_view(reinterpret_cast<char*>(out) + 8 * i, 8));
  }
  return lanes;
}

}  // namespace

void SetDigest::Add(std::initializer_list<absl::string_view> pieces) {
  const auto lanes = Lanes(pieces);
  for (size_t i = 0; i < 4; ++i) lanes_[i] += lanes[i];
}

void SetDigest::Add(const SetDigest& other) {
  for (size_t i = 0; i < 4; ++i) lanes_[i] += other.lanes_[i];
}

void SetDigest::Remove(std::initializer_list<absl::string_view> pieces) {
  const auto lanes = Lanes(pieces);
  for (size_t i = 0; i < 4; ++i) lanes_[i] -= lanes[i];
}

std::string SetDigest::Hex() const {
  std::string bytes;
  for (const uint64_t lane : lanes_) AppendBigEndian64(bytes, lane);
  return rapport::Hex(Blake2b128(bytes));
}

}  // namespace rapport
