// Properties of facts over generated histories of all kinds, smallest counterexample first.
//
// 500 histories each, or as RC_PARAMS says; `tools/dev prove` looks at many more.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "projections/facts/codec.h"
#include "projections/facts/fold.h"
#include "projections/facts/kind_table.h"
#include "projections/facts/merge.h"
#include "tests/kit/standard_rules.h"
#include "tests/projections/facts/random_event.h"

namespace rapport::facts {
namespace {

// Before the first property reads it.
[[maybe_unused]] const int kCases = setenv("RC_PARAMS", "max_success=500 max_size=400 seed=1", 0);

const FoldRules& Rules() { return kit::WithOwnKinds().fold; }

const std::vector<v1::Kind>& FoldedKinds() {
  static const auto* const kinds = [] {
    auto* all = new std::vector<v1::Kind>;
    for (int index = 1; index < kKindCount; ++index) {
      if (Folds(KindAt(index))) all->push_back(KindAt(index));
    }
    return all;
  }();
  return *kinds;
}

// One event: of which kind, and what is in it.
using Draw = std::pair<uint8_t, uint32_t>;
using Draws = std::vector<Draw>;

std::vector<kit::EventBuilder> EventsOf(const Draws& draws) {
  std::vector<kit::EventBuilder> events;
  for (size_t i = 0; i < draws.size(); ++i) {
    std::mt19937_64 random(draws[i].second);
    events.push_back(
        RandomEvent(random, FoldedKinds()[draws[i].first % FoldedKinds().size()], i + 1));
  }
  return events;
}

std::string BytesOfAll(const std::vector<const kit::EventBuilder*>& events) {
  return BytesOf(FactsOf(events, Rules()));
}

// In two parts: those whose bit is set, and the others.
std::pair<Facts, Facts> Parted(const std::vector<kit::EventBuilder>& events, uint64_t bits) {
  std::vector<const kit::EventBuilder*> one, other;
  for (size_t i = 0; i < events.size(); ++i) {
    (bits >> i % 64 & 1 ? one : other).push_back(&events[i]);
  }
  return {FactsOf(one, Rules()), FactsOf(other, Rules())};
}

Facts Sum(Facts into, const Facts& from) {
  Merge(into, from, Rules());
  return into;
}

RC_GTEST_PROP(FactsProperty, AnyOrderGivesTheSameBytes, (const Draws& draws, uint32_t seed)) {
  const std::vector<kit::EventBuilder> events = EventsOf(draws);
  std::vector<const kit::EventBuilder*> order = PointersTo(events);
  const std::string bytes = BytesOfAll(order);
  std::mt19937 random(seed);
  std::shuffle(order.begin(), order.end(), random);
  RC_ASSERT(BytesOfAll(order) == bytes);
}

RC_GTEST_PROP(FactsProperty, TwoPartsAddUpToTheWhole, (const Draws& draws, uint64_t bits)) {
  const std::vector<kit::EventBuilder> events = EventsOf(draws);
  const auto [one, other] = Parted(events, bits);
  const std::string whole = BytesOfAll(PointersTo(events));
  RC_ASSERT(BytesOf(Sum(one, other)) == whole);
  RC_ASSERT(BytesOf(Sum(other, one)) == whole);
}

// What merged customers stand on; ids of the two may be the same, as those of two customers may.
RC_GTEST_PROP(FactsProperty, TwoCustomersAddUpToOneToWhomAllHappened,
              (const Draws& draws, const Draws& others)) {
  const std::vector<kit::EventBuilder> own = EventsOf(draws), theirs = EventsOf(others);
  std::vector<const kit::EventBuilder*> all = PointersTo(own);
  for (const kit::EventBuilder& event : theirs) all.push_back(&event);
  const Facts one = FactsOf(PointersTo(own), Rules());
  const Facts other = FactsOf(PointersTo(theirs), Rules());
  RC_ASSERT(BytesOf(Sum(one, other)) == BytesOfAll(all));
}

RC_GTEST_PROP(FactsProperty, AddingIsAssociativeAndEmptyFactsAreZero,
              (const Draws& draws, uint64_t bits, uint64_t more_bits)) {
  const std::vector<kit::EventBuilder> events = EventsOf(draws);
  const auto [a, rest] = Parted(events, bits);
  const auto [b, c] = Parted(events, more_bits);
  RC_ASSERT(BytesOf(Sum(Sum(a, b), c)) == BytesOf(Sum(a, Sum(b, c))));
  RC_ASSERT(BytesOf(Sum(a, Facts())) == BytesOf(a));
  RC_ASSERT(BytesOf(Sum(Facts(), a)) == BytesOf(a));
}

RC_GTEST_PROP(FactsProperty, StoredFactsGoOnAsIfNeverStored, (const Draws& draws, uint8_t at)) {
  const std::vector<kit::EventBuilder> events = EventsOf(draws);
  Facts straight, stored;
  for (size_t i = 0; i < events.size(); ++i) {
    Fold(straight, events[i].View(), Rules());
    Fold(stored, events[i].View(), Rules());
    if (i == at) {
      Facts again;
      RC_ASSERT(Decode(BytesOf(stored), Rules(), again).ok());
      stored = std::move(again);
    }
  }
  RC_ASSERT(BytesOf(stored) == BytesOf(straight));
}

// What a list must hold, from what each event by itself puts there.
RC_GTEST_PROP(FactsProperty, AnItemStaysWhileFewerThanKAreLater, (const Draws& draws)) {
  const std::vector<kit::EventBuilder> events = EventsOf(draws);
  std::map<ListName, std::set<Moment>> moments;
  for (const kit::EventBuilder& event : events) {
    const Facts alone = FactsOf({&event}, Rules());
    for (const List list : alone.lists()) {
      if (!IsMap(list.name)) moments[list.name].insert(list.items[0].moment);
    }
  }
  const Facts facts = FactsOf(PointersTo(events), Rules());
  for (const auto& [name, all] : moments) {
    const List list = facts.FindList(name);
    const size_t kept = std::min<size_t>(all.size(), Rules().keep(name));
    RC_ASSERT(list.items.size() == kept);
    auto expected = all.rbegin();
    for (size_t i = list.items.size(); i > 0; --i, ++expected) {
      RC_ASSERT(list.items[i - 1].moment == *expected);
    }
    const bool has_floor = name < ListName::kPreferences;
    RC_ASSERT(list.floor_us == (has_floor && expected != all.rend() ? expected->at_us : 0));
  }
}

RC_GTEST_PROP(FactsProperty, NoSumFallsWhenMoreHappens, (const Draws& draws)) {
  Facts facts;
  for (const kit::EventBuilder& event : EventsOf(draws)) {
    const Facts before = facts;
    Fold(facts, event.View(), Rules());
    for (const SumCell& cell : before.sums) RC_ASSERT(facts.Sum(cell.name) >= +cell.value);
    for (const KindCell& cell : before.kinds) {
      RC_ASSERT(facts.FindKind(cell.kind())->count >= cell.count);
      RC_ASSERT(!(facts.FindKind(cell.kind())->last() < cell.last()));
    }
    RC_ASSERT(facts.newest_at_us >= before.newest_at_us);
    RC_ASSERT(facts.purchase_days.size() >= before.purchase_days.size());
  }
}

}  // namespace
}  // namespace rapport::facts
