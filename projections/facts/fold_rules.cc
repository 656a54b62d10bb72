#include "projections/facts/fold_rules.h"

#include <algorithm>

#include "engine/base/fixed_point.h"

namespace rapport::facts {

const FoldRules::Rate* FoldRules::FindRate(absl::string_view currency) const {
  for (const Rate& rate : rates_) {
    if (currency == rate.currency) return &rate;
  }
  return nullptr;
}

int64_t FoldRules::Centi(const v1::Money& money) const {
  constexpr int64_t kCentiMax = int64_t{1} << 42;
  constexpr int64_t kMicrosTimesMillionths = 10'000'000'000;
  const Rate* rate = FindRate(money.currency());
  const int64_t millionths = rate == nullptr ? unlisted_rate_ : rate->millionths;
  const int128 centi = FloorDiv128(int128{money.micros()} * millionths, kMicrosTimesMillionths);
  return static_cast<int64_t>(std::clamp<int128>(centi, 0, kCentiMax));
}

absl::string_view FoldRules::Listed(absl::string_view currency) const {
  const Rate* rate = FindRate(currency);
  return rate == nullptr ? kUnlisted : absl::string_view(rate->currency);
}

std::optional<ListName> FoldRules::ListOf(v1::Kind kind, bool personal) const {
  return ListAt(KindIndex(kind), personal);
}

const CustomKind* FoldRules::FindCustomKind(absl::string_view name) const {
  const auto found = std::lower_bound(
      custom_kinds_.begin(), custom_kinds_.end(), name,
      [](const CustomKind& kind, absl::string_view wanted) { return kind.name < wanted; });
  return found == custom_kinds_.end() || found->name != name ? nullptr : &*found;
}

const CustomKind* FoldRules::CustomKindOf(uint16_t number) const {
  const auto place = static_cast<size_t>(PlaceOfCustomKind(number));
  if (number < kCustomKinds || place >= custom_kinds_.size()) return nullptr;
  return custom_kinds_[place].number == number ? &custom_kinds_[place] : nullptr;
}

const Mark* FoldRules::BandOf(int64_t g) const {
  for (const Mark& band : bands_) {
    if (g >= band.from) return &band;
  }
  return nullptr;
}

const Mark* FoldRules::FeelingOf(int feeling) const {
  if (feeling < -2 || feeling > 2) return nullptr;
  const Mark& mark = feelings_[feeling + 2];
  return mark.add == 0 ? nullptr : &mark;
}

}  // namespace rapport::facts
