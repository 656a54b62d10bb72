#include "engine/base/fixed_point.h"

#include <algorithm>

#include "engine/base/check.h"

namespace rapport {
namespace {

// kRoot[k - 1] = round(2^(2^-k) * 2^30).
constexpr uint64_t kRoot[16] = {
    1518500250, 1276901417, 1170923762, 1121280436, 1097253708, 1085434106, 1079572136, 1076653033,
    1075196443, 1074468888, 1074105294, 1073923544, 1073832680, 1073787251, 1073764537, 1073753181};

// Goes through bits `first` - 1 and less of f, from y on.
constexpr uint64_t Exp2(uint64_t y, uint32_t f, uint32_t first) {
  for (uint32_t bit = first; bit > 0; --bit) {
    if ((f >> (bit - 1)) & 1) y = (y * kRoot[16 - bit]) >> 30;
  }
  return y;
}

// What the ten upper bits of f make of 2^30.
constexpr uint32_t kLowerBits = 6;
struct PowTable {
  std::array<uint32_t, 1024> value;
  constexpr PowTable() : value() {
    for (uint32_t i = 0; i < 1024; ++i) {
      value[i] = static_cast<uint32_t>(Exp2(uint64_t{1} << 30, i << kLowerBits, 16));
    }
  }
};
constexpr PowTable kPow;

}  // namespace

uint64_t Exp2Q(uint32_t f) {
  RAPPORT_CHECK(f < 65536) << f;
  return Exp2(kPow.value[f >> kLowerBits], f, kLowerBits);
}

int64_t Log2Q(uint64_t v) {
  RAPPORT_CHECK(v >= 1 && v < (uint64_t{1} << 63)) << v;
  const int k = 63 - __builtin_clzll(v);
  uint64_t y = k <= 31 ? v << (31 - k) : v >> (k - 31);
  int64_t r = int64_t{k} << 16;
  for (int i = 15; i >= 0; --i) {
    // Below 2^33, so that one bit says which. No branch: it would be guessed wrong half the time.
    y = (y * y) >> 31;
    const uint64_t over = y >> 32;
    y >>= over;
    r |= static_cast<int64_t>(over) << i;
  }
  return r;
}

uint64_t Pow2(uint32_t i) { return kPow.value[i] >> 10; }

int64_t Decay(int64_t value, int64_t age, int64_t half_life) {
  const int64_t halvings = std::min<int64_t>(63, age / half_life);
  const auto fraction = static_cast<uint32_t>((age % half_life) * 1024 / half_life);
  const int128 scaled = (int128{value} << 20) >> halvings;
  return static_cast<int64_t>(scaled / static_cast<int128>(Pow2(fraction)));
}

}  // namespace rapport
