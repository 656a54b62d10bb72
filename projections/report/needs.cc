// needs, dialogue: what customers said they need, and who speaks to whom.

#include <map>

#include "engine/base/time.h"
#include "projections/report/makers.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/kind.pb.h"
#include "rapport/v1/service.pb.h"

namespace rapport::report {
namespace {

// After so long without a word of the customer, an answer of another department counts as given.
constexpr int64_t kConfirmMicros = 30 * kMicrosPerDay;

// One need: open until answered; once handed over, until the customer says yes, or says nothing
// for 30 days after the answer; a no opens it again.
struct Need {
  std::string form;
  std::vector<const ValidEvent*> heard;
  bool open = false;
  bool handed_over = false;
  int64_t answered_us = 0;

  void GoTo(int64_t at_us) {
    if (open && answered_us != 0 && at_us >= answered_us + kConfirmMicros) open = false;
  }
};

void Take(const ValidEvent& event, std::map<std::string, Need>& needs) {
  const auto find = [&](const std::string& key) -> Need* {
    const auto at = needs.find(key);
    if (at == needs.end()) return nullptr;
    at->second.GoTo(event.occurred_at_us);
    return &at->second;
  };
  if (const auto* heard = As<v1::NeedHeard>(event)) {
    Need& need = needs[heard->need()];
    need.form = Bare(heard->form(), v1::NeedForm_Name, "NEED_FORM_");
    need.heard.push_back(&event);
    need.open = true;
    need.answered_us = 0;
  } else if (const auto* handed = As<v1::CaseHandedOver>(event)) {
    if (Need* need = find(handed->case_())) need->handed_over = true;
  } else if (const auto* answer = As<v1::QuestionAnswered>(event)) {
    Need* need = find(answer->request());
    if (need == nullptr || answer->asks_back()) return;
    if (need->handed_over) {
      need->answered_us = event.occurred_at_us;
    } else {
      need->open = false;
    }
  } else if (const auto* word = As<v1::ResolutionAnswered>(event)) {
    Need* need = find(word->case_());
    if (need == nullptr) return;
    need->open = !word->accepted();
    need->answered_us = 0;
  }
}

std::map<std::string, Need> NeedsOf(const Subject& subject, int64_t as_of_us) {
  std::map<std::string, Need> needs;
  for (const ValidEvent& event : subject.events) Take(event, needs);
  for (auto& [key, need] : needs) need.GoTo(as_of_us);
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
    for (const auto& [key, need] : NeedsOf(subject, frame().window.as_of_us)) {
      int64_t heard = 0;
      for (const ValidEvent* event : need.heard) heard += frame().Counts(*event) ? 1 : 0;
      if (heard == 0) continue;
      Line& line = sheet().At({key, need.form}, subject.id);
      line.Add("heard", heard);
      line.Add(need.open ? "open" : "closed");
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
    for (const auto& [key, need] : NeedsOf(subject, frame().window.as_of_us)) {
      if (need.open) sheet().Beside().Add("open_needs");
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeNeeds(const Frame& frame) { return std::make_unique<Needs>(frame); }
std::unique_ptr<Report> MakeDialogue(const Frame& frame) {
  return std::make_unique<Dialogue>(frame);
}

}  // namespace rapport::report
