// Ending: how relationships end. Fraud and reinstatement are told by the latest of their kind.

#include "projections/facts/groups.h"
#include "rapport/v1/ending.pb.h"

namespace rapport::facts {

void ReadRelationshipEnded(const ValidEvent& event, Condensed& out) {
  const auto& ended = PayloadOf<v1::RelationshipEnded>(event);
  out.subject = ended.competitor();
  out.n = CodeOf(ended.by());
  out.code = CodeOf(ended.reason());
}

void FoldEnded(const Act& act) { RememberIn(act, ListName::kEnded); }

}  // namespace rapport::facts
