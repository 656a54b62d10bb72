// channels, areas, contacts, kinds, parties: how much is dealt with where and with whom, how well
// it goes and how long it takes.

#include "projections/report/makers.h"
#include "rapport/v1/dialogue.pb.h"

namespace rapport::report {
namespace {

using KeyOf = std::string (*)(const v1::Event& envelope, const ValidEvent& event);

std::string ByChannel(const v1::Event&, const ValidEvent& event) { return ChannelName(event); }

class Touches : public SheetReport {
 public:
  Touches(const Frame& frame, const char* by, KeyOf key_of, bool with_empty)
      : SheetReport(frame, {Key(by),
                            Count("touches"),
                            Count("by_customer"),
                            Count("personal"),
                            Count("outcomes_stated"),
                            Count("outcomes_met"),
                            Ratio("met", "outcomes_met", "outcomes_stated"),
                            Mean("feeling", "milli"),
                            Count("answers"),
                            Mean("satisfaction", "permille"),
                            Median("duration", "s"),
                            Count("without_duration"),
                            Count("with_value"),
                            Count("without_value"),
                            MoneySum("value"),
                            Count("waits"),
                            Median("wait", "s"),
                            Value("wait_target", "s"),
                            Hidden(Count("waits_judged")),
                            Count("waits_in_target"),
                            Ratio("in_target", "waits_in_target", "waits_judged"),
                            Count("live_stated"),
                            Count("live_person"),
                            Ratio("live", "live_person", "live_stated"),
                            Target("live_target", "live", frame.targets->live_person_permille)}),
        key_of_(key_of),
        with_empty_(with_empty) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event) || !IsInteraction(event, rules())) continue;
      const std::string key = key_of_(*event.envelope, event);
      if (key.empty() && !with_empty_) continue;
      AddTouch(event, sheet().At({key}, subject.id));
    }
  }

 private:
  void AddTouch(const ValidEvent& event, Line& line) {
    const v1::Event& envelope = *event.envelope;
    line.AddEvent(event.moment());
    line.Add("touches");
    if (facts::IsBegunByCustomer(event, SideOf(event, rules()))) line.Add("by_customer");
    if (facts::IsPersonalContact(envelope.channel())) line.Add("personal");
    if (!envelope.intended_outcome().empty() && !envelope.outcome().empty()) {
      line.Add("outcomes_stated");
      if (envelope.intended_outcome() == envelope.outcome()) line.Add("outcomes_met");
    }
    if (envelope.has_customer_feeling()) {
      line.Sample("feeling", int64_t{1000} * envelope.customer_feeling());
    }
    if (const auto* answer = As<v1::SurveyAnswered>(event)) {
      line.Add("answers");
      line.Sample("satisfaction", GoodOf(*answer));
    }
    AddMeasures(envelope, line);
  }

  void AddMeasures(const v1::Event& envelope, Line& line) const {
    if (envelope.has_duration_s()) line.Sample("duration", envelope.duration_s());
    if (!envelope.has_duration_s()) line.Add("without_duration");
    if (envelope.has_value()) line.AddMoney("value", envelope.value());
    line.Add(envelope.has_value() ? "with_value" : "without_value");
    if (envelope.has_wait_s()) AddWait(envelope, line);
    if (envelope.has_live_person()) {
      line.Add("live_stated");
      if (envelope.live_person()) line.Add("live_person");
    }
  }

  // Each wait against the target of its own channel, whatever the rows are by.
  void AddWait(const v1::Event& envelope, Line& line) const {
    line.Add("waits");
    line.Sample("wait", envelope.wait_s());
    const std::optional<int64_t> target = targets().WaitOn(envelope.channel());
    if (!target.has_value()) return;
    if (key_of_ == ByChannel) line.Set("wait_target", *target);
    line.Add("waits_judged");
    if (envelope.wait_s() <= *target) line.Add("waits_in_target");
  }

  const KeyOf key_of_;
  const bool with_empty_;
};

std::string ByArea(const v1::Event& envelope, const ValidEvent&) {
  return AreaName(envelope.area());
}
std::string ByContact(const v1::Event& envelope, const ValidEvent&) { return envelope.contact(); }
std::string ByKind(const v1::Event&, const ValidEvent& event) { return KindName(event); }
std::string ByParty(const v1::Event& envelope, const ValidEvent&) {
  return Bare(envelope.actor().party(), v1::ActorParty_Name, "ACTOR_PARTY_");
}

}  // namespace

std::unique_ptr<Report> MakeChannels(const Frame& frame) {
  return std::make_unique<Touches>(frame, "channel", ByChannel, /*with_empty=*/true);
}
std::unique_ptr<Report> MakeAreas(const Frame& frame) {
  return std::make_unique<Touches>(frame, "area", ByArea, /*with_empty=*/true);
}
std::unique_ptr<Report> MakeContacts(const Frame& frame) {
  return std::make_unique<Touches>(frame, "contact", ByContact, /*with_empty=*/false);
}
std::unique_ptr<Report> MakeKinds(const Frame& frame) {
  return std::make_unique<Touches>(frame, "kind", ByKind, /*with_empty=*/true);
}
std::unique_ptr<Report> MakeParties(const Frame& frame) {
  return std::make_unique<Touches>(frame, "party", ByParty, /*with_empty=*/true);
}

}  // namespace rapport::report
