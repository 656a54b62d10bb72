#include "projections/facts/kind_table.h"

#include <array>

#include "projections/facts/groups.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/bonds.pb.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/ending.pb.h"
#include "rapport/v1/interest.pb.h"
#include "rapport/v1/known.pb.h"
#include "rapport/v1/service.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::facts {
namespace {

constexpr Side C = Side::kCustomer;
constexpr Side V = Side::kVendor;
constexpr Side N = Side::kNeutral;
constexpr Side T = Side::kTechnical;

// What is remembered and added by rule (weights, lists) is not repeated here.
constexpr KindRow kRows[] = {
    {},
    {v1::KIND_PURCHASE_MADE, C, ReadPurchaseMade, FoldPurchase},
    {v1::KIND_PURCHASE_REVERSED, C, ReadPurchaseReversed, FoldReversal},
    {v1::KIND_FULFILMENT_STEP_DONE, V, ReadKey<&v1::FulfilmentStepDone::order>},
    {v1::KIND_CONCESSION_MADE, V, ReadKey<&v1::ConcessionMade::concession>},
    {v1::KIND_PROMOTION_SENT, V, ReadPromotionSent},
    {v1::KIND_PROMOTION_REDEEMED, C, ReadKey<&v1::PromotionRedeemed::promotion>},
    {v1::KIND_OFFER_MADE, V, ReadOfferMade},
    {v1::KIND_OFFER_ANSWERED, C, ReadOfferAnswered},
    {v1::KIND_OPPORTUNITY_NOTED, N, ReadOpportunityNoted},
    {v1::KIND_OPPORTUNITY_CLOSED, N, ReadOpportunityClosed},
    {v1::KIND_AWARENESS_SHOWN, C, ReadAwarenessShown, FoldAwareness},
    {v1::KIND_INTEREST_SHOWN, C, ReadInterestShown},
    {v1::KIND_TRIAL_STARTED, C, ReadKey<&v1::TrialStarted::trial>},
    {v1::KIND_TRIAL_ENDED, C, ReadTrialEnded, FoldTrialEnded},
    {v1::KIND_COMPETITOR_NOTICED, N, ReadKey<&v1::CompetitorNoticed::competitor>},
    {v1::KIND_REQUIREMENT_CHANGED, N, ReadKey<&v1::RequirementChanged::what>},
    {v1::KIND_ENQUIRY_MADE, C, ReadEnquiryMade},
    {v1::KIND_SUPPORT_REQUESTED, C, ReadSupportRequested},
    {v1::KIND_QUESTION_ANSWERED, V, ReadQuestionAnswered},
    {v1::KIND_SELF_SERVICE_USED, C, ReadKey<&v1::SelfServiceUsed::task>},
    {v1::KIND_COMPLAINT_RAISED, C, ReadComplaintRaised},
    {v1::KIND_COMPLAINT_ACKNOWLEDGED, V, ReadKey<&v1::ComplaintAcknowledged::case_>},
    {v1::KIND_CASE_HANDED_OVER, V, ReadCaseHandedOver},
    {v1::KIND_COMPLAINT_ESCALATED, N, ReadComplaintEscalated},
    {v1::KIND_COMPLAINT_RESOLVED, V, ReadKey<&v1::ComplaintResolved::case_>},
    {v1::KIND_RESOLUTION_ANSWERED, C, ReadResolutionAnswered},
    {v1::KIND_COMPLAINT_REOPENED, C, ReadKey<&v1::ComplaintReopened::case_>},
    {v1::KIND_ROOT_CAUSE_FOUND, V, ReadRootCauseFound},
    {v1::KIND_ISSUE_PREVENTED, V, ReadKey<&v1::IssuePrevented::issue>},
    {v1::KIND_FEEDBACK_REQUESTED, V, ReadKey<&v1::FeedbackRequested::survey>},
    {v1::KIND_SURVEY_ANSWERED, C, ReadSurveyAnswered, FoldSurvey},
    {v1::KIND_FEEDBACK_GIVEN, C, ReadFeedbackGiven},
    {v1::KIND_PRAISE_GIVEN, C, ReadPraiseGiven},
    {v1::KIND_NEED_HEARD, C, ReadNeedHeard},
    {v1::KIND_THANKS_GIVEN, V, ReadThanksGiven},
    {v1::KIND_OUTREACH_MADE, V, ReadOutreachMade, FoldOutreach},
    {v1::KIND_OUTREACH_ANSWERED, C, ReadOutreachAnswered},
    {v1::KIND_GIFT_GIVEN, V, ReadGiftGiven},
    {v1::KIND_TRAINING_GIVEN, V, ReadTrainingGiven},
    {v1::KIND_INFORMATION_SHARED, V, ReadInformationShared},
    {v1::KIND_MEETING_HELD, C, ReadMeetingHeld},
    {v1::KIND_ENCOUNTER_NOTED, V, ReadKey<&v1::EncounterNoted::encounter>},
    {v1::KIND_INTEREST_MATCHED, V, ReadInterestMatched},
    {v1::KIND_PROMISE_MADE, V, ReadPromiseMade},
    {v1::KIND_PROMISE_KEPT, V, ReadKey<&v1::PromiseKept::promise>},
    {v1::KIND_EXPECTATION_SET, V, ReadExpectationSet},
    {v1::KIND_EXPECTATION_MET, N, ReadExpectationMet},
    {v1::KIND_EXPECTATION_MISSED, N, ReadExpectationMissed},
    {v1::KIND_OBJECTIVE_SET, C, ReadObjectiveSet},
    {v1::KIND_OBJECTIVE_REACHED, C, ReadKey<&v1::ObjectiveReached::objective>},
    {v1::KIND_JOINT_GOAL_SET, C, ReadKey<&v1::JointGoalSet::goal>},
    {v1::KIND_SOLUTION_BUILT, C, ReadKey<&v1::SolutionBuilt::goal>},
    {v1::KIND_ADAPTATION_MADE, V, ReadKey<&v1::AdaptationMade::what>},
    {v1::KIND_PREFERENCE_RECORDED, C, ReadPreferenceRecorded, FoldPreference},
    {v1::KIND_DATE_RECORDED, C, ReadDateRecorded, FoldDate},
    {v1::KIND_CONSENT_CHANGED, C, ReadConsentChanged, FoldConsent},
    {v1::KIND_PROFILE_RECORDED, T, ReadNothing, FoldProfile},
    {v1::KIND_ALIAS_LINKED, T, ReadNothing, nullptr, false},
    {v1::KIND_ACCOUNT_MANAGER_ASSIGNED, N, ReadAccountManagerAssigned, FoldOwner},
    {v1::KIND_CONTACT_PERSON_RECORDED, N, ReadContactPersonRecorded, FoldPerson},
    {v1::KIND_MEMBERSHIP_CHANGED, N, ReadMembershipChanged, FoldMembership},
    {v1::KIND_REFERRAL_MADE, C, ReadReferralMade},
    {v1::KIND_REFERRAL_CONVERTED, C, ReadKey<&v1::ReferralConverted::referral>},
    {v1::KIND_REFERRAL_RECEIVED, N, ReadReferralReceived},
    {v1::KIND_ADVOCACY_SHOWN, C, ReadAdvocacyShown},
    {v1::KIND_COMMUNITY_ACTED, C, ReadCommunityActed, FoldCommunity},
    {v1::KIND_AGREEMENT_SIGNED, N, ReadAgreementSigned, FoldAgreement},
    {v1::KIND_AGREEMENT_ENDED, N, ReadAgreementEnded, FoldAgreement},
    {v1::KIND_FRAUD_SUSPECTED, N, ReadNothing},
    {v1::KIND_FRAUD_CLEARED, N, ReadNothing},
    {v1::KIND_FRAUD_CONFIRMED, N, ReadNothing},
    {v1::KIND_RELATIONSHIP_ENDED, N, ReadRelationshipEnded, FoldEnded},
    {v1::KIND_RELATIONSHIP_REINSTATED, N, ReadNothing},
    {v1::KIND_FOLLOW_UP_CLAIMED, N, ReadFollowUpClaimed},
    {v1::KIND_FOLLOW_UP_SNOOZED, N, ReadFollowUpSnoozed},
    {v1::KIND_FOLLOW_UP_DISMISSED, N, ReadFollowUpDismissed},
    {v1::KIND_EVENT_RETRACTED, T, ReadNothing, nullptr, false},
    {v1::KIND_EVENT_CORRECTED, T, ReadNothing, nullptr, false},
    {v1::KIND_CUSTOMER_MERGED, T, ReadNothing, nullptr, false},
    {v1::KIND_CUSTOMER_SPLIT, T, ReadNothing, nullptr, false},
    {v1::KIND_ERASURE_REQUESTED, T, ReadNothing, nullptr, false},
    {v1::KIND_ERASURE_COMPLETED, T, ReadNothing, nullptr, false},
    {v1::KIND_CUSTOM_TOUCHPOINT, Side::kByRule, ReadKey<&v1::CustomTouchpoint::key>, FoldCustom},
};
static_assert(sizeof(kRows) / sizeof(KindRow) == kKindCount);

// Place in kRows by number of the kind; 0 = unknown.
struct IndexTable {
  std::array<uint8_t, v1::Kind_MAX + 1> index = {};
  constexpr IndexTable() {
    for (int i = 1; i < kKindCount; ++i) index[kRows[i].kind] = static_cast<uint8_t>(i);
  }
};
constexpr IndexTable kIndex;

}  // namespace

