// response: how fast and how reliably requests and complaints are answered.
//
// In time is what the policies `answer` and `complaint_acknowledge` say of it, with their office
// hours and pauses; under rules without them nothing is judged. Each key is asked once.

#include <set>

#include "projections/report/in_time.h"
#include "projections/report/makers.h"
#include "rapport/v1/service.pb.h"

namespace rapport::report {
namespace {

// Key of what is asked; null = nothing is.
const std::string* AskedBy(const ValidEvent& event) {
  if (const auto* enquiry = As<v1::EnquiryMade>(event)) return &enquiry->request();
  if (const auto* support = As<v1::SupportRequested>(event)) return &support->request();
  if (const auto* complaint = As<v1::ComplaintRaised>(event)) return &complaint->case_();
  return nullptr;
}

bool Answers(const ValidEvent& event, bool complaint, const std::string& key) {
  if (complaint) {
    if (const auto* heard = As<v1::ComplaintAcknowledged>(event)) return heard->case_() == key;
    if (const auto* right = As<v1::ComplaintResolved>(event)) return right->case_() == key;
    return false;
  }
  const auto* answer = As<v1::QuestionAnswered>(event);
  return answer != nullptr && !answer->asks_back() && answer->request() == key;
}

class Response : public SheetReport {
 public:
  explicit Response(const Frame& frame)
      : SheetReport(frame,
                    {Key("kind"), Key("channel"), Count("asked"), Count("answered"),
                     Count("unanswered"), Hidden(Count("judged")), Count("in_time"), Count("late"),
                     Count("overdue"), Ratio("in_time_share", "in_time", "judged"),
                     Target("in_time_target", "in_time_share", frame.targets->in_time_permille),
                     Median("response", "s")}) {}

  void Customer(const Subject& subject) override {
    std::set<std::string> asked;
    for (const ValidEvent& event : subject.events) {
      const std::string* key = AskedBy(event);
      if (key == nullptr || (!key->empty() && !asked.insert(*key).second)) continue;
      if (frame().Counts(event)) AddAsk(subject, event, *key);
    }
  }

 private:
  void AddAsk(const Subject& subject, const ValidEvent& ask, const std::string& key) {
    Line& line = sheet().At({KindName(ask), ChannelName(ask)}, subject.id);
    line.AddEvent(ask.moment());
    line.Add("asked");
    const bool complaint = As<v1::ComplaintRaised>(ask) != nullptr;
    const ValidEvent* answer = nullptr;
    for (const ValidEvent& event : subject.events) {
      if (ask.moment() < event.moment() && Answers(event, complaint, key)) {
        answer = &event;
        break;
      }
    }
    line.Add(answer == nullptr ? "unanswered" : "answered");
    if (answer != nullptr) {
      line.Sample("response", SecondsBetween(ask.occurred_at_us, answer->occurred_at_us));
    }
    const char* policy = complaint ? "complaint_acknowledge" : "answer";
    for (const Outcome& one : subject.past->FollowUps(frame().window.as_of_us)) {
      if (one.last.policy() != policy || one.last.key() != key) continue;
      const int64_t at_us = answer == nullptr ? frame().window.as_of_us : answer->occurred_at_us;
      const bool in_time = IsInTime(at_us, one.last.by_us());
      // Neither answered nor due yet.
      if (answer == nullptr && in_time) return;
      line.Add("judged");
      line.Add(in_time ? "in_time" : answer == nullptr ? "overdue" : "late");
      return;
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeResponse(const Frame& frame) {
  return std::make_unique<Response>(frame);
}

}  // namespace rapport::report
