#include "projections/facts/fold.h"

#include <algorithm>

#include "projections/facts/cells.h"
#include "projections/facts/groups.h"
#include "projections/facts/list.h"
#include "projections/facts/ring.h"

namespace rapport::facts {
namespace {

void FoldWeights(const Act& act) {
  for (const Weight& weight : act.rules.WeightsAt(act.index)) {
    if (weight.applies(act.said.code, act.said.promotion)) {
      AddToRing(act, weight.ring, weight.add);
    }
  }
}

void FoldList(const Act& act) {
  const bool personal = (act.said.flags & kPersonalItem) != 0;
  if (const auto list = act.rules.ListAt(act.index, personal)) RememberIn(act, *list);
}

Condensed CondenseRow(const ValidEvent& event, const KindRow& row) {
  Condensed out;
  out.kind = static_cast<uint16_t>(event.kind);
  out.subject = event.envelope->subject();
  out.Set(kByCustomer_, IsBegunByCustomer(event, row.side));
  out.Set(kPersonalItem, IsPersonalContact(event.envelope->channel()));
  row.condense(event, out);
  return out;
}

}  // namespace

void AddToRing(const Act& act, RingName ring, int64_t add) {
  RingAdd(act.facts.rings, ring, act.rules.half_life(ring), act.day, add);
}

void RememberIn(const Act& act, ListName list) {
  Remember(act.facts, list, act.rules.keep(list), act.event, act.said);
}

Condensed CondenseEvent(const ValidEvent& event) {
  return CondenseRow(event, RowAt(KindIndex(event.kind)));
}

bool Folds(v1::Kind kind) {
  const int index = KindIndex(kind);
  return index != 0 && RowAt(index).folds;
}

void Prefetch(const Facts& facts, int step) {
  if (step == 0) {
    facts.kinds.Prefetch();
    facts.sums.Prefetch();
    facts.purchase_days.Prefetch();
    facts.rings.Prefetch();
    facts.items.Prefetch();
    return;
  }
  // Where the next item will most likely go.
  facts.items.PrefetchEnd();
}

void Fold(Facts& facts, const ValidEvent& event, const FoldRules& rules) {
  const int index = KindIndex(event.kind);
  const KindRow& row = RowAt(index);
  if (index == 0 || !row.folds) return;
  Condensed said;
  if (row.side != Side::kTechnical) said = CondenseRow(event, row);
  const Act act{facts,
                event,
                said,
                rules,
                index,
                row.side,
                std::max<int64_t>(0, DayOf(event.occurred_at_us))};
  if (row.side >= Side::kTechnical) {
    row.effect(act);
  } else {
    FoldAct(act, row.effect);
  }
}

void FoldAct(const Act& act, Effect effect) {
  const ValidEvent& event = act.event;
  AddSeen(act.facts, event.occurred_at_us, event.occurred_at_us);
  FoldMeasures(act);
  if (act.side == Side::kCustomer && IsOutsider(event.envelope->actor().party())) return;
  AddKind(act.facts, act.said.kind, 1, event.moment());
  FoldCost(act);
  FoldWeights(act);
  FoldFeeling(act);
  FoldMode(act);
  FoldList(act);
  if (effect != nullptr) effect(act);
}

}  // namespace rapport::facts
