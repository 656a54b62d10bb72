// Deals: trials, offers and opportunities.

#include "projections/facts/groups.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/interest.pb.h"

namespace rapport::facts {

void ReadTrialEnded(const ValidEvent& event, Condensed& out) {
  const auto& ended = PayloadOf<v1::TrialEnded>(event);
  out.key = ended.trial();
  out.Set(kAccepted, ended.passed());
}

void ReadOfferMade(const ValidEvent& event, Condensed& out) {
  const auto& offer = PayloadOf<v1::OfferMade>(event);
  out.key = offer.offer();
  SubjectElse(out, offer.product());
  out.m = offer.valid_until_us();
  out.n = offer.preference().empty() ? 0 : 1;
  out.code = CodeOf(offer.form());
}

void ReadOfferAnswered(const ValidEvent& event, Condensed& out) {
  const auto& answer = PayloadOf<v1::OfferAnswered>(event);
  out.key = answer.offer();
  out.Set(kAccepted, answer.accepted());
}

void ReadOpportunityNoted(const ValidEvent& event, Condensed& out) {
  const auto& noted = PayloadOf<v1::OpportunityNoted>(event);
  out.key = noted.opportunity();
  if (noted.owner().empty()) {
    SubjectElse(out, noted.product());
  } else {
    // Who sees to it matters more than what it is about, which the event still says.
    out.subject = noted.owner();
    out.code = 1;
  }
}

void ReadOpportunityClosed(const ValidEvent& event, Condensed& out) {
  const auto& closed = PayloadOf<v1::OpportunityClosed>(event);
  out.key = closed.opportunity();
  out.Set(kAccepted, closed.won());
}

void FoldTrialEnded(const Act& act) { RememberIn(act, ListName::kTrial); }

}  // namespace rapport::facts
