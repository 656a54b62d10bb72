#include "projections/follow_up/pauses.h"

#include <algorithm>

#include "projections/facts/kind_table.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::follow_up {
namespace {

// When the customer next spoke about `key`, strictly later than `after_us`; kNever = not yet.
int64_t NextReply(const facts::Facts& facts, absl::string_view key, int64_t after_us) {
  int64_t reply = kNever;
  for (const facts::List list : facts.lists()) {
    if (list.name > facts::ListName::kWork) continue;
    for (const facts::Item& item : list.items) {
      if (item.moment.at_us > after_us && item.moment.at_us < reply && item.key.view() == key &&
          facts::SideOf(item.kind) == facts::Side::kCustomer) {
        reply = item.moment.at_us;
      }
    }
  }
  return reply;
}

void Add(Pauses& pauses, Interval pause) {
  if (!pauses.over.empty() && pauses.over.back().end_us >= pause.begin_us) {
    pauses.over.back().end_us = std::max(pauses.over.back().end_us, pause.end_us);
  } else {
    pauses.over.push_back(pause);
  }
}

}  // namespace

int64_t Pauses::Move(int64_t at) const {
  if (at == kNever) return kNever;
  for (const Interval& pause : over) {
    if (at > pause.begin_us) at += pause.end_us - pause.begin_us;
  }
  return at;
}

Pauses ReadPauses(const facts::Facts& facts, ListMask answers, absl::string_view key,
                  int64_t trigger_us) {
  Pauses pauses;
  if (key.empty() || answers == 0) return pauses;
  for (const facts::List list : facts.lists()) {
    if ((answers & MaskOf(list.name)) == 0) continue;
    for (const facts::Item& item : list.items) {
      if (item.kind != v1::KIND_QUESTION_ANSWERED || !item.has(facts::kAsksBack) ||
          item.moment.at_us <= trigger_us || item.key.view() != key) {
        continue;
      }
      const int64_t reply = NextReply(facts, key, item.moment.at_us);
      if (reply == kNever) {
        pauses.open_since = item.moment.at_us;
        return pauses;
      }
      Add(pauses, {item.moment.at_us, reply});
    }
  }
  return pauses;
}

}  // namespace rapport::follow_up
