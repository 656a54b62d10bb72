#include "projections/facts/introduction.h"

#include "rapport/v1/kind.pb.h"

namespace rapport::facts {
namespace {

// The earliest of this kind that the list holds; null when it holds none.
const Item* EarliestIn(const Facts& facts, ListName list, v1::Kind kind) {
  for (const Item& item : facts.FindList(list).items) {
    if (item.kind == kind) return &item;
  }
  return nullptr;
}

}  // namespace

Introduction IntroductionOf(const Facts& facts) {
  Introduction out;
  out.is_referred = facts.FindKind(v1::KIND_REFERRAL_RECEIVED) != nullptr;
  out.has_bought = facts.FindKind(v1::KIND_PURCHASE_MADE) != nullptr;
  if (!out.is_referred) return out;
  const Item* received = EarliestIn(facts, ListName::kReferrals, v1::KIND_REFERRAL_RECEIVED);
  if (received != nullptr) {
    out.received = received->moment.id;
    out.referral = received->key.view();
    out.referrer = received->subject.view();
  }
  const Item* purchase = EarliestIn(facts, ListName::kOrders, v1::KIND_PURCHASE_MADE);
  if (purchase != nullptr) out.purchase = purchase->moment.id;
  return out;
}

}  // namespace rapport::facts