const KindRow& RowAt(int index) { return kRows[index]; }

int KindIndex(v1::Kind kind) { return kind > 0 && kind <= v1::Kind_MAX ? kIndex.index[kind] : 0; }

v1::Kind KindAt(int index) { return kRows[index].kind; }

Side By(v1::Kind kind) { return kRows[KindIndex(kind)].side; }

Side SideOf(uint16_t kind) {
  if (kind < kCustomKinds) return By(static_cast<v1::Kind>(kind));
  return static_cast<Side>(kind / kCustomKinds - 1);
}

absl::string_view KeyOf(const ValidEvent& event) {
  const Condense condense = kRows[KindIndex(event.kind)].condense;
  if (condense == nullptr) return {};
  Condensed out;
  condense(event, out);
  return out.key;
}

bool IsPersonalContact(v1::Channel channel) {
  return channel == v1::CHANNEL_PHONE || channel == v1::CHANNEL_CALL_CENTER ||
         channel == v1::CHANNEL_IN_PERSON || channel == v1::CHANNEL_SOCIAL_EVENT;
}

bool IsOutsider(v1::ActorParty party) {
  return party == v1::ACTOR_PARTY_EMPLOYEE || party == v1::ACTOR_PARTY_INVESTOR ||
         party == v1::ACTOR_PARTY_PARTNER || party == v1::ACTOR_PARTY_PUBLIC;
}

bool IsBegunByCustomer(const ValidEvent& event, Side side) {
  const v1::Initiator initiator = event.envelope->initiator();
  return initiator == v1::INITIATOR_CUSTOMER ||
         (initiator == v1::INITIATOR_UNSPECIFIED && side == Side::kCustomer);
}

}  // namespace rapport::facts
