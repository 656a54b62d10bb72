// Cases: complaints and their repair. Nothing is folded but the lists: the state of a case is
// joined from its steps when it is asked for.

#include "projections/facts/groups.h"
#include "rapport/v1/service.pb.h"

namespace rapport::facts {

void ReadComplaintRaised(const ValidEvent& event, Condensed& out) {
  const auto& raised = PayloadOf<v1::ComplaintRaised>(event);
  out.key = raised.case_();
  SubjectElse(out, raised.topic());
  out.n = raised.severity();
}

void ReadCaseHandedOver(const ValidEvent& event, Condensed& out) {
  const auto& handed = PayloadOf<v1::CaseHandedOver>(event);
  out.key = handed.case_();
  out.subject = handed.department();
}

void ReadComplaintEscalated(const ValidEvent& event, Condensed& out) {
  const auto& escalated = PayloadOf<v1::ComplaintEscalated>(event);
  out.key = escalated.case_();
  out.n = escalated.level();
}

void ReadResolutionAnswered(const ValidEvent& event, Condensed& out) {
  const auto& answered = PayloadOf<v1::ResolutionAnswered>(event);
  out.key = answered.case_();
  out.Set(kAccepted, answered.accepted());
}

void ReadRootCauseFound(const ValidEvent& event, Condensed& out) {
  const auto& found = PayloadOf<v1::RootCauseFound>(event);
  out.key = found.case_();
  out.Set(kAllThree, !found.cause().empty() && !found.fix().empty() && !found.prevention().empty());
}

}  // namespace rapport::facts
