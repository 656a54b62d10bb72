#include "projections/facts/needs.h"

#include <algorithm>

#include "engine/base/time.h"

namespace rapport::facts {
namespace {

// All steps that may be about a need, by moment.
std::vector<const Item*> StepsOf(const Facts& facts) {
  std::vector<const Item*> steps;
  for (const ListName name :
       {ListName::kMoments, ListName::kAsks, ListName::kCases, ListName::kCasework}) {
    for (const Item& item : facts.FindList(name).items) steps.push_back(&item);
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const Item* a, const Item* b) { return a->moment < b->moment; });
  return steps;
}

}  // namespace

void NeedCourse::Take(v1::Kind kind, uint8_t flags, int64_t at_us) {
  switch (kind) {
    case v1::KIND_NEED_HEARD:
      is_open_ = true;
      answered_us_ = 0;
      return;
    case v1::KIND_CASE_HANDED_OVER:
      handed_over_ = true;
      return;
    case v1::KIND_QUESTION_ANSWERED:
      if ((flags & kAsksBack) != 0) return;
      is_open_ = handed_over_ && IsOpen(at_us);
      answered_us_ = is_open_ ? at_us : 0;
      return;
    case v1::KIND_RESOLUTION_ANSWERED:
      is_open_ = (flags & kAccepted) == 0;
      answered_us_ = 0;
      return;
    default:
      return;
  }
}

bool NeedCourse::IsOpen(int64_t t_us) const {
  const std::optional<int64_t> until_us = confirm_until_us();
  return is_open_ && (!until_us.has_value() || t_us < *until_us);
}

std::optional<int64_t> NeedCourse::confirm_until_us() const {
  if (answered_us_ == 0) return std::nullopt;
  return answered_us_ + kNeedConfirmDays * kMicrosPerDay;
}

std::vector<Need> ReadNeeds(const Facts& facts, int64_t t_us) {
  std::vector<Need> needs;
  if (facts.FindList(ListName::kMoments).items.empty()) return needs;
  for (const Item* step : StepsOf(facts)) {
    auto need = std::find_if(needs.begin(), needs.end(),
                             [&](const Need& one) { return one.key == step->key.view(); });
    if (step->kind == v1::KIND_NEED_HEARD) {
      if (need == needs.end()) need = needs.insert(needs.end(), Need{.key = step->key.view()});
      need->heard.push_back(step);
    }
    if (need == needs.end()) continue;
    need->course.Take(static_cast<v1::Kind>(step->kind), step->flags, step->moment.at_us);
  }
  for (Need& need : needs) need.open = need.course.IsOpen(t_us);
  return needs;
}

}  // namespace rapport::facts
