#include "projections/kind/kind.h"

#include <algorithm>
#include <vector>

#include "projections/facts/agreement.h"
#include "projections/facts/attribution.h"
#include "projections/facts/known_reading.h"
#include "projections/facts/ring.h"

namespace rapport::kind {
namespace {

using facts::EvaluateRules;
using facts::Facts;
using facts::ListName;
using facts::Reading;
using facts::RingName;

constexpr int kFirstType = static_cast<int>(RingName::kTypeTransactional);
constexpr int kFirstMode = static_cast<int>(RingName::kModePersonal);

void ReadRings(const Facts& facts, int64_t day, const facts::FoldRules& fold, KindReading& kind) {
  for (const facts::Ring ring : facts.rings) {
    const int name = static_cast<int>(ring.name);
    if (name < kFirstType) continue;
    const int64_t value = RingRead(ring, fold.half_life(ring.name), day, 1);
    if (name < kFirstMode) {
      kind.types[name - kFirstType] = value;
    } else {
      kind.modes[name - kFirstMode] = value;
    }
  }
}

void Share(KindReading& kind) {
  std::array<uint128, kTypes> weights;
  std::copy(kind.types.begin(), kind.types.end(), weights.begin());
  const std::vector<int64_t> shares = facts::Attribute(1000, weights);
  std::copy(shares.begin(), shares.end(), kind.permille.begin());
}

v1::RelationshipType PrimaryOf(const Facts& facts, const Reading& reading, const KindReading& kind,
                               const facts::Types& rules) {
  constexpr int64_t kPartners = facts::kBusinessToBusiness | facts::kSharedGoals;
  const auto& types = kind.types;
  if (AgreementInForce(facts.FindList(ListName::kAgreements), reading.day, kPartners) != nullptr) {
    return v1::RELATIONSHIP_TYPE_PARTNERSHIP;
  }
  if (types[kAdvocacy] >= rules.advocacy && reading.sentiment_plus >= reading.sentiment_minus) {
    return v1::RELATIONSHIP_TYPE_ADVOCACY;
  }
  if (types[kCollaborative] >= rules.collaborative) return v1::RELATIONSHIP_TYPE_COLLABORATIVE;
  if (types[kCommunity] >= rules.community &&
      kind.permille[kCommunity] >= rules.community_permille) {
    return v1::RELATIONSHIP_TYPE_COMMUNITY;
  }
  if (types[kProactive] >= rules.proactive && types[kProactive] >= types[kReactive]) {
    return v1::RELATIONSHIP_TYPE_PROACTIVE;
  }
  if (types[kReactive] >= rules.reactive) return v1::RELATIONSHIP_TYPE_REACTIVE;
  if (types[kTransactional] > 0 &&
      1000 * types[kPromotional] >= rules.promotional_permille * types[kTransactional]) {
    return v1::RELATIONSHIP_TYPE_TRANSACTIONAL_MARKETING;
  }
  return reading.n >= 1 ? v1::RELATIONSHIP_TYPE_TRANSACTIONAL : v1::RELATIONSHIP_TYPE_NONE;
}

v1::ServiceMode ModeOf(const Facts& facts, const KindReading& kind) {
  if (!OwnerOf(facts).empty()) return v1::SERVICE_MODE_DEDICATED;
  const auto largest = std::max_element(kind.modes.begin(), kind.modes.end());
  if (*largest == 0) return v1::SERVICE_MODE_NONE;
  constexpr v1::ServiceMode kNames[kModes] = {v1::SERVICE_MODE_PERSONAL, v1::SERVICE_MODE_AUTOMATED,
                                              v1::SERVICE_MODE_SELF_SERVICE,
                                              v1::SERVICE_MODE_COMMUNITY};
  return kNames[largest - kind.modes.begin()];
}

}  // namespace

KindReading Read(const Facts& facts, const Reading& reading, const facts::FoldRules& fold,
                 const EvaluateRules& rules) {
  KindReading kind;
  ReadRings(facts, reading.day, fold, kind);
  Share(kind);
  kind.primary = PrimaryOf(facts, reading, kind, rules.types);
  kind.mode = ModeOf(facts, kind);
  const facts::Recurrence& recurrence = rules.recurrence;
  kind.recurring = reading.n >= recurrence.recurring_purchase_days;
  kind.long_term = reading.n >= recurrence.long_term_purchase_days &&
                   reading.tx >= recurrence.long_term_span_days;
  return kind;
}

void WriteKind(const KindReading& kind, v1::Standing& standing) {
  standing.clear_types();
  for (int i = 0; i < kTypes; ++i) {
    if (kind.permille[i] == 0) continue;
    v1::TypeShare* share = standing.add_types();
    share->set_type(static_cast<uint32_t>(i));
    share->set_permille(static_cast<uint32_t>(kind.permille[i]));
  }
  standing.set_primary_type(kind.primary);
  standing.set_service_mode(kind.mode);
  standing.set_recurring(kind.recurring);
  standing.set_long_term(kind.long_term);
}

}  // namespace rapport::kind
