#include "projections/facts/list.h"

#include <algorithm>
#include <tuple>

#include "projections/facts/cells.h"

namespace rapport::facts {
namespace {

// Values and maps can only be asked for what is there, so nothing tells what they left out.
bool HasFloor(ListName name) { return name < ListName::kPreferences; }

auto Content(const Item& item) {
  return std::make_tuple(item.kind, item.key.view(), item.subject.view(), item.n(), item.m(),
                         item.x(), item.code, item.flags);
}

void LeaveOut(Facts& facts, ListName name, int64_t at_us) {
  if (HasFloor(name)) AddFloor(facts, name, at_us);
}

ItemPlaces PlacesIn(const Facts& facts, ListName name) {
  return PlacesOf({facts.items.begin(), facts.items.size()}, name);
}

// Keeps the `keep` greatest items. `places` are those of the item's list.
void InsertLast(Facts& facts, ItemPlaces places, uint32_t keep, Item item) {
  CompactVector<Item>& items = facts.items;
  uint32_t at = places.end;
  while (at != places.begin && Precedes(item, items[at - 1])) --at;
  if (places.size() < keep) {
    // Items are large and few: no room is kept for more.
    items.Reserve(items.size() + 1);
    items.Insert(items.begin() + at, std::move(item));
    return;
  }
  if (at == places.begin) {
    LeaveOut(facts, item.list, item.moment.at_us);
    return;
  }
  // The first makes room.
  LeaveOut(facts, item.list, items[places.begin].moment.at_us);
  items.Replace(&items[places.begin], items.begin() + at, std::move(item));
}

// Keeps the last write of each key.
void InsertMap(Facts& facts, ItemPlaces places, uint32_t keep, Item item) {
  for (uint32_t i = places.begin; i < places.end; ++i) {
    const Item& other = facts.items[i];
    if (!(other.key == item.key)) continue;
    if (!Precedes(other, item)) return;
    facts.items.Erase(&other);
    --places.end;
    break;
  }
  InsertLast(facts, places, keep, std::move(item));
}

// True when nothing but the floor would change.
bool IsLeftOut(const Facts& facts, ItemPlaces places, uint32_t keep, const Moment& moment) {
  return places.size() >= keep && moment < facts.items[places.begin].moment;
}

void InsertAt(Facts& facts, ItemPlaces places, uint32_t keep, Item item) {
  if (IsMap(item.list)) {
    InsertMap(facts, places, keep, std::move(item));
  } else {
    InsertLast(facts, places, keep, std::move(item));
  }
}

}  // namespace

bool Precedes(const Item& a, const Item& b) {
  if (a.moment != b.moment) return a.moment < b.moment;
  return Content(a) < Content(b);
}

void Insert(Facts& facts, uint32_t keep, Item item) {
  const ItemPlaces places = PlacesIn(facts, item.list);
  InsertAt(facts, places, keep, std::move(item));
}

void Remember(Facts& facts, ListName name, uint32_t keep, const ValidEvent& event,
              const Condensed& said) {
  const ItemPlaces places = PlacesIn(facts, name);
  const Moment moment = event.moment();
  if (IsLeftOut(facts, places, keep, moment)) {
    LeaveOut(facts, name, moment.at_us);
    return;
  }
  Item item;
  item.moment = moment;
  item.numbers = ItemNumbers(said.n, said.m, said.x);
  item.key = CompactString(said.key);
  item.subject = CompactString(said.subject);
  item.kind = said.kind;
  item.code = said.code;
  item.flags = said.flags;
  item.list = name;
  InsertAt(facts, places, keep, std::move(item));
}

void MergeList(Facts& into, const List& from, uint32_t keep) {
  for (const Item& item : from.items) Insert(into, keep, item);
  AddFloor(into, from.name, from.floor_us);
}

}  // namespace rapport::facts
