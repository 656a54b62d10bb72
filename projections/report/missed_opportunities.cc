// missed_opportunities: work that was planned, and was done, late or missed, with who published
// and who did what it hangs on; by policy, kind, publisher, employee and what the customer spends.
//
// Planned is every follow-up that came up in the window. It is done when its closer came before it
// was overdue, late when after, missed when its time is over or it is overdue now; what rests or
// has time is neither. A follow-up stands in a row of each sort, so only the total counts each
// once; those that were missed are listed one by one of one customer only.

#include "absl/strings/str_cat.h"
#include "projections/report/makers.h"

namespace rapport::report {
namespace {

class MissedOpportunities : public SheetReport {
 public:
  explicit MissedOpportunities(const Frame& frame)
      : SheetReport(
            frame, {Key("by"), Key("is"), Beside(Count("planned")), Beside(Count("done")),
                    Beside(Count("late")), Beside(Count("missed")), Beside(Count("open")),
                    Text("publisher"), Text("employee"), Ratio("done_share", "done", "planned")}) {}

  void Customer(const Subject& subject) override {
    ++customers_;
    const std::string band = SpendBand(subject, rules());
    for (const Outcome& one : subject.past->FollowUps(frame().window.as_of_us)) {
      const int64_t opened_us = one.last.opened_at_us();
      if (opened_us < frame().window.from_us || opened_us >= frame().window.to_us) continue;
      const auto row = [&](const char* by, const std::string& is) {
        Line& line = sheet().At({by, is}, subject.id);
        AddTo(line, one);
        return &line;
      };
      row("policy", one.last.policy());
      row("spend_band", band);
      AddTo(sheet().Beside(), one);
      if (one.cause == nullptr) continue;
      row("kind", KindName(*one.cause));
      row("publisher", PublisherOf(*one.cause));
      row("employee", one.cause->envelope->actor().id());
      if (!one.missed()) continue;
      Line* line =
          row("not_done", absl::StrCat(one.last.policy(), " of ", facts::KeyOf(*one.cause)));
      line->SetText("publisher", PublisherOf(*one.cause));
      line->SetText("employee", one.cause->envelope->actor().id());
    }
  }

  void Finish(v1::Table& table) override {
    if (customers_ > 1) {
      std::erase_if(sheet().lines(), [](const auto& line) { return line.first[0] == "not_done"; });
    }
    SheetReport::Finish(table);
  }

 private:
  static std::string PublisherOf(const ValidEvent& event) {
    const v1::Event& envelope = *event.envelope;
    return envelope.publisher().empty() ? envelope.source() : envelope.publisher();
  }

  static void AddTo(Line& line, const Outcome& one) {
    if (one.cause != nullptr) line.AddEvent(one.cause->moment());
    line.Add("planned");
    line.Add(one.in_time() ? "done" : one.late() ? "late" : one.missed() ? "missed" : "open");
  }

  int customers_ = 0;
};

}  // namespace

std::unique_ptr<Report> MakeMissedOpportunities(const Frame& frame) {
  return std::make_unique<MissedOpportunities>(frame);
}

}  // namespace rapport::report
