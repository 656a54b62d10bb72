// outcomes: was reached what an encounter was meant to reach?
//
// Events of one interaction_id are one encounter: what the first of them intends is compared with
// the latest outcome that any of them states, so an outcome may come in later.

#include <map>

#include "projections/report/makers.h"

namespace rapport::report {
namespace {

class Outcomes : public SheetReport {
 public:
  explicit Outcomes(const Frame& frame)
      : SheetReport(frame, {Key("kind"), Count("intended"), Count("stated"), Count("met"),
                            Count("not_met"), Count("open"), Ratio("met_share", "met", "stated"),
                            Count("customer_stated"), Count("customer_met"),
                            Ratio("customer_share", "customer_met", "customer_stated"),
                            Count("vendor_stated"), Count("vendor_met"),
                            Ratio("vendor_share", "vendor_met", "vendor_stated")}) {}

  void Customer(const Subject& subject) override {
    for (const Encounter& one : EncountersOf(subject)) {
      if (one.aim != nullptr && frame().Counts(*one.aim)) Add(subject, one);
    }
  }

 private:
  void Add(const Subject& subject, const Encounter& encounter) {
    Line& line = sheet().At({KindName(*encounter.aim)}, subject.id);
    line.AddEvent(encounter.aim->moment());
    line.Add("intended");
    if (encounter.outcome == nullptr) {
      line.Add("open");
      return;
    }
    const bool by_customer =
        facts::IsBegunByCustomer(*encounter.aim, SideOf(*encounter.aim, rules()));
    line.Add("stated");
    line.Add(by_customer ? "customer_stated" : "vendor_stated");
    line.Add(encounter.met() ? "met" : "not_met");
    if (encounter.met()) line.Add(by_customer ? "customer_met" : "vendor_met");
  }
};

}  // namespace

bool Encounter::met() const {
  return aim != nullptr && outcome != nullptr &&
         aim->envelope->intended_outcome() == outcome->envelope->outcome();
}

std::vector<Encounter> EncountersOf(const Subject& subject) {
  std::vector<Encounter> encounters;
  std::map<std::string, size_t> by_id;
  for (const ValidEvent& event : subject.events) {
    const v1::Event& envelope = *event.envelope;
    if (envelope.intended_outcome().empty() && envelope.outcome().empty()) continue;
    size_t place = encounters.size();
    if (!envelope.interaction_id().empty()) {
      place = by_id.emplace(envelope.interaction_id(), place).first->second;
    }
    if (place == encounters.size()) encounters.emplace_back();
    Encounter& one = encounters[place];
    if (one.aim == nullptr && !envelope.intended_outcome().empty()) one.aim = &event;
    if (!envelope.outcome().empty()) one.outcome = &event;
  }
  return encounters;
}

std::unique_ptr<Report> MakeOutcomes(const Frame& frame) {
  return std::make_unique<Outcomes>(frame);
}

}  // namespace rapport::report
