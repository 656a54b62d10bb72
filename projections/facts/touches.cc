// Touches: how the business turns to the customer, and what the customer answers.

#include "projections/facts/cells.h"
#include "projections/facts/groups.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"

namespace rapport::facts {
namespace {

bool IsMassMail(v1::OutreachPurpose purpose) {
  return purpose == v1::OUTREACH_PURPOSE_NEWSLETTER || purpose == v1::OUTREACH_PURPOSE_PROMOTION;
}

}  // namespace

void ReadThanksGiven(const ValidEvent& event, Condensed& out) {
  const auto& thanks = PayloadOf<v1::ThanksGiven>(event);
  out.key = thanks.for_();
  out.code = CodeOf(thanks.form());
  out.Set(kReached);
}

void ReadOutreachMade(const ValidEvent& event, Condensed& out) {
  const auto& outreach = PayloadOf<v1::OutreachMade>(event);
  out.key = outreach.outreach();
  out.n = outreach.position();
  out.code = CodeOf(outreach.purpose());
  const bool personal =
      outreach.has_personal() ? outreach.personal() : !IsMassMail(outreach.purpose());
  const bool reached = outreach.has_reached() ? outreach.reached()
                                              : event.envelope->channel() != v1::CHANNEL_VOICEMAIL;
  // What the outreach says of itself stands for the channel's word.
  out.flags = static_cast<uint8_t>(out.flags & ~kPersonalItem);
  out.Set(kPersonalItem, personal);
  out.Set(kReached, reached);
}

void ReadOutreachAnswered(const ValidEvent& event, Condensed& out) {
  const auto& answer = PayloadOf<v1::OutreachAnswered>(event);
  out.key = answer.outreach();
  out.n = CodeOf(answer.answer());
  out.code = CodeOf(answer.purpose());
  out.Set(kAccepted, answer.answer() == v1::OUTREACH_ANSWER_YES);
  out.Set(kReached);
}

void ReadGiftGiven(const ValidEvent& event, Condensed& out) {
  const auto& gift = PayloadOf<v1::GiftGiven>(event);
  out.key = gift.gift();
  out.code = CodeOf(gift.tie());
  out.Set(kReached);
}

void ReadTrainingGiven(const ValidEvent& event, Condensed& out) {
  const auto& training = PayloadOf<v1::TrainingGiven>(event);
  out.key = training.training();
  SubjectElse(out, training.topic());
  out.Set(kReached);
}

void ReadInformationShared(const ValidEvent& event, Condensed& out) {
  const auto& information = PayloadOf<v1::InformationShared>(event);
  out.key = information.information();
  SubjectElse(out, information.topic());
  out.Set(kReached);
}

void ReadMeetingHeld(const ValidEvent& event, Condensed& out) {
  out.key = PayloadOf<v1::MeetingHeld>(event).meeting();
  out.Set(kReached);
}

void ReadPromotionSent(const ValidEvent& event, Condensed& out) {
  const auto& promotion = PayloadOf<v1::PromotionSent>(event);
  out.key = promotion.promotion();
  out.m = promotion.valid_until_us();
  out.Set(kReached);
}

void FoldOutreach(const Act& act) {
  if ((act.said.flags & kReached) == 0) return;
  AddOutreach(act.facts, act.said.code, act.event.moment());
}

}  // namespace rapport::facts
