// Metrics of deals and cases: referrals, offers, competitors, complaints and service.

#include <algorithm>

#include "projections/facts/case_reading.h"
#include "projections/report/metrics_parts.h"
#include "projections/report/offer_book.h"

namespace rapport::report {
namespace {

OfferBook<Item> ReadOffers(const List& deals) {
  OfferBook<Item> book;
  for (const Item& item : deals.items) {
    if (item.kind == v1::KIND_OFFER_MADE) book.Made(item.key.view(), item);
    if (item.kind == v1::KIND_OFFER_ANSWERED) book.Answered(item.key.view(), item);
  }
  return book;
}

// Steps of the case that the reading does not keep.
void WriteSteps(const facts::Facts& facts, absl::string_view key, v1::CaseMetrics& out) {
  for (const Item& item : facts.FindList(ListName::kCases).items) {
    if (item.key.view() == key && item.kind == v1::KIND_COMPLAINT_REOPENED) {
      out.set_reopened(out.reopened() + 1);
    }
  }
  for (const Item& item : facts.FindList(ListName::kCasework).items) {
    if (item.key.view() != key) continue;
    if (item.kind == v1::KIND_CASE_HANDED_OVER) {
      out.set_handed_over(out.handed_over() + 1);
      if (!item.subject.empty()) out.set_department(std::string(item.subject.view()));
    }
    if (item.kind == v1::KIND_ROOT_CAUSE_FOUND) {
      out.set_cause_found(true);
      out.set_prevented(item.has(facts::kAllThree));
      out.set_cause_event_id(item.moment.id.Hex());
    }
  }
}

}  // namespace

// Referred by: the earliest ReferralReceived that is remembered.
void WriteReferrals(const MetricsInput& input, v1::Metrics& out) {
  const facts::Facts& facts = input.facts;
  v1::ReferralMetrics referrals;
  referrals.set_made(CountOf(facts, v1::KIND_REFERRAL_MADE));
  referrals.set_converted(CountOf(facts, v1::KIND_REFERRAL_CONVERTED));
  for (const Item& item : facts.FindList(ListName::kReferrals).items) {
    if (item.kind != v1::KIND_REFERRAL_RECEIVED) continue;
    referrals.set_referred_by(std::string(item.subject.view()));
    referrals.set_referral(std::string(item.key.view()));
    referrals.set_event_id(item.moment.id.Hex());
    break;
  }
  if (referrals.ByteSizeLong() == 0) return;
  const uint32_t purchases = CountOf(facts, v1::KIND_PURCHASE_MADE);
  if (purchases > 0) referrals.set_leads_permille(Permille(referrals.made(), purchases));
  *out.mutable_referrals() = std::move(referrals);
}

// As far as the list `deals` remembers them; offer_book.h says what accepted, lapsed and open are.
void WriteOffers(const MetricsInput& input, v1::Metrics& out) {
  const uint32_t made_ever = CountOf(input.facts, v1::KIND_OFFER_MADE);
  if (made_ever == 0) return;
  v1::OfferMetrics& offers = *out.mutable_offers();
  offers.set_made_ever(made_ever);
  const OfferBook<Item> book = ReadOffers(input.facts.FindList(ListName::kDeals));
  for (const auto& [key, one] : book.all()) {
    offers.set_made(offers.made() + 1);
    if (one.made->n() != 0) offers.set_tailored(offers.tailored() + 1);
    const OfferEnd end = one.EndAt(input.t_us, one.made->m());
    if (end == OfferEnd::kOpen) {
      offers.set_open(offers.open() + 1);
    } else if (end == OfferEnd::kLapsed) {
      offers.set_lapsed(offers.lapsed() + 1);
    } else if (one.answer->has(facts::kAccepted)) {
      offers.set_accepted(offers.accepted() + 1);
    } else {
      offers.set_declined(offers.declined() + 1);
    }
  }
  const int64_t decided = offers.accepted() + offers.declined() + offers.lapsed();
  if (decided > 0) offers.set_accepted_permille(Permille(offers.accepted(), decided));
}

void WriteCompetitor(const MetricsInput& input, v1::Metrics& out) {
  const facts::KindCell* noticed = input.facts.FindKind(v1::KIND_COMPETITOR_NOTICED);
  if (noticed == nullptr) return;
  v1::CompetitorMetrics& competitor = *out.mutable_competitor();
  competitor.set_noticed(noticed->count);
  competitor.set_at_us(noticed->last().at_us);
  competitor.set_event_id(noticed->last().id.Hex());
  const facts::KindCell* bought = input.facts.FindKind(v1::KIND_PURCHASE_MADE);
  if (bought == nullptr || bought->last().at_us <= noticed->last().at_us) return;
  Moment answer = bought->last();
  for (const Item& item : input.facts.FindList(ListName::kOrders).items) {
    if (item.kind == v1::KIND_PURCHASE_MADE && item.moment.at_us > noticed->last().at_us) {
      answer = std::min(answer, item.moment);
    }
  }
  competitor.set_answered(true);
  competitor.set_purchase_event_id(answer.id.Hex());
  competitor.set_answered_at_us(answer.at_us);
}

void WriteCases(const MetricsInput& input, v1::Metrics& out) {
  const facts::Friction& rules = input.rules.friction;
  for (const facts::CaseReading& one : input.reading.cases) {
    if (!one.open && !one.closed()) continue;  // no complaint: work on something else
    v1::CaseMetrics& row = *out.add_cases();
    row.set_case_(std::string(one.key));
    row.set_severity(one.severity);
    row.set_open(one.open);
    row.set_escalated(one.escalated);
    row.set_raised_at_us(one.raised.at_us);
    if (one.closed()) row.set_resolved_at_us(one.resolved->at_us);
    row.set_due_day(DayOf(one.raised.at_us) + rules.term_days[static_cast<size_t>(one.severity)]);
    if (one.answer != facts::Answer::kNone) {
      row.set_accepted(one.answer == facts::Answer::kAccepted);
    }
    row.set_weight(facts::FrictionUnits(one, input.reading.day, rules));
    WriteSteps(input.facts, one.key, row);
  }
}

void WriteService(const MetricsInput& input, v1::Metrics& out) {
  v1::ServiceMetrics service;
  service.set_self_service(CountOf(input.facts, v1::KIND_SELF_SERVICE_USED));
  service.set_community(CountOf(input.facts, v1::KIND_COMMUNITY_ACTED));
  service.set_issues_prevented(CountOf(input.facts, v1::KIND_ISSUE_PREVENTED));
  service.set_adaptations(CountOf(input.facts, v1::KIND_ADAPTATION_MADE));
  if (service.ByteSizeLong() != 0) *out.mutable_service() = std::move(service);
}

}  // namespace rapport::report
