// Dialogue: what is asked, said and heard.

#include "projections/facts/cells.h"
#include "projections/facts/groups.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/interest.pb.h"
#include "rapport/v1/service.pb.h"

namespace rapport::facts {

void ReadAwarenessShown(const ValidEvent& event, Condensed& out) {
  out.code = CodeOf(PayloadOf<v1::AwarenessShown>(event).form());
}

void ReadInterestShown(const ValidEvent& event, Condensed& out) {
  out.code = CodeOf(PayloadOf<v1::InterestShown>(event).form());
}

void ReadEnquiryMade(const ValidEvent& event, Condensed& out) {
  const auto& enquiry = PayloadOf<v1::EnquiryMade>(event);
  out.key = enquiry.request();
  SubjectElse(out, enquiry.topic());
}

void ReadSupportRequested(const ValidEvent& event, Condensed& out) {
  const auto& request = PayloadOf<v1::SupportRequested>(event);
  out.key = request.request();
  SubjectElse(out, request.topic());
}

void ReadQuestionAnswered(const ValidEvent& event, Condensed& out) {
  const auto& answer = PayloadOf<v1::QuestionAnswered>(event);
  out.key = answer.request();
  out.Set(kAsksBack, answer.asks_back());
}

void ReadFeedbackGiven(const ValidEvent& event, Condensed& out) {
  const auto& feedback = PayloadOf<v1::FeedbackGiven>(event);
  out.key = feedback.feedback();
  SubjectElse(out, feedback.topic());
}

void ReadNeedHeard(const ValidEvent& event, Condensed& out) {
  const auto& need = PayloadOf<v1::NeedHeard>(event);
  out.key = need.need();
  out.n = need.priority();
  out.code = CodeOf(need.form());
}

void ReadInterestMatched(const ValidEvent& event, Condensed& out) {
  const auto& matched = PayloadOf<v1::InterestMatched>(event);
  out.key = matched.item();
  // Consent is asked for by this topic, so it goes before the envelope's subject.
  if (!matched.topic().empty()) out.subject = matched.topic();
}

void FoldAwareness(const Act& act) { AddAwareness(act.facts, act.said.code, act.event.moment()); }

}  // namespace rapport::facts
