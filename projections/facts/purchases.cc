// Purchases: days, spend, reversals, and how orders are read.

#include <algorithm>

#include "projections/facts/cells.h"
#include "projections/facts/groups.h"
#include "projections/facts/ring.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::facts {

void ReadPurchaseMade(const ValidEvent& event, Condensed& out) {
  const auto& made = PayloadOf<v1::PurchaseMade>(event);
  out.key = made.order();
  out.promotion = !made.promotion().empty();
}

void ReadPurchaseReversed(const ValidEvent& event, Condensed& out) {
  const auto& reversed = PayloadOf<v1::PurchaseReversed>(event);
  out.key = reversed.order();
  out.code = CodeOf(reversed.form());
}

void FoldPurchase(const Act& act) {
  const v1::Money& amount = PayloadOf<v1::PurchaseMade>(act.event).amount();
  const int64_t centi = act.rules.Centi(amount);
  AddPurchaseDay(act.facts, static_cast<int32_t>(act.day));
  AddToRing(act, RingName::kSpend, centi);
  AddSum(act.facts, kSpendCenti, centi);
  if (amount.micros() > 0) {
    AddCurrency(act.facts, act.rules.Listed(amount.currency()), amount.micros(), 0);
  }
  if (act.said.promotion) AddSum(act.facts, kPromotionalPurchases, 1);
}

void FoldReversal(const Act& act) {
  const v1::Money& amount = PayloadOf<v1::PurchaseReversed>(act.event).amount();
  AddSum(act.facts, kReversedCenti, act.rules.Centi(amount));
  if (amount.micros() > 0) {
    AddCurrency(act.facts, act.rules.Listed(amount.currency()), 0, amount.micros());
  }
}

}  // namespace rapport::facts
