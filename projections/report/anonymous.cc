// anonymous: what is bought by nobody known, by place.

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

class AnonymousReport : public SheetReport {
 public:
  explicit AnonymousReport(const Frame& frame)
      : SheetReport(frame, {Key("place"), Count("events"), Count("purchases"), MoneySum("spend")}) {
  }

  void Customer(const Subject&) override {}
  void Anonymous(const ValidEvent& event) override {
    if (!frame().Counts(event)) return;
    Line& line = sheet().At({event.envelope->place()}, "");
    line.AddEvent(event.moment());
    line.Add("events");
    const auto* bought = As<v1::PurchaseMade>(event);
    if (bought == nullptr) return;
    line.Add("purchases");
    line.AddMoney("spend", bought->amount());
  }
};

}  // namespace

std::unique_ptr<Report> MakeAnonymous(const Frame& frame) {
  return std::make_unique<AnonymousReport>(frame);
}

}  // namespace rapport::report
