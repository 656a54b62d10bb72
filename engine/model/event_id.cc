#include <array>

#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"
#include "engine/model/ids.h"

namespace rapport {
namespace {

// Value of a hexadecimal digit, 0xFF for any other byte.
constexpr std::array<uint8_t, 256> HexValues() {
  std::array<uint8_t, 256> values{};
  for (auto& value : values) value = 0xFF;
  for (uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
  for (uint8_t i = 0; i < 6; ++i) {
    values['a' + i] = static_cast<uint8_t>(10 + i);
    values['A' + i] = static_cast<uint8_t>(10 + i);
  }
  return values;
}
constexpr std::array<uint8_t, 256> kHexValues = HexValues();

// Where the 32 digits of 8-4-4-4-12 stand.
constexpr std::array<uint8_t, 32> DigitPlaces() {
  std::array<uint8_t, 32> places{};
  size_t digit = 0;
  for (uint8_t i = 0; i < 36; ++i) {
    if (i != 8 && i != 13 && i != 18 && i != 23) places[digit++] = i;
  }
  return places;
}
constexpr std::array<uint8_t, 32> kDigitPlaces = DigitPlaces();

// Sixteen digits from `first` on. `bad` takes a bit above 0x0F for any that is none.
uint64_t Digits(const char* text, size_t first, uint8_t& bad) {
  uint64_t word = 0;
  for (size_t i = first; i < first + 16; ++i) {
    const uint8_t value = kHexValues[static_cast<uint8_t>(text[kDigitPlaces[i]])];
    bad |= value;
    word = (word << 4) | (value & 0xF);
  }
  return word;
}

// Reads 8-4-4-4-12 hexadecimal digits.
bool ParseUuid(absl::string_view text, EventId& id) {
  if (text.size() != 36) return false;
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return false;
  uint8_t bad = 0;
  id.high = Digits(text.data(), 0, bad);
  id.low = Digits(text.data(), 16, bad);
  return bad <= 0xF;
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
