// effort: how hard customers had to try: hand-overs, reopenings and repeated contacts, by topic.
//
// A contact is repeated when its key is still open: asked and not answered, raised and not
// resolved.

#include <map>

#include "projections/report/makers.h"
#include "rapport/v1/service.pb.h"

namespace rapport::report {
namespace {

struct Matter {
  std::string topic;
  const ValidEvent* begun = nullptr;
  bool open = false;
  int64_t repeats = 0;
  int64_t hand_overs = 0;
  int64_t reopenings = 0;
  std::vector<const ValidEvent*> effort;
};

void Contact(Matter& matter, const ValidEvent& event, const std::string& topic) {
  if (matter.begun == nullptr) {
    matter.begun = &event;
    matter.topic = topic;
  }
  if (matter.open) {
    ++matter.repeats;
    matter.effort.push_back(&event);
  }
  matter.open = true;
}

std::map<std::string, Matter> MattersOf(const Subject& subject) {
  std::map<std::string, Matter> matters;
  for (const ValidEvent& event : subject.events) {
    if (const auto* one = As<v1::EnquiryMade>(event)) {
      Contact(matters[one->request()], event, one->topic());
    } else if (const auto* one = As<v1::SupportRequested>(event)) {
      Contact(matters[one->request()], event, one->topic());
    } else if (const auto* one = As<v1::ComplaintRaised>(event)) {
      Contact(matters[one->case_()], event, one->topic());
    } else if (const auto* one = As<v1::QuestionAnswered>(event)) {
      if (!one->asks_back()) matters[one->request()].open = false;
    } else if (const auto* one = As<v1::ComplaintResolved>(event)) {
      matters[one->case_()].open = false;
    } else if (const auto* one = As<v1::CaseHandedOver>(event)) {
      ++matters[one->case_()].hand_overs;
      matters[one->case_()].effort.push_back(&event);
    } else if (const auto* one = As<v1::ComplaintReopened>(event)) {
      Matter& matter = matters[one->case_()];
      ++matter.reopenings;
      matter.open = true;
      matter.effort.push_back(&event);
    }
  }
  return matters;
}

class Effort : public SheetReport {
 public:
  explicit Effort(const Frame& frame)
      : SheetReport(frame, {Key("topic"), Count("cases"), Count("hand_overs"), Count("reopenings"),
                            Count("repeats"), Count("effort"),
                            Milli("effort_per_case", "effort", "cases")}) {}

  void Customer(const Subject& subject) override {
    for (const auto& [key, matter] : MattersOf(subject)) {
      // What has no beginning here (a need, a feedback) is no case of this report.
      if (key.empty() || matter.begun == nullptr || !frame().Counts(*matter.begun)) continue;
      Line& line = sheet().At({matter.topic}, subject.id);
      line.Add("cases");
      line.Add("hand_overs", matter.hand_overs);
      line.Add("reopenings", matter.reopenings);
      line.Add("repeats", matter.repeats);
      line.Add("effort", matter.hand_overs + matter.reopenings + matter.repeats);
      for (const ValidEvent* event : matter.effort) line.AddEvent(event->moment());
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeEffort(const Frame& frame) { return std::make_unique<Effort>(frame); }

}  // namespace rapport::report
