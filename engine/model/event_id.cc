#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"
#include "engine/model/ids.h"

namespace rapport {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads 8-4-4-4-12 hexadecimal digits.
bool ParseUuid(absl::string_view text, EventId& id) {
  if (text.size() != 36) return false;
  uint64_t words[2] = {0, 0};
  size_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return false;
      continue;
    }
    const int digit = HexDigit(text[i]);
    if (digit < 0) return false;
    words[digits / 16] = (words[digits / 16] << 4) | static_cast<uint64_t>(digit);
    ++digits;
  }
  id = {words[0], words[1]};
  return true;
}

}  // namespace

EventId EventId::FromText(absl::string_view text) {
  EventId id;
  if (ParseUuid(text, id)) return id;
  const Hash128 hash = Blake2b128(text);
  return FromBytes(absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

EventId EventId::FromBytes(absl::string_view bytes) {
  RAPPORT_CHECK(bytes.size() == 16) << bytes.size();
  return {ReadBigEndian64(bytes), ReadBigEndian64(bytes.substr(8))};
}

std::string EventId::Bytes() const {
  std::string out;
  AppendBigEndian64(out, high);
  AppendBigEndian64(out, low);
  return out;
}

std::string EventId::Hex() const { return rapport::Hex(Bytes()); }

uint32_t EventId::Tag() const {
  const uint64_t mixed = (high ^ (low * 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;
  return static_cast<uint32_t>(mixed >> 32);
}

}  // namespace rapport
