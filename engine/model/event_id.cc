#include <cstring>

#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"
#include "engine/model/ids.h"

namespace rapport {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighs = 0x80 * kOnes;

uint64_t WordAt(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

uint64_t HalfAt(const char* at) {
  uint32_t half;
  std::memcpy(&half, at, sizeof(half));
  return half;
}

// The high bit of each byte of ASCII in `word` that is one of `first`..`last`.
constexpr uint64_t BytesOf(uint64_t word, char first, char last) {
  const uint64_t reaches = word + (0x80 - static_cast<uint64_t>(first)) * kOnes;
  const uint64_t passes = word + (0x7F - static_cast<uint64_t>(last)) * kOnes;
  return reaches & ~passes & kHighs;
}

// Eight hexadecimal digits at once, the first in the lowest byte. Clears the high bits in `good` of
// those that are none.
constexpr uint64_t EightDigits(uint64_t word, uint64_t& good) {
  // Bytes beyond ASCII would carry into their neighbours.
  const uint64_t ascii = word & ~kHighs;
  const uint64_t letters = BytesOf(ascii | 0x20 * kOnes, 'a', 'f');
  good &= ~word & (BytesOf(ascii, '0', '9') | letters);
  // A letter's low half is 1 to 6.
  uint64_t digits = (ascii & 0x0F * kOnes) + (letters >> 7) * 9;
  digits = __builtin_bswap64(digits);
  digits = (digits | digits >> 4) & 0x00FF00FF00FF00FF;
  digits = (digits | digits >> 8) & 0x0000FFFF0000FFFF;
  return (digits | digits >> 16) & 0xFFFFFFFF;
}

// Reads 8-4-4-4-12 hexadecimal digits.
bool ParseUuid(absl::string_view text, EventId& id) {
  if (text.size() != 36) return false;
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return false;
  const char* const at = text.data();
  uint64_t good = kHighs;
  id.high = EightDigits(WordAt(at), good) << 32;
  id.high |= EightDigits(HalfAt(at + 9) | HalfAt(at + 14) << 32, good);
  id.low = EightDigits(HalfAt(at + 19) | HalfAt(at + 24) << 32, good) << 32;
  id.low |= EightDigits(WordAt(at + 28), good);
  return good == kHighs;
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

void AppendMoment(std::string& out, const Moment& moment) {
  AppendBigEndian64(out, static_cast<uint64_t>(moment.at_us));
  out += moment.id.Bytes();
}

bool TakeMoment(absl::string_view& in, Moment& moment) {
  absl::string_view at, id;
  if (!TakeBytes(in, 8, at) || !TakeBytes(in, 16, id)) return false;
  moment = {static_cast<int64_t>(ReadBigEndian64(at)), EventId::FromBytes(id)};
  return true;
}

}  // namespace rapport
