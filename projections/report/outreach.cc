// outreach, campaigns: what reaching out costs and brings, planned or not; where prospects come
// from and what becomes of them.
//
// An outreach stands in a row of each sort (plan, purpose, series), so only the total counts each
// once.

#include <optional>
#include <set>

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/interest.pb.h"

namespace rapport::report {
namespace {

// What answers a follow-up is planned.
const char* PlanOf(const ValidEvent& event) {
  return event.envelope->follow_up_id().empty() ? "unplanned" : "planned";
}

class Outreach : public SheetReport {
 public:
  explicit Outreach(const Frame& frame)
      : SheetReport(frame,
                    {Key("by"), Key("is"), Beside(Count("touches")), Beside(Count("reached")),
                     Beside(Count("opened")), Ratio("opened_share", "opened", "touches"),
                     Beside(Count("without_cost")), Beside(MoneySum("cost")),
                     Hidden(Beside(Count("cost_centi"))), Beside(Count("met")),
                     Formula("cost_per_met", "centi",
                             [](const Line& line) { return PerOne(line, "cost_centi", "met"); }),
                     Beside(MoneySum("value")), Hidden(Beside(Count("value_centi"))),
                     Formula("value_per_touch", "centi", [](const Line& line) {
                       return PerOne(line, "value_centi", "touches");
                     })}) {}

  void Customer(const Subject& subject) override {
    std::set<std::string> opened;
    for (const ValidEvent& event : subject.events) {
      const auto* seen = As<v1::AwarenessShown>(event);
      if (seen != nullptr && seen->form() == v1::AWARENESS_FORM_READ) {
        opened.insert(seen->outreach());
      }
    }
    std::set<const ValidEvent*> met;
    for (const Encounter& one : EncountersOf(subject)) {
      if (one.met()) met.insert(one.aim);
    }
    for (const ValidEvent& event : subject.events) {
      const auto* made = As<v1::OutreachMade>(event);
      if (made == nullptr || !frame().Counts(event)) continue;
      const auto add = [&](Line& line) {
        line.AddEvent(event.moment());
        line.Add("touches");
        if (Reaches(event, *made)) line.Add("reached");
        if (!made->outreach().empty() && opened.contains(made->outreach())) line.Add("opened");
        if (met.contains(&event)) line.Add("met");
        AddMoney(event, line);
      };
      add(sheet().At({"plan", PlanOf(event)}, subject.id));
      add(sheet().At(
          {"purpose", Bare(made->purpose(), v1::OutreachPurpose_Name, "OUTREACH_PURPOSE_")},
          subject.id));
      if (!made->series().empty()) add(sheet().At({"series", made->series()}, subject.id));
      add(sheet().Beside());
    }
  }

 private:
  static std::optional<int64_t> PerOne(const Line& line, const char* of, const char* per) {
    if (line.Sum(per) <= 0) return std::nullopt;
    return (2 * line.Sum(of) + line.Sum(per)) / (2 * line.Sum(per));
  }

  static bool Reaches(const ValidEvent& event, const v1::OutreachMade& made) {
    if (made.has_reached()) return made.reached();
    return event.envelope->channel() != v1::CHANNEL_VOICEMAIL;
  }

  void AddMoney(const ValidEvent& event, Line& line) {
    if (event.envelope->has_cost()) {
      line.AddMoney("cost", event.envelope->cost());
      line.Add("cost_centi", rules().Centi(event.envelope->cost()));
    } else {
      line.Add("without_cost");
    }
    if (!event.envelope->has_value()) return;
    line.AddMoney("value", event.envelope->value());
    line.Add("value_centi", rules().Centi(event.envelope->value()));
  }
};

// A prospect comes by the campaign of the first event that names one, unless they had bought
// before; the source is that event's channel.
class Campaigns : public SheetReport {
 public:
  explicit Campaigns(const Frame& frame)
      : SheetReport(frame, {Key("campaign"), Key("source"), Count("prospects"), Count("converted"),
                            Count("purchases"), MoneySum("value"),
                            Ratio("converted_share", "converted", "prospects")}) {}

  void Customer(const Subject& subject) override {
    const ValidEvent* first = nullptr;
    for (const ValidEvent& event : subject.events) {
      if (As<v1::PurchaseMade>(event) != nullptr && event.envelope->campaign().empty()) return;
      if (event.envelope->campaign().empty()) continue;
      first = &event;
      break;
    }
    if (first == nullptr || !frame().Counts(*first)) return;
    Line& line = sheet().At({first->envelope->campaign(), ChannelName(*first)}, subject.id);
    line.AddEvent(first->moment());
    line.Add("prospects");
    bool converted = false;
    for (const ValidEvent& event : subject.events) {
      const auto* bought = As<v1::PurchaseMade>(event);
      if (bought == nullptr) continue;
      if (!converted) line.Add("converted");
      converted = true;
      line.Add("purchases");
      line.AddMoney("value", bought->amount());
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeOutreach(const Frame& frame) {
  return std::make_unique<Outreach>(frame);
}
std::unique_ptr<Report> MakeCampaigns(const Frame& frame) {
  return std::make_unique<Campaigns>(frame);
}

}  // namespace rapport::report
