// Groups: what each file of this folder contributes to the fold. For kind_table.cc and fold.cc.
//
// A `Condense` function reads one payload (condense.h); an effect changes facts beyond what all
// kinds share (counts, measures, money, weights, lists).
//
// Threads: as safe as the facts.
#pragma once

#include "projections/facts/condense.h"
#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"

namespace rapport::v1 {
class SurveyAnswered;
}  // namespace rapport::v1

namespace rapport::facts {

// One event on its way into facts.
struct Act {
  Facts& facts;
  const ValidEvent& event;
  const Condensed& said;
  const FoldRules& rules;
  // Place in the tables of the rules.
  int index;
  Side side;
  int64_t day;
  // Of a kind of the business's own, else null.
  const CustomKind* custom = nullptr;
};
using Effect = void (*)(const Act& act);

// One kind: whose act, how its payload is read, what it changes beyond the shared.
struct KindRow {
  v1::Kind kind = v1::KIND_UNSPECIFIED;
  Side side = Side::kNeutral;
  Condense condense = nullptr;
  Effect effect = nullptr;
  // Kept and counted, but not folded by this version.
  bool folds = true;
};
const KindRow& RowAt(int index);

// All that the rows of kinds have in common, then the row's own effect.
void FoldAct(const Act& act, Effect effect);  // fold.cc

// Parts of it.
void FoldMeasures(const Act& act);  // measures.cc
void FoldCost(const Act& act);      // money.cc
// The sum that what an event of `kind` cost belongs to.
SumName CostOf(v1::Kind kind);
void FoldFeeling(const Act& act);  // sentiment.cc
void FoldMode(const Act& act);     // modes.cc

// For payloads of which only the key is remembered, and for those without one.
inline void ReadNothing(const ValidEvent&, Condensed&) {}
template <typename Message>
absl::string_view ReadField(const ValidEvent& event, const std::string& (Message::*field)() const) {
  return (PayloadOf<Message>(event).*field)();
}
template <auto key>
void ReadKey(const ValidEvent& event, Condensed& out) {
  out.key = ReadField(event, key);
}

// Adds the rule's `add` to its ring.
void AddToRing(const Act& act, RingName ring, int64_t add);
// Puts the event into a list, map or value.
void RememberIn(const Act& act, ListName list);

// purchases.cc
void ReadPurchaseMade(const ValidEvent& event, Condensed& out);
void ReadPurchaseReversed(const ValidEvent& event, Condensed& out);
void FoldPurchase(const Act& act);
void FoldReversal(const Act& act);

// cases.cc
void ReadComplaintRaised(const ValidEvent& event, Condensed& out);
void ReadCaseHandedOver(const ValidEvent& event, Condensed& out);
void ReadComplaintEscalated(const ValidEvent& event, Condensed& out);
void ReadResolutionAnswered(const ValidEvent& event, Condensed& out);
void ReadRootCauseFound(const ValidEvent& event, Condensed& out);

// sentiment.cc
// g: where the answer stands between the least and the greatest possible one, permille.
int64_t GoodOf(const v1::SurveyAnswered& answer);
void ReadSurveyAnswered(const ValidEvent& event, Condensed& out);
void ReadPraiseGiven(const ValidEvent& event, Condensed& out);
void FoldSurvey(const Act& act);

// dialogue.cc
void ReadAwarenessShown(const ValidEvent& event, Condensed& out);
void ReadInterestShown(const ValidEvent& event, Condensed& out);
void FoldAwareness(const Act& act);
void ReadEnquiryMade(const ValidEvent& event, Condensed& out);
void ReadSupportRequested(const ValidEvent& event, Condensed& out);
void ReadQuestionAnswered(const ValidEvent& event, Condensed& out);
void ReadFeedbackGiven(const ValidEvent& event, Condensed& out);
void ReadNeedHeard(const ValidEvent& event, Condensed& out);
void ReadInterestMatched(const ValidEvent& event, Condensed& out);

// advocacy.cc
void ReadReferralMade(const ValidEvent& event, Condensed& out);
void ReadReferralReceived(const ValidEvent& event, Condensed& out);
void ReadAdvocacyShown(const ValidEvent& event, Condensed& out);
void ReadCommunityActed(const ValidEvent& event, Condensed& out);
void FoldCommunity(const Act& act);

// touches.cc
void ReadThanksGiven(const ValidEvent& event, Condensed& out);
void ReadOutreachMade(const ValidEvent& event, Condensed& out);
void ReadOutreachAnswered(const ValidEvent& event, Condensed& out);
void ReadGiftGiven(const ValidEvent& event, Condensed& out);
void ReadTrainingGiven(const ValidEvent& event, Condensed& out);
void ReadInformationShared(const ValidEvent& event, Condensed& out);
void ReadMeetingHeld(const ValidEvent& event, Condensed& out);
void ReadPromotionSent(const ValidEvent& event, Condensed& out);
void FoldOutreach(const Act& act);

// bonds.cc
void ReadPromiseMade(const ValidEvent& event, Condensed& out);
void ReadExpectationSet(const ValidEvent& event, Condensed& out);
void ReadExpectationMet(const ValidEvent& event, Condensed& out);
void ReadExpectationMissed(const ValidEvent& event, Condensed& out);
void ReadObjectiveSet(const ValidEvent& event, Condensed& out);

// deals.cc
void ReadTrialEnded(const ValidEvent& event, Condensed& out);
void ReadOfferMade(const ValidEvent& event, Condensed& out);
void ReadOfferAnswered(const ValidEvent& event, Condensed& out);
void ReadOpportunityNoted(const ValidEvent& event, Condensed& out);
void ReadOpportunityClosed(const ValidEvent& event, Condensed& out);
void FoldTrialEnded(const Act& act);

// known.cc
void ReadPreferenceRecorded(const ValidEvent& event, Condensed& out);
void ReadDateRecorded(const ValidEvent& event, Condensed& out);
void ReadConsentChanged(const ValidEvent& event, Condensed& out);
void ReadAccountManagerAssigned(const ValidEvent& event, Condensed& out);
void ReadContactPersonRecorded(const ValidEvent& event, Condensed& out);
void ReadMembershipChanged(const ValidEvent& event, Condensed& out);
void ReadAgreementSigned(const ValidEvent& event, Condensed& out);
void ReadAgreementEnded(const ValidEvent& event, Condensed& out);
void FoldPreference(const Act& act);
void FoldDate(const Act& act);
void FoldConsent(const Act& act);
void FoldProfile(const Act& act);
void FoldOwner(const Act& act);
void FoldPerson(const Act& act);
void FoldMembership(const Act& act);
void FoldAgreement(const Act& act);

// ending.cc
void ReadRelationshipEnded(const ValidEvent& event, Condensed& out);
void FoldEnded(const Act& act);

// custom.cc
void FoldCustom(const Act& act);

// work.cc
void ReadFollowUpClaimed(const ValidEvent& event, Condensed& out);
void ReadFollowUpSnoozed(const ValidEvent& event, Condensed& out);
void ReadFollowUpDismissed(const ValidEvent& event, Condensed& out);

}  // namespace rapport::facts
