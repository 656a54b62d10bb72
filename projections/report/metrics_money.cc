// Metrics of money: purchases, what each side gives, and what is earned.

#include <algorithm>

#include "projections/facts/kind_table.h"
#include "projections/report/metrics_parts.h"

namespace rapport::report {
namespace {

// What one side does for the other without being asked to pay for it, and what the other brings.
constexpr v1::Kind kGiving[] = {
    v1::KIND_PURCHASE_MADE,   v1::KIND_REFERRAL_MADE,      v1::KIND_REFERRAL_CONVERTED,
    v1::KIND_ADVOCACY_SHOWN,  v1::KIND_FEEDBACK_GIVEN,     v1::KIND_SURVEY_ANSWERED,
    v1::KIND_PRAISE_GIVEN,    v1::KIND_CONCESSION_MADE,    v1::KIND_GIFT_GIVEN,
    v1::KIND_TRAINING_GIVEN,  v1::KIND_INFORMATION_SHARED, v1::KIND_THANKS_GIVEN,
    v1::KIND_ADAPTATION_MADE,
};

// The remembered events of `cell`'s kind, newest first; the latest always.
void AddEventsOf(const facts::Facts& facts, const facts::KindCell& cell, v1::GivingMetrics& out) {
  std::vector<Moment> moments = {cell.last()};
  for (const List list : facts.lists()) {
    for (const Item& item : list.items) {
      if (item.kind == cell.kind()) moments.push_back(item.moment);
    }
  }
  std::sort(moments.rbegin(), moments.rend());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  for (const Moment& moment : moments) out.add_event_ids(moment.id.Hex());
}

}  // namespace

void WritePurchases(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  const facts::Reading& reading = input.reading;
  const uint32_t count = CountOf(facts, v1::KIND_PURCHASE_MADE);
  const uint32_t reversals = CountOf(facts, v1::KIND_PURCHASE_REVERSED);
  if (count == 0 && reversals == 0) return;
  v1::PurchaseMetrics& purchases = *out.mutable_purchases();
  purchases.set_count(count);
  purchases.set_reversals(reversals);
  purchases.set_days(static_cast<uint32_t>(reading.n));
  purchases.set_first_day(reading.first);
  purchases.set_last_day(reading.last);
  if (reading.x > 0) {
    const auto& days = facts.purchase_days;
    purchases.set_last_gap_days(reading.last - days[days.size() - 2]);
    purchases.set_mean_gap_milli_days(1000 * reading.tx / reading.x);
  }
  const int64_t promotional = facts.Sum(facts::kPromotionalPurchases);
  purchases.set_promotional(promotional);
  if (count > 0) purchases.set_discount_dependence_permille(Permille(promotional, count));
  for (const facts::CurrencySums& sums : facts.Currencies()) {
    v1::CurrencyMetrics& currency = *purchases.add_currencies();
    currency.set_currency(sums.currency);
    currency.set_spend_micros(sums.spend_micros);
    currency.set_reversed_micros(sums.reversed_micros);
  }
}

// given = cost.giving; received = spend - reversed. Begun by the customer: as the facts count it.
void WriteReciprocity(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  const int64_t interactions = facts.Sum(facts::kInteractions);
  if (interactions == 0) return;
  v1::ReciprocityMetrics& balance = *out.mutable_reciprocity();
  const int64_t given = facts.Sum(facts::kGivingCenti);
  const int64_t received = facts.Sum(facts::kSpendCenti) - facts.Sum(facts::kReversedCenti);
  balance.set_given_centi(given);
  balance.set_received_centi(received);
  balance.set_balance_centi(Narrow(int128{received} - given));
  if (received > 0) balance.set_given_permille(Permille(given, received));
  const int64_t by_customer = facts.Sum(facts::kByCustomer);
  balance.set_by_customer(by_customer);
  balance.set_by_business(interactions - by_customer);
  balance.set_by_customer_permille(Permille(by_customer, interactions));
  for (const v1::Kind kind : kGiving) {
    const facts::KindCell* cell = facts.FindKind(static_cast<uint16_t>(kind));
    if (cell == nullptr) continue;
    v1::GivingMetrics& giving = *balance.add_giving();
    giving.set_kind(cell->kind());
    giving.set_name(v1::Kind_Name(kind).substr(sizeof("KIND_") - 1));
    giving.set_by_customer(facts::By(kind) == facts::Side::kCustomer);
    giving.set_count(cell->count);
    AddEventsOf(facts, *cell, giving);
  }
}

// The four parts: margin = spend - reversed - goods; what service, giving and outreach cost. A
// purchase that states no cost is counted, so that nobody takes what is not known for zero.
void WriteProfit(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  const int64_t spend = facts.Sum(facts::kSpendCenti);
  const int64_t reversed = facts.Sum(facts::kReversedCenti);
  const int64_t goods = facts.Sum(facts::kGoodsCenti);
  const int64_t service = facts.Sum(facts::kServiceCenti);
  const int64_t giving = facts.Sum(facts::kGivingCenti);
  const int64_t outreach = facts.Sum(facts::kOutreachCenti);
  const int64_t purchases = CountOf(facts, v1::KIND_PURCHASE_MADE);
  if (purchases == 0 && reversed == 0 && service == 0 && giving == 0 && outreach == 0) return;
  const int128 margin = int128{spend} - reversed - goods;
  v1::ProfitMetrics& profit = *out.mutable_profit();
  profit.set_total_centi(Narrow(margin - service - giving - outreach));
  profit.set_margin_centi(Narrow(margin));
  profit.set_service_centi(-service);
  profit.set_giving_centi(-giving);
  profit.set_outreach_centi(-outreach);
  profit.set_purchases_without_cost(
      std::max<int64_t>(0, purchases - facts.Sum(facts::kGoodsStated)));
  profit.set_spend_centi(spend);
  profit.set_reversed_centi(reversed);
}

}  // namespace rapport::report
