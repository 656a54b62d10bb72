// Known: preferences, dates, consent, people, memberships, agreements and the owner.

#include "projections/facts/groups.h"
#include "rapport/v1/ending.pb.h"
#include "rapport/v1/known.pb.h"

namespace rapport::facts {
namespace {

template <typename Agreement>
void ReadAgreement(const ValidEvent& event, Condensed& out) {
  const auto& agreement = PayloadOf<Agreement>(event);
  out.key = agreement.agreement();
  out.n = (agreement.b2b() ? 1 : 0) | (agreement.shared_goals() ? 2 : 0);
  out.m = agreement.ends_at_us();
}

}  // namespace

void ReadPreferenceRecorded(const ValidEvent& event, Condensed& out) {
  const auto& preference = PayloadOf<v1::PreferenceRecorded>(event);
  out.key = preference.key();
  out.subject = preference.value();
}

void ReadDateRecorded(const ValidEvent& event, Condensed& out) {
  const auto& date = PayloadOf<v1::DateRecorded>(event);
  out.key = date.key();
  out.subject = {};
  out.n = int64_t{date.month()} * 100 + date.day();
  out.m = date.year();
}

void ReadConsentChanged(const ValidEvent& event, Condensed& out) {
  const auto& consent = PayloadOf<v1::ConsentChanged>(event);
  out.key = consent.key();
  out.subject = {};
  out.Set(kAccepted, consent.granted());
}

void ReadAccountManagerAssigned(const ValidEvent& event, Condensed& out) {
  const auto& assigned = PayloadOf<v1::AccountManagerAssigned>(event);
  out.key = assigned.agent();
  out.Set(kAccepted, assigned.key_account());
}

void ReadContactPersonRecorded(const ValidEvent& event, Condensed& out) {
  const auto& person = PayloadOf<v1::ContactPersonRecorded>(event);
  out.key = person.person();
  out.subject = person.role();
  out.Set(kAccepted, person.left());
}

void ReadMembershipChanged(const ValidEvent& event, Condensed& out) {
  const auto& membership = PayloadOf<v1::MembershipChanged>(event);
  out.key = membership.programme();
  out.subject = membership.tier();
  out.n = membership.balance();
  out.m = membership.expires_at_us();
  out.x = membership.expiring();
}

void ReadAgreementSigned(const ValidEvent& event, Condensed& out) {
  ReadAgreement<v1::AgreementSigned>(event, out);
}

void ReadAgreementEnded(const ValidEvent& event, Condensed& out) {
  ReadAgreement<v1::AgreementEnded>(event, out);
}

void FoldPreference(const Act& act) { RememberIn(act, ListName::kPreferences); }
void FoldDate(const Act& act) { RememberIn(act, ListName::kDates); }
void FoldConsent(const Act& act) { RememberIn(act, ListName::kConsents); }
void FoldProfile(const Act& act) { RememberIn(act, ListName::kProfile); }
void FoldOwner(const Act& act) { RememberIn(act, ListName::kOwner); }
void FoldPerson(const Act& act) { RememberIn(act, ListName::kPeople); }
void FoldMembership(const Act& act) { RememberIn(act, ListName::kMemberships); }
void FoldAgreement(const Act& act) { RememberIn(act, ListName::kAgreements); }

}  // namespace rapport::facts
