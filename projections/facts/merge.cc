#include "projections/facts/merge.h"

#include "projections/facts/cells.h"
#include "projections/facts/list.h"
#include "projections/facts/ring.h"

namespace rapport::facts {

void Merge(Facts& into, const Facts& from, const FoldRules& rules) {
  AddSeen(into, from.newest_at_us, from.first_seen_at_us);
  for (const KindCell& cell : from.kinds) AddKind(into, cell.kind(), cell.count, cell.last());
  for (const PurposeCell& cell : from.rare().outreach) AddOutreach(into, cell.purpose, cell.last);
  for (const AwarenessCell& cell : from.rare().awareness) {
    AddAwareness(into, cell.form, cell.last);
  }
  for (const SumCell& cell : from.sums) AddSum(into, cell.name, cell.value);
  for (const uint16_t day : from.purchase_days) AddPurchaseDay(into, day);
  for (const DimensionCell& cell : from.rare().dimensions) {
    AddDimension(into, cell.dimension.view(), cell.answers, cell.g_sum);
  }
  for (const Ring ring : from.rings) RingMerge(into.rings, ring);
  for (const List list : from.lists()) MergeList(into, list, rules.keep(list.name));
}

}  // namespace rapport::facts
