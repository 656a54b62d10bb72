// Money: what dealing with the customer cost, by what it was for.

#include "projections/facts/cells.h"
#include "projections/facts/groups.h"

namespace rapport::facts {

SumName CostOf(v1::Kind kind) {
  switch (kind) {
    case v1::KIND_PURCHASE_MADE:
      return kGoodsCenti;
    case v1::KIND_CONCESSION_MADE:
    case v1::KIND_GIFT_GIVEN:
    case v1::KIND_TRAINING_GIVEN:
    case v1::KIND_INFORMATION_SHARED:
      return kGivingCenti;
    case v1::KIND_OUTREACH_MADE:
    case v1::KIND_THANKS_GIVEN:
    case v1::KIND_PROMOTION_SENT:
    case v1::KIND_OFFER_MADE:
      return kOutreachCenti;
    default:
      return kServiceCenti;
  }
}

void FoldCost(const Act& act) {
  const v1::Event& envelope = *act.event.envelope;
  if (!envelope.has_cost()) return;
  const SumName cost = act.custom == nullptr ? CostOf(act.event.kind) : act.custom->cost;
  AddSum(act.facts, cost, act.rules.Centi(envelope.cost()));
  // Zero is a cost too: it says that the goods cost nothing.
  if (act.event.kind == v1::KIND_PURCHASE_MADE) AddSum(act.facts, kGoodsStated, 1);
}

}  // namespace rapport::facts
