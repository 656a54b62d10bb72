// needs, dialogue: what customers said they need, and who speaks to whom.

#include <map>

#include "projections/facts/condense.h"
#include "projections/facts/needs.h"
#include "projections/report/makers.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/kind.pb.h"
#include "rapport/v1/service.pb.h"

namespace rapport::report {
namespace {

// One need: what became of it is read as from the facts, but from all that ever happened.
struct Need {
  std::string form;
  std::vector<const ValidEvent*> heard;
  facts::NeedCourse course;
};

// True for events that may be a step of a need, not those of outsiders.
bool IsStep(const ValidEvent& event) {
  return As<v1::NeedHeard>(event) != nullptr || As<v1::CaseHandedOver>(event) != nullptr ||
         As<v1::QuestionAnswered>(event) != nullptr || As<v1::ResolutionAnswered>(event) != nullptr;
}

std::map<std::string, Need> NeedsOf(const Subject& subject) {
  std::map<std::string, Need> needs;
  for (const ValidEvent& event : subject.events) {
    if (!IsStep(event)) continue;
    const facts::Condensed said = facts::CondenseEvent(event);
    auto at = needs.find(std::string(said.key));
    if (const auto* heard = As<v1::NeedHeard>(event)) {
      if (at == needs.end()) at = needs.try_emplace(std::string(said.key)).first;
      at->second.form = Bare(heard->form(), v1::NeedForm_Name, "NEED_FORM_");
      at->second.heard.push_back(&event);
    }
    if (at != needs.end()) at->second.course.Take(event.kind, said.flags, event.occurred_at_us);
  }
  return needs;
}

class Needs : public SheetReport {
 public:
  explicit Needs(const Frame& frame)
      : SheetReport(frame,
                    {Key("need"), Key("form"), Count("heard"), Count("open"), Count("closed")}) {
    sheet().RankBy("heard");
  }

  void Customer(const Subject& subject) override {
    for (const auto& [key, need] : NeedsOf(subject)) {
      int64_t heard = 0;
      for (const ValidEvent* event : need.heard) heard += frame().Counts(*event) ? 1 : 0;
      if (heard == 0) continue;
      Line& line = sheet().At({key, need.form}, subject.id);
      line.Add("heard", heard);
      line.Add(need.course.IsOpen(frame().window.as_of_us) ? "open" : "closed");
      for (const ValidEvent* event : need.heard) {
        if (frame().Counts(*event)) line.AddEvent(event->moment());
      }
    }
  }
};

// Whether the event is something said, and not only something done.
bool Speaks(v1::Kind kind) {
  switch (kind) {
    case v1::KIND_ENQUIRY_MADE:
    case v1::KIND_SUPPORT_REQUESTED:
    case v1::KIND_QUESTION_ANSWERED:
    case v1::KIND_COMPLAINT_RAISED:
    case v1::KIND_COMPLAINT_ACKNOWLEDGED:
    case v1::KIND_COMPLAINT_RESOLVED:
    case v1::KIND_RESOLUTION_ANSWERED:
    case v1::KIND_COMPLAINT_REOPENED:
    case v1::KIND_FEEDBACK_REQUESTED:
    case v1::KIND_SURVEY_ANSWERED:
    case v1::KIND_FEEDBACK_GIVEN:
    case v1::KIND_PRAISE_GIVEN:
    case v1::KIND_NEED_HEARD:
    case v1::KIND_THANKS_GIVEN:
    case v1::KIND_OUTREACH_MADE:
    case v1::KIND_OUTREACH_ANSWERED:
    case v1::KIND_INFORMATION_SHARED:
    case v1::KIND_MEETING_HELD:
    case v1::KIND_PROMOTION_SENT:
    case v1::KIND_OFFER_MADE:
    case v1::KIND_OFFER_ANSWERED:
      return true;
    default:
      return false;
  }
}

class Dialogue : public SheetReport {
 public:
  explicit Dialogue(const Frame& frame)
      : SheetReport(frame, {Key("channel"), Count("in"), Count("out"),
                            Formula("balance", "",
                                    [](const Line& line) -> std::optional<int64_t> {
                                      return line.Sum("in") - line.Sum("out");
                                    }),
                            Beside(Count("open_needs"))}) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event) || !Speaks(event.kind)) continue;
      const bool in = IsCustomerAct(event, rules());
      if (!in && SideOf(event, rules()) != facts::Side::kVendor) continue;
      Line& line = sheet().At({ChannelName(event)}, subject.id);
      line.AddEvent(event.moment());
      line.Add(in ? "in" : "out");
    }
    for (const auto& [key, need] : NeedsOf(subject)) {
      if (need.course.IsOpen(frame().window.as_of_us)) sheet().Beside().Add("open_needs");
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeNeeds(const Frame& frame) { return std::make_unique<Needs>(frame); }
std::unique_ptr<Report> MakeDialogue(const Frame& frame) {
  return std::make_unique<Dialogue>(frame);
}

}  // namespace rapport::report
