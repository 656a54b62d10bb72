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

void LeaveOut(List& list, int64_t at_us) {
  if (HasFloor(list.name)) list.floor_us = std::max(list.floor_us, at_us);
}

// Keeps the `keep` greatest items.
void InsertLast(List& list, uint32_t keep, Item item) {
  CompactVector<Item>& items = list.items;
  Item* at = items.end();
  while (at != items.begin() && Precedes(item, at[-1])) --at;
  if (items.size() < keep) {
    // Items are large and lists short: no room is kept for more.
    const auto place = static_cast<uint32_t>(at - items.begin());
    items.Reserve(items.size() + 1);
    items.Insert(items.begin() + place, std::move(item));
    return;
  }
  if (at == items.begin()) {
    LeaveOut(list, item.moment.at_us);
    return;
  }
  // The first makes room.
  LeaveOut(list, items[0].moment.at_us);
  items.ReplaceFirst(at, std::move(item));
}

// Keeps the last write of each key.
void InsertMap(List& list, uint32_t keep, Item item) {
  for (const Item& other : list.items) {
    if (!(other.key == item.key)) continue;
    if (!Precedes(other, item)) return;
    list.items.Erase(&other);
    break;
  }
  InsertLast(list, keep, std::move(item));
}

// True when nothing but the floor would change.
bool IsLeftOut(const List& list, uint32_t keep, const Moment& moment) {
  return list.items.size() >= keep && moment < list.items[0].moment;
}

}  // namespace

bool Precedes(const Item& a, const Item& b) {
  if (a.moment != b.moment) return a.moment < b.moment;
  return Content(a) < Content(b);
}

void Insert(List& list, uint32_t keep, Item item) {
  if (IsMap(list.name)) {
    InsertMap(list, keep, std::move(item));
  } else {
    InsertLast(list, keep, std::move(item));
  }
}

void Remember(Facts& facts, ListName name, uint32_t keep, const ValidEvent& event,
              const Condensed& said) {
  List& list = ListOf(facts, name);
  const Moment moment = event.moment();
  if (IsLeftOut(list, keep, moment)) {
    LeaveOut(list, moment.at_us);
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
  Insert(list, keep, std::move(item));
}

void MergeList(List& into, const List& from, uint32_t keep) {
  into.floor_us = std::max(into.floor_us, from.floor_us);
  for (const Item& item : from.items) Insert(into, keep, item);
}

}  // namespace rapport::facts
