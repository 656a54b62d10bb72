// orders: what was ordered, how far it is, what was paid and taken back.
//
// The state of an order is what was said of it last: `BOUGHT`, the code of a step of its
// fulfilment, or the form in which it was reversed.

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

class Orders : public SheetReport {
 public:
  explicit Orders(const Frame& frame)
      : SheetReport(frame, {Key("order"), Text("state"), Moment("since"), Count("steps"),
                            MoneySum("amount"), MoneySum("reversed")}) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event)) continue;
      if (const auto* made = As<v1::PurchaseMade>(event)) {
        Say(subject, event, made->order(), "BOUGHT").AddMoney("amount", made->amount());
      } else if (const auto* done = As<v1::FulfilmentStepDone>(event)) {
        Say(subject, event, done->order(), done->step()).Add("steps");
      } else if (const auto* reversed = As<v1::PurchaseReversed>(event)) {
        const std::string form = Bare(reversed->form(), v1::ReversalForm_Name, "REVERSAL_FORM_");
        Say(subject, event, reversed->order(), form.empty() ? "REVERSED" : form)
            .AddMoney("reversed", reversed->amount());
      }
    }
  }

 private:
  // Of events by moment the last word stands.
  Line& Say(const Subject& subject, const ValidEvent& event, const std::string& order,
            const std::string& state) {
    Line& line = sheet().At({order}, subject.id);
    line.SetText("state", state);
    line.Set("since", event.occurred_at_us);
    line.AddEvent(event.moment());
    return line;
  }
};

}  // namespace

std::unique_ptr<Report> MakeOrders(const Frame& frame) { return std::make_unique<Orders>(frame); }

}  // namespace rapport::report
