// coverage: whom the business turns to: touches of its own by how much customers spent, and those
// of buyers and of people who have not bought yet apart.
//
// A band is the power of two below the spend in whole units of the base currency: band 06 is 64 to
// 127; band 00 is below 2. A touch before the first purchase is one of somebody new.

#include "absl/strings/str_format.h"
#include "engine/base/fixed_point.h"
#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

class Coverage : public SheetReport {
 public:
  explicit Coverage(const Frame& frame)
      : SheetReport(frame, {Key("band"), Count("customers"), Count("touches"), Count("existing"),
                            Count("new"), Milli("touches_per_customer", "touches", "customers")}) {}

  void Customer(const Subject& subject) override {
    if (subject.events.empty()) return;
    Line& line = sheet().At({SpendBand(subject, rules())}, subject.id);
    line.Add("customers");
    bool has_bought = false;
    for (const ValidEvent& event : subject.events) {
      has_bought = has_bought || As<v1::PurchaseMade>(event) != nullptr;
      if (!frame().Counts(event) || SideOf(event, rules()) != facts::Side::kVendor) continue;
      line.Add("touches");
      line.Add(has_bought ? "existing" : "new");
    }
  }
};

}  // namespace

std::string SpendBand(const Subject& subject, const facts::FoldRules& rules) {
  int64_t centi = 0;
  for (const ValidEvent& event : subject.events) {
    const auto* bought = As<v1::PurchaseMade>(event);
    if (bought != nullptr) centi = SaturatingAdd(centi, rules.Centi(bought->amount()));
  }
  int band = 0;
  for (int64_t units = centi / 100; units > 1; units /= 2) ++band;
  return absl::StrFormat("%02d", band);
}

std::unique_ptr<Report> MakeCoverage(const Frame& frame) {
  return std::make_unique<Coverage>(frame);
}

}  // namespace rapport::report
