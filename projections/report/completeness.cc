// completeness: which measures publishers give, and which they leave out.
//
// An event is complete when it has duration, outcomes (intended and reached) and value. Areas count
// apart; the reason is asked of purchases. A publisher is who was authenticated, else the source.

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

class Completeness : public SheetReport {
 public:
  explicit Completeness(const Frame& frame)
      : SheetReport(frame,
                    {Key("publisher"), Count("events"), Count("complete"),
                     Ratio("completeness", "complete", "events"), Count("with_duration"),
                     Ratio("duration_share", "with_duration", "events"), Count("with_outcomes"),
                     Ratio("outcome_share", "with_outcomes", "events"), Count("with_value"),
                     Ratio("value_share", "with_value", "events"), Count("with_area"),
                     Ratio("area_share", "with_area", "events"), Count("purchases"),
                     Count("with_reason"), Ratio("reason_share", "with_reason", "purchases")}) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event) || !IsInteraction(event, rules())) continue;
      const v1::Event& envelope = *event.envelope;
      Line& line = sheet().At(
          {envelope.publisher().empty() ? envelope.source() : envelope.publisher()}, subject.id);
      line.Add("events");
      const bool outcomes = !envelope.intended_outcome().empty() && !envelope.outcome().empty();
      if (envelope.has_duration_s() && outcomes && envelope.has_value()) line.Add("complete");
      if (envelope.has_duration_s()) line.Add("with_duration");
      if (outcomes) line.Add("with_outcomes");
      if (envelope.has_value()) line.Add("with_value");
      if (envelope.area() != v1::AREA_UNSPECIFIED) line.Add("with_area");
      if (As<v1::PurchaseMade>(event) == nullptr) continue;
      line.Add("purchases");
      if (!envelope.reason().empty()) line.Add("with_reason");
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeCompleteness(const Frame& frame) {
  return std::make_unique<Completeness>(frame);
}

}  // namespace rapport::report
