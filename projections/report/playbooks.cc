// playbooks: which plan of action works: outcomes met, customers who bought again within 90 days,
// and how satisfied they are.
//
// A customer is in a playbook from the first event that names it. Bought again is a purchase within
// 90 days after the last of its events; satisfaction is what they answered from its first event to
// then. The row `all` has the numbers; `met`, `bought_again` and `answered` are the customers
// behind each of them.

#include <map>

#include "engine/base/time.h"
#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"

namespace rapport::report {
namespace {

constexpr int64_t kAgainMicros = 90 * kMicrosPerDay;

struct Played {
  const ValidEvent* first = nullptr;
  const ValidEvent* last = nullptr;
  bool met = false;
};

class Playbooks : public SheetReport {
 public:
  explicit Playbooks(const Frame& frame)
      : SheetReport(frame, {Key("playbook"), Key("who"), Beside(Count("customers")),
                            Hidden(Count("played")), Count("events"), Count("outcomes_stated"),
                            Count("outcomes_met"), Ratio("met", "outcomes_met", "outcomes_stated"),
                            Count("bought_again"), Ratio("again", "bought_again", "played"),
                            Count("answers"), Mean("satisfaction", "permille")}) {}

  void Customer(const Subject& subject) override {
    std::map<std::string, Played> played;
    for (const ValidEvent& event : subject.events) {
      const std::string& playbook = event.envelope->playbook();
      if (playbook.empty() || !frame().Counts(event)) continue;
      Played& one = played[playbook];
      if (one.first == nullptr) one.first = &event;
      one.last = &event;
      Line& line = sheet().At({playbook, "all"}, subject.id);
      line.AddEvent(event.moment());
      line.Add("events");
    }
    for (const Encounter& one : EncountersOf(subject)) {
      if (one.aim == nullptr || one.outcome == nullptr || !frame().Counts(*one.aim)) continue;
      const std::string& playbook = one.aim->envelope->playbook();
      if (playbook.empty()) continue;
      Line& line = sheet().At({playbook, "all"}, subject.id);
      line.Add("outcomes_stated");
      if (!one.met()) continue;
      line.Add("outcomes_met");
      played[playbook].met = true;
    }
    for (const auto& [playbook, one] : played) {
      AddLater(subject, playbook, one);
      if (one.met) List(subject, playbook, "met");
    }
  }

 private:
  void AddLater(const Subject& subject, const std::string& playbook, const Played& played) {
    Line& line = sheet().At({playbook, "all"}, subject.id);
    line.Add("customers");
    line.Add("played");
    sheet().Beside().Add("customers");
    const int64_t end_us = played.last->occurred_at_us + kAgainMicros;
    bool again = false, answered = false;
    for (const ValidEvent& event : subject.events) {
      if (event.moment() < played.first->moment() || event.occurred_at_us > end_us) continue;
      if (const auto* answer = As<v1::SurveyAnswered>(event)) {
        answered = true;
        line.Add("answers");
        line.Sample("satisfaction", GoodOf(*answer));
      }
      again = again ||
              (As<v1::PurchaseMade>(event) != nullptr && played.last->moment() < event.moment());
    }
    if (again) line.Add("bought_again");
    if (again) List(subject, playbook, "bought_again");
    if (answered) List(subject, playbook, "answered");
  }

  void List(const Subject& subject, const std::string& playbook, const char* who) {
    sheet().At({playbook, who}, subject.id).Add("customers");
  }
};

}  // namespace

std::unique_ptr<Report> MakePlaybooks(const Frame& frame) {
  return std::make_unique<Playbooks>(frame);
}

}  // namespace rapport::report
