#include "tests/bench/rapport_bench/resident_parts.h"

#include "engine/base/compact.h"

namespace rapport::bench {
namespace {

template <typename T>
PartBytes Of(const CompactVector<T>& cells) {
  return {cells.HeapBytes(), cells.size() * sizeof(T)};
}

void Add(PartBytes& to, const PartBytes& part) {
  to.handed += part.handed;
  to.used += part.used;
}

void AddText(PartBytes& to, const CompactString& text) {
  const size_t handed = text.HeapBytes();
  Add(to, {handed, handed == 0 ? 0 : text.view().size()});
}

}  // namespace

Parts PartsOf(const store::Slot& slot, const facts::Facts& facts) {
  size_t buckets = 0;
  for (const facts::Ring ring : facts.rings) buckets += ring.buckets.size();
  const size_t own = store::Slot::FactsOffset() + sizeof(facts::Facts) + slot.name_size;
  PartBytes texts, rare = Of(facts.rare_facts);
  for (const facts::Item& item : facts.items) {
    AddText(texts, item.key);
    AddText(texts, item.subject);
    const size_t numbers = item.numbers.HeapBytes();
    Add(texts, {numbers, numbers});
  }
  for (const facts::RareFacts& one : facts.rare_facts) {
    Add(rare, Of(one.outreach));
    Add(rare, Of(one.awareness));
    Add(rare, Of(one.dimensions));
    Add(rare, Of(one.floors));
    for (const facts::DimensionCell& cell : one.dimensions) AddText(rare, cell.dimension);
  }
  return {{{InMemorySteps(own), own},
           {slot.touches.HeapBytes(), slot.touches.tail().size()},
           Of(facts.kinds),
           Of(facts.sums),
           Of(facts.purchase_days),
           {facts.rings.HeapBytes(), buckets * sizeof(facts::RingBucket)},
           Of(facts.items),
           texts,
           rare}};
}

size_t HandedOut(const Parts& parts) {
  size_t bytes = 0;
  for (const PartBytes& part : parts) bytes += part.handed;
  return bytes;
}

}  // namespace rapport::bench
