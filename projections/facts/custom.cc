// Custom: touchpoints of the business's own kinds, folded as the rules say.

#include "projections/facts/groups.h"
#include "rapport/v1/work.pb.h"

namespace rapport::facts {
namespace {

// What the kind's row says of other kinds.
Condensed SaidBy(const Act& act, const CustomKind& kind) {
  Condensed said = act.said;
  said.kind = kind.number;
  said.Set(kByCustomer_, IsBegunByCustomer(act.event, kind.side));
  said.Set(kReached, kind.side != Side::kNeutral);
  if (kind.personal.has_value()) {
    said.flags = static_cast<uint8_t>(said.flags & ~kPersonalItem);
    said.Set(kPersonalItem, *kind.personal);
  }
  return said;
}

}  // namespace

void FoldCustom(const Act& act) {
  const std::string& name = PayloadOf<v1::CustomTouchpoint>(act.event).custom_kind();
  const CustomKind* kind = act.rules.FindCustomKind(name);
  if (kind == nullptr) return;
  const Condensed said = SaidBy(act, *kind);
  FoldAct({act.facts, act.event, said, act.rules, kind->index, kind->side, act.day, kind}, nullptr);
}

}  // namespace rapport::facts
