#include "projections/facts/needs.h"

#include <algorithm>

#include "engine/base/time.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {
namespace {

// Steps that decide about one need, by moment.
std::vector<const Item*> StepsOf(const Facts& facts, absl::string_view key) {
  std::vector<const Item*> steps;
  for (const ListName name :
       {ListName::kMoments, ListName::kAsks, ListName::kCases, ListName::kCasework}) {
    for (const Item& item : facts.FindList(name).items) {
      if (item.key.view() == key) steps.push_back(&item);
    }
  }
  std::sort(steps.begin(), steps.end(),
            [](const Item* a, const Item* b) { return a->moment < b->moment; });
  return steps;
}

bool IsOpen(const Facts& facts, absl::string_view key, int64_t t_us) {
  bool open = false;
  bool handed_over = false;
  int64_t answered_us = 0;
  for (const Item* step : StepsOf(facts, key)) {
    switch (step->kind) {
      case v1::KIND_NEED_HEARD:
        open = true;
        handed_over = false;
        answered_us = 0;
        break;
      case v1::KIND_CASE_HANDED_OVER:
        handed_over = true;
        break;
      case v1::KIND_QUESTION_ANSWERED:
        if (step->has(kAsksBack)) break;
        answered_us = step->moment.at_us;
        open = open && handed_over;
        break;
      case v1::KIND_RESOLUTION_ANSWERED:
        open = !step->has(kAccepted);
        answered_us = 0;
        break;
      default:
        break;
    }
  }
  if (open && answered_us != 0) return t_us < answered_us + kNeedConfirmDays * kMicrosPerDay;
  return open;
}

}  // namespace

std::vector<Need> ReadNeeds(const Facts& facts, int64_t t_us) {
  std::vector<Need> needs;
  for (const Item& item : facts.FindList(ListName::kMoments).items) {
    if (item.kind != v1::KIND_NEED_HEARD) continue;
    auto need = std::find_if(needs.begin(), needs.end(),
                             [&](const Need& one) { return one.key == item.key.view(); });
    if (need == needs.end()) need = needs.insert(needs.end(), Need{.key = item.key.view()});
    need->heard = &item;
    ++need->times;
  }
  for (Need& need : needs) need.open = IsOpen(facts, need.key, t_us);
  return needs;
}

}  // namespace rapport::facts
