// Advocacy: referrals, public words and community.

#include "projections/facts/groups.h"
#include "rapport/v1/advocacy.pb.h"

namespace rapport::facts {

void ReadReferralMade(const ValidEvent& event, Condensed& out) {
  const auto& referral = PayloadOf<v1::ReferralMade>(event);
  out.key = referral.referral();
  out.subject = referral.referred();
  out.code = CodeOf(referral.form());
  out.Set(kConsent, referral.consent());
}

void ReadReferralReceived(const ValidEvent& event, Condensed& out) {
  const auto& received = PayloadOf<v1::ReferralReceived>(event);
  out.key = received.referral();
  out.subject = received.referrer();
}

void ReadAdvocacyShown(const ValidEvent& event, Condensed& out) {
  const auto& shown = PayloadOf<v1::AdvocacyShown>(event);
  out.key = shown.advocacy();
  out.code = CodeOf(shown.form());
  out.Set(kConsent, shown.consent());
}

void ReadCommunityActed(const ValidEvent& event, Condensed& out) {
  const auto& acted = PayloadOf<v1::CommunityActed>(event);
  out.key = acted.community();
  out.code = CodeOf(acted.form());
  out.Set(kAccepted, acted.form() == v1::COMMUNITY_FORM_LEFT);
}

// Joining and leaving a community are the first and the last word on its membership.
void FoldCommunity(const Act& act) {
  if (act.said.code == v1::COMMUNITY_FORM_JOINED || act.said.code == v1::COMMUNITY_FORM_LEFT) {
    RememberIn(act, ListName::kMemberships);
  }
}

}  // namespace rapport::facts
