// concessions: what was given up, whom it won, and whether it came back.
//
// A row is one concession of one customer: what they spent since it was made, less what they gave
// back. Of a customer with several the total counts what was spent since the first only once. An
// acquisition concession wins a customer who had not bought before and buys after it; that first
// purchase stands behind its row, too.

#include <optional>

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

class Concessions : public SheetReport {
 public:
  explicit Concessions(const Frame& frame)
      : SheetReport(frame, {Key("customer"), Key("concession"), Count("made"), MoneySum("cost"),
                            Hidden(Count("cost_centi")), Beside(MoneySum("spend_since")),
                            Hidden(Beside(Count("since_centi"))),
                            Ratio("payback", "since_centi", "cost_centi"), Count("acquisition"),
                            Count("won"), Count("not_won"), Hidden(Count("acquisition_centi")),
                            Formula("cost_per_won", "centi",
                                    [](const Line& line) -> std::optional<int64_t> {
                                      if (line.Sum("won") == 0) return std::nullopt;
                                      return line.Sum("acquisition_centi") / line.Sum("won");
                                    })}) {}

  void Customer(const Subject& subject) override {
    const std::vector<rapport::Moment> purchases = Purchases(subject);
    bool is_first = true;
    for (const ValidEvent& event : subject.events) {
      const auto* made = As<v1::ConcessionMade>(event);
      if (made == nullptr || !frame().Counts(event)) continue;
      Line& line = sheet().At({std::string(subject.id), made->concession()}, subject.id);
      line.AddEvent(event.moment());
      line.Add("made");
      AddCost(event, *made, line);
      AddSpendSince(subject, event, line);
      if (is_first) AddSpendSince(subject, event, sheet().Beside());
      is_first = false;
      if (!made->acquisition()) continue;
      line.Add("acquisition");
      const bool won = !purchases.empty() && event.moment() < purchases.front();
      line.Add(won ? "won" : "not_won");
      if (won) line.AddEvent(purchases.front());
    }
  }

 private:
  void AddCost(const ValidEvent& event, const v1::ConcessionMade& made, Line& line) {
    if (!event.envelope->has_cost()) return;
    line.AddMoney("cost", event.envelope->cost());
    const int64_t centi = rules().Centi(event.envelope->cost());
    line.Add("cost_centi", centi);
    if (made.acquisition()) line.Add("acquisition_centi", centi);
  }

  void AddSpendSince(const Subject& subject, const ValidEvent& since, Line& line) {
    for (const ValidEvent& event : subject.events) {
      if (event.moment() < since.moment()) continue;
      if (const auto* bought = As<v1::PurchaseMade>(event)) {
        line.AddMoney("spend_since", bought->amount());
        line.Add("since_centi", rules().Centi(bought->amount()));
      }
      if (const auto* back = As<v1::PurchaseReversed>(event)) {
        line.AddMoney("spend_since", back->amount(), -1);
        line.Add("since_centi", -rules().Centi(back->amount()));
      }
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeConcessions(const Frame& frame) {
  return std::make_unique<Concessions>(frame);
}

}  // namespace rapport::report
