#include "projections/facts/cells.h"

#include <algorithm>

#include "engine/base/fixed_point.h"

namespace rapport::facts {
namespace {

// Where `key` stands or belongs among cells sorted by `key_of`.
template <typename Cell, typename Key, typename KeyOf>
Cell* LowerBound(CompactVector<Cell>& cells, const Key& key, KeyOf key_of) {
  return std::lower_bound(cells.begin(), cells.end(), key,
                          [&](const Cell& cell, const Key& k) { return key_of(cell) < k; });
}

// The cell of `key`, made by `make` when there is none.
template <typename Cell, typename Key, typename KeyOf, typename Make>
Cell& FindOrMake(CompactVector<Cell>& cells, const Key& key, KeyOf key_of, Make make) {
  Cell* at = LowerBound(cells, key, key_of);
  if (at != cells.end() && key_of(*at) == key) return *at;
  return *cells.Insert(at, make());
}

template <typename Cell, typename Key, typename KeyOf>
const Cell* FindCell(const CompactVector<Cell>& cells, const Key& key, KeyOf key_of) {
  const Cell* at = std::lower_bound(cells.begin(), cells.end(), key,
                                    [&](const Cell& cell, Key k) { return key_of(cell) < k; });
  return at != cells.end() && key_of(*at) == key ? at : nullptr;
}

std::string CurrencyCode(uint16_t number) {
  const auto letter = [](int n) { return static_cast<char>('A' + n); };
  return {letter(number / (26 * 26)), letter(number / 26 % 26), letter(number % 26)};
}

}  // namespace

const RareFacts& Facts::rare() const {
  static const RareFacts* const none = new RareFacts;
  return rare_facts.empty() ? *none : rare_facts[0];
}

RareFacts& Facts::MakeRare() {
  if (rare_facts.empty()) rare_facts.PushBack({});
  return rare_facts[0];
}

const KindCell* Facts::FindKind(uint16_t kind) const {
  return FindCell(kinds, kind, [](const KindCell& cell) { return cell.kind(); });
}

Ring Rings::Iterator::operator*() const {
  const RingBucket* end = at_;
  while (end != end_ && end->ring == at_->ring) ++end;
  return {at_->ring, {at_, static_cast<size_t>(end - at_)}};
}

Rings::Iterator& Rings::Iterator::operator++() {
  at_ += (**this).buckets.size();
  return *this;
}

Ring Rings::Find(RingName name) const {
  for (const Ring ring : *this) {
    if (ring.name == name) return ring;
  }
  return {name, {}};
}

uint32_t Rings::size() const {
  uint32_t count = 0;
  for (Iterator it = begin(); it != end(); ++it) ++count;
  return count;
}

uint32_t Lists::size() const {
  uint32_t count = 0;
  for (Iterator it = begin(); it != end(); ++it) ++count;
  return count;
}

List Lists::Find(ListName name) const {
  const ItemPlaces places = PlacesOf(items_, name);
  return {name, FloorOf(name), items_.subspan(places.begin, places.size())};
}

int64_t Lists::FloorOf(ListName name) const {
  for (const Floor& floor : floors_) {
    if (floor.list == name) return floor.at_us;
  }
  return 0;
}

int64_t Facts::Sum(uint16_t name) const {
  const SumCell* cell = FindCell(sums, name, [](const SumCell& sum) { return sum.name; });
  return cell == nullptr ? 0 : cell->value;
}

std::vector<CurrencySums> Facts::Currencies() const {
  std::vector<CurrencySums> all;
  for (const SumCell& sum : sums) {
    if (sum.name < kCurrencies) continue;
    const auto number = static_cast<uint16_t>((sum.name - kCurrencies) / 2);
    if (all.empty() || CurrencyNumber(all.back().currency) != number) {
      all.push_back({CurrencyCode(number)});
    }
    const bool spent = (sum.name - kCurrencies) % 2 == 0;
    (spent ? all.back().spend_micros : all.back().reversed_micros) = sum.value;
  }
  return all;
}

bool Facts::HasUnlistedCurrency() const {
  const auto spend = static_cast<uint16_t>(kCurrencies + 2 * CurrencyNumber(kUnlisted));
  return Sum(spend) != 0 || Sum(static_cast<uint16_t>(spend + 1)) != 0;
}

ItemNumbers::ItemNumbers(int64_t n, int64_t m, int64_t x) {
  if (n == 0 && m == 0 && x == 0) return;
  const int64_t doubled = static_cast<int64_t>(static_cast<uint64_t>(n) << 1);
  if (m == 0 && x == 0 && doubled >> 1 == n) {
    word_ = static_cast<uint64_t>(doubled) | 1;
  } else {
    word_ = reinterpret_cast<uint64_t>(new All{n, m, x});
  }
}

void AddSum(Facts& facts, uint16_t name, int64_t value) {
  if (value == 0) return;
  SumCell& cell = FindOrMake(
      facts.sums, name, [](const SumCell& sum) { return sum.name; },
      [&] {
        return SumCell{name, 0};
      });
  cell.value = SaturatingAdd(cell.value, value);
}

void AddKind(Facts& facts, uint16_t kind, uint32_t count, const Moment& last) {
  KindCell& cell = FindOrMake(
      facts.kinds, kind, [](const KindCell& k) { return k.kind(); },
      [&] { return KindCell(kind, last); });
  const uint64_t sum = uint64_t{cell.count} + count;
  cell.count = sum > UINT32_MAX ? UINT32_MAX : static_cast<uint32_t>(sum);
  if (cell.last() < last) cell.set_last(last);
}

void AddOutreach(Facts& facts, uint8_t purpose, const Moment& last) {
  PurposeCell& cell = FindOrMake(
      facts.MakeRare().outreach, purpose, [](const PurposeCell& p) { return p.purpose; },
      [&] {
        return PurposeCell{purpose, last};
      });
  cell.last = std::max(cell.last, last);
}

void AddAwareness(Facts& facts, uint8_t form, const Moment& last) {
  AwarenessCell& cell = FindOrMake(
      facts.MakeRare().awareness, form, [](const AwarenessCell& a) { return a.form; },
      [&] {
        return AwarenessCell{form, last};
      });
  cell.last = std::max(cell.last, last);
}

void AddCurrency(Facts& facts, absl::string_view currency, int64_t spend_micros,
                 int64_t reversed_micros) {
  const auto spend = static_cast<uint16_t>(kCurrencies + 2 * CurrencyNumber(currency));
  AddSum(facts, spend, spend_micros);
  AddSum(facts, static_cast<uint16_t>(spend + 1), reversed_micros);
}

void AddPurchaseDay(Facts& facts, int32_t day) {
  CompactVector<uint16_t>& days = facts.purchase_days;
  const auto number = static_cast<uint16_t>(day);
  if (days.empty() || days.back() < number) {
    days.PushBack(number);
    return;
  }
  const uint16_t* at = std::lower_bound(days.begin(), days.end(), number);
  if (*at != number) days.Insert(at, number);
}

void AddDimension(Facts& facts, absl::string_view dimension, int64_t answers, int64_t g_sum) {
  DimensionCell& cell = FindOrMake(
      facts.MakeRare().dimensions, dimension,
      [](const DimensionCell& d) { return d.dimension.view(); },
      [&] {
        return DimensionCell{CompactString(dimension), 0, 0};
      });
  cell.answers = SaturatingAdd(cell.answers, answers);
  cell.g_sum = SaturatingAdd(cell.g_sum, g_sum);
}

void AddSeen(Facts& facts, int64_t newest_at_us, int64_t first_seen_at_us) {
  facts.newest_at_us = std::max(facts.newest_at_us, newest_at_us);
  if (first_seen_at_us == 0) return;
  if (facts.first_seen_at_us == 0 || first_seen_at_us < facts.first_seen_at_us) {
    facts.first_seen_at_us = first_seen_at_us;
  }
}

void AddFloor(Facts& facts, ListName name, int64_t at_us) {
  if (at_us == 0) return;
  Floor& floor = FindOrMake(
      facts.MakeRare().floors, name, [](const Floor& f) { return f.list; },
      [&] {
        return Floor{at_us, name};
      });
  floor.at_us = std::max(floor.at_us, at_us);
}

ItemPlaces PlacesOf(absl::Span<const Item> items, ListName name) {
  const auto begin = std::lower_bound(items.begin(), items.end(), name,
                                      [](const Item& item, ListName n) { return item.list < n; });
  const auto end = std::upper_bound(begin, items.end(), name,
                                    [](ListName n, const Item& item) { return n < item.list; });
  return {static_cast<uint32_t>(begin - items.begin()), static_cast<uint32_t>(end - items.begin())};
}

}  // namespace rapport::facts
