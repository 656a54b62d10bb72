// profitability: what is left of a customer's purchases, in hundredths of the base currency.
//
// margin = spend - reversed - cost of the goods; profit = margin - service - giving - outreach,
// each event's cost in the part that its kind belongs to. A purchase without a stated cost is
// counted as such: the margin then is what is known, not what is true.

#include "projections/facts/groups.h"
#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

int64_t MarginOf(const Line& line) {
  return line.Sum("spend") - line.Sum("reversed") - line.Sum("goods");
}

class Profitability : public SheetReport {
 public:
  explicit Profitability(const Frame& frame)
      : SheetReport(
            frame,
            {Key("customer"), Count("purchases"), Count("without_cost"), Count("spend", "centi"),
             Count("reversed", "centi"), Count("goods", "centi"),
             Formula("margin", "centi",
                     [](const Line& line) { return std::optional<int64_t>(MarginOf(line)); }),
             Count("service", "centi"), Count("giving", "centi"), Count("outreach", "centi"),
             Formula("profit", "centi", [](const Line& line) {
               return std::optional<int64_t>(MarginOf(line) - line.Sum("service") -
                                             line.Sum("giving") - line.Sum("outreach"));
             })}) {
    sheet().RankBy("profit");
  }

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event)) continue;
      Line& line = sheet().At({std::string(subject.id)}, subject.id);
      if (const auto* bought = As<v1::PurchaseMade>(event)) {
        line.Add("purchases");
        line.Add("spend", rules().Centi(bought->amount()));
        if (!event.envelope->has_cost()) line.Add("without_cost");
      }
      if (const auto* back = As<v1::PurchaseReversed>(event)) {
        line.Add("reversed", rules().Centi(back->amount()));
      }
      if (event.envelope->has_cost()) AddCost(event, line);
    }
  }

 private:
  void AddCost(const ValidEvent& event, Line& line) {
    if (SideOf(event, rules()) == facts::Side::kTechnical) return;
    const int64_t centi = rules().Centi(event.envelope->cost());
    switch (PartOf(event)) {
      case facts::kGoodsCenti:
        return line.Add("goods", centi);
      case facts::kGivingCenti:
        return line.Add("giving", centi);
      case facts::kOutreachCenti:
        return line.Add("outreach", centi);
      default:
        return line.Add("service", centi);
    }
  }

  facts::SumName PartOf(const ValidEvent& event) const {
    if (event.kind != v1::KIND_CUSTOM_TOUCHPOINT) return facts::CostOf(event.kind);
    const facts::CustomKind* kind = rules().FindCustomKind(KindName(event));
    return kind == nullptr ? facts::kServiceCenti : kind->cost;
  }
};

}  // namespace

std::unique_ptr<Report> MakeProfitability(const Frame& frame) {
  return std::make_unique<Profitability>(frame);
}

}  // namespace rapport::report
