#include "consumers/transactions/import_decimal.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "engine/base/check.h"

namespace rapport::transactions {
namespace {

constexpr int kDigitsMax = 18;
constexpr int kResultDigitsMax = 37;

constexpr int128 PowerOfTen(int exponent) {
  int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

bool InRange(int128 units) {
  constexpr int128 kLimit = PowerOfTen(kResultDigitsMax);
  return -kLimit <= units && units <= kLimit;
}

// units * 10^exponent, or nothing.
std::optional<int128> Raised(int128 units, int exponent) {
  if (units == 0) return int128{0};
  if (exponent > kResultDigitsMax) return std::nullopt;
  int128 raised = 0;
  if (__builtin_mul_overflow(units, PowerOfTen(exponent), &raised)) return std::nullopt;
  return InRange(raised) ? std::optional<int128>(raised) : std::nullopt;
}

// Takes the digits at the front of `text`.
absl::string_view TakeDigits(absl::string_view& text) {
  size_t size = 0;
  while (size < text.size() && absl::ascii_isdigit(text[size])) ++size;
  const absl::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

absl::string_view WithoutLeadingZeros(absl::string_view digits) {
  while (!digits.empty() && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

}  // namespace

std::optional<Decimal> Decimal::Parse(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  absl::string_view whole = TakeDigits(text);
  absl::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = TakeDigits(text);
  }
  if (!text.empty() || (whole.empty() && fraction.empty())) return std::nullopt;
  whole = WithoutLeadingZeros(whole);
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  if (whole.size() > kDigitsMax || fraction.size() > kDigitsMax) return std::nullopt;

  Decimal number;
  for (const char digit : whole) number.units_ = number.units_ * 10 + (digit - '0');
  for (const char digit : fraction) number.units_ = number.units_ * 10 + (digit - '0');
  if (negative) number.units_ = -number.units_;
  number.scale_ = static_cast<int>(fraction.size());
  return number;
}

bool Decimal::Add(const Decimal& other) {
  const int scale = std::max(scale_, other.scale_);
  const auto mine = Raised(units_, scale - scale_);
  const auto its = Raised(other.units_, scale - other.scale_);
  if (!mine || !its || !InRange(*mine + *its)) return false;
  units_ = *mine + *its;
  scale_ = scale;
  return true;
}

bool Decimal::Multiply(const Decimal& other) {
  int128 product = 0;
  if (__builtin_mul_overflow(units_, other.units_, &product) || !InRange(product)) return false;
  units_ = product;
  scale_ = product == 0 ? 0 : scale_ + other.scale_;
  return true;
}

Decimal Decimal::Negated() const {
  Decimal negated = *this;
  negated.units_ = -units_;
  return negated;
}

int Decimal::Sign() const { return (units_ > 0) - (units_ < 0); }

std::optional<int64_t> Decimal::Scaled(int power) const {
  RAPPORT_CHECK(0 <= power && power <= kDigitsMax) << "power " << power;
  int128 scaled = units_;
  if (power >= scale_) {
    const auto raised = Raised(units_, power - scale_);
    if (!raised) return std::nullopt;
    scaled = *raised;
  } else if (scale_ - power > kResultDigitsMax) {
    scaled = 0;
  } else {
    const int128 divisor = PowerOfTen(scale_ - power);
    const int128 half = divisor / 2;
    scaled = (units_ + (units_ < 0 ? -half : half)) / divisor;
  }
  if (scaled < INT64_MIN || scaled > INT64_MAX) return std::nullopt;
  return static_cast<int64_t>(scaled);
}

std::optional<int64_t> Decimal::Whole() const {
  if (scale_ > kResultDigitsMax || units_ % PowerOfTen(scale_) != 0) return std::nullopt;
  return Scaled(0);
}

}  // namespace rapport::transactions
