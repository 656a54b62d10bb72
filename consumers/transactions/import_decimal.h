// Decimal: an exact decimal number, for amounts that are added up from a file.
//
//   auto price = Decimal::Parse("2.55");   // 255 hundredths
//   if (!price->Multiply(quantity) || !sum.Add(*price)) ...  // the sum grew beyond 10^37
//   sum.Scaled(6);                          // micros, rounded once
//
// Threads: plain values.
// Limits:  a number that is read has at most 18 digits before and after its point; a result has
//          at most 37 digits in all.
// Never:   floating point.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "engine/base/fixed_point.h"

namespace rapport::transactions {

class Decimal {
 public:
  // Zero.
  Decimal() = default;

  // Reads `-12`, `2.55`, `+.5`, with blanks around; nothing for anything else, such as `1,5`,
  // `1e3` or a number with too many digits.
  static std::optional<Decimal> Parse(absl::string_view text);

  // Adds or multiplies. False, and nothing changed, when the result has too many digits.
  [[nodiscard]] bool Add(const Decimal& other);
  [[nodiscard]] bool Multiply(const Decimal& other);

  Decimal Negated() const;
  // -1, 0 or 1.
  int Sign() const;

  // The number times 10^power as an integer, halves rounded away from zero; nothing when it does
  // not fit. REQUIRES: 0 <= power <= 18.
  std::optional<int64_t> Scaled(int power) const;
  // The number when it is whole and fits.
  std::optional<int64_t> Whole() const;

 private:
  // The number is units_ / 10^scale_.
  int128 units_ = 0;
  int scale_ = 0;
};

}  // namespace rapport::transactions
