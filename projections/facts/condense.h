// Condensed: what one event says, in the shape of a list item, borrowed from its messages.
//
// One function per payload, in the file of its group. They read codes, keys and numbers only.
//
//   kind                              key          subject     n            m           code
//   PurchaseMade, FulfilmentStepDone  order        (envelope)
//   ComplaintRaised                   case         topic       severity, 0 = not stated
//   CaseHandedOver                    case         department
//   ComplaintEscalated                case         (envelope)  level
//   EnquiryMade, SupportRequested     request      topic
//   SurveyAnswered                    survey       dimension   g, permille
//   FeedbackGiven                     feedback     topic
//   NeedHeard                         need         (envelope)  priority                 form
//   InterestMatched                   item         topic
//   OutreachMade                      outreach     (envelope)  position                 purpose
//   OutreachAnswered                  outreach     (envelope)  answer                   purpose
//   ThanksGiven, GiftGiven            for, gift    (envelope)                           form, tie
//   TrainingGiven, InformationShared  its key      topic
//   PromiseMade                       promise      (envelope)  due at       due from
//   ExpectationSet                    expectation  (envelope)  level        due at
//   ExpectationMet, ExpectationMissed expectation  (envelope)  level                    1 = level
//                                                                                       is stated
//   ObjectiveSet                      objective    (envelope)  progress
//   ReferralMade, ReferralReceived    referral     the other customer                   form
//   AdvocacyShown, CommunityActed     its key      (envelope)                           form
//   OfferMade                         offer        product     1 = made for valid until form
//                                                              a preference
//   PromotionSent                     promotion    (envelope)               valid until
//   OpportunityNoted                  opportunity  owner,                               1 = it
//                                                  else product                         is the
//                                                  owner
//   PreferenceRecorded                key          value
//   DateRecorded                      key                      100*month+day  year
//   ContactPersonRecorded             person       role
//   MembershipChanged                 programme    tier        balance      expires at  (x
//   expiring) AgreementSigned, AgreementEnded   agreement    (envelope)  1 b2b, 2 goals  ends at
//   RelationshipEnded                              competitor  by                       reason
//   CustomTouchpoint                  key          (envelope)
//   FollowUpClaimed                   follow-up    assignee    until        fence, -1 = none (x
//   offset) FollowUpSnoozed, -Dismissed       follow-up    -, reason   until, -
//
// Where a topic or product of the payload is named, the envelope's `subject` goes first if given
// (InterestMatched: its topic does). Moments are microseconds UTC, 0 = not given.
//
// Flags: begun by customer; reached (dealings with the customer, but for outreach that failed);
// personal (outreach: as it says or by its purpose; others: the channel is personal contact);
// accepted (accepted, granted, passed, won, left, key account, answer YES); asks back; exceeded;
// consent; all three of cause, fix and prevention.
//
// Threads: pure. Ownership: borrows from the event.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "engine/model/valid_event.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

struct Condensed {
  absl::string_view key;
  absl::string_view subject;
  int64_t n = 0;
  int64_t m = 0;
  int64_t x = 0;
  // Number of the kind in facts.
  uint16_t kind = 0;
  uint8_t code = 0;
  uint8_t flags = 0;
  // A purchase that used a promotion.
  bool promotion = false;

  void Set(ItemFlag flag, bool on = true) {
    if (on) flags |= flag;
  }
};

// Fills key, code, numbers and flags that the payload gives; `out.subject` holds the envelope's.
using Condense = void (*)(const ValidEvent& event, Condensed& out);

// The whole of what an event says. REQUIRES: Folds(event.kind).
Condensed CondenseEvent(const ValidEvent& event);

// A number of a kind's own list as a code; 0 when it is none of this version's.
constexpr uint8_t CodeOf(int number) {
  return number >= 0 && number < 32 ? static_cast<uint8_t>(number) : uint8_t{0};
}

// The payload as its message. REQUIRES: Message is that of the event's kind.
template <typename Message>
const Message& PayloadOf(const ValidEvent& event) {
  return static_cast<const Message&>(*event.payload);
}

// Takes `text` as subject when the envelope gave none.
inline void SubjectElse(Condensed& out, absl::string_view text) {
  if (out.subject.empty()) out.subject = text;
}

}  // namespace rapport::facts
