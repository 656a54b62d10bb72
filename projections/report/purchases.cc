// purchases: what, when, where and why customers buy, why they began, what became of orders.
//
// A purchase stands in several rows, one for each question, so only the total counts each once.
// Orders by key are told of one customer only.

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/time.h"
#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

class PurchasesReport : public SheetReport {
 public:
  explicit PurchasesReport(const Frame& frame)
      : SheetReport(frame,
                    {Key("by"), Key("is"), Beside(Count("purchases")), Beside(MoneySum("spend")),
                     Beside(Count("reversals")), Beside(MoneySum("reversed")), Text("steps"),
                     Beside(Median("gap", "days"))}) {}

  void Customer(const Subject& subject) override {
    ++customers_;
    std::map<std::string, std::vector<std::string>> steps;
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event)) continue;
      if (const auto* made = As<v1::PurchaseMade>(event)) AddPurchase(subject, event, *made);
      if (const auto* back = As<v1::PurchaseReversed>(event)) AddReversal(subject, event, *back);
      if (const auto* step = As<v1::FulfilmentStepDone>(event)) {
        steps[step->order()].push_back(step->step());
      }
    }
    const std::vector<int64_t> days = PurchaseDays(subject);
    for (size_t i = 1; i < days.size(); ++i) sheet().Beside().Sample("gap", days[i] - days[i - 1]);
    for (const auto& [order, done] : steps) {
      if (order.empty()) continue;
      sheet().At({"order", order}, subject.id).SetText("steps", absl::StrJoin(done, " "));
    }
  }

  void Finish(v1::Table& table) override {
    if (customers_ > 1) {
      std::erase_if(sheet().lines(), [](const auto& line) { return line.first[0] == "order"; });
    }
    SheetReport::Finish(table);
  }

 private:
  void AddPurchase(const Subject& subject, const ValidEvent& event, const v1::PurchaseMade& made) {
    const v1::Event& envelope = *event.envelope;
    for (const v1::PurchaseItem& item : made.items()) {
      Line& line = LineOf(subject, event, "item", item.sku());
      line.Add("purchases");
      line.AddMoney("spend", item.amount());
    }
    const auto add = [&](const char* by, const std::string& is) {
      Line& line = LineOf(subject, event, by, is);
      line.Add("purchases");
      line.AddMoney("spend", made.amount());
    };
    // What was not said is a row, too, where it ought to be said.
    add("channel", ChannelName(event));
    add("place", envelope.place());
    add("reason", envelope.reason());
    add("month", MonthOf(event.occurred_at_us));
    if (!envelope.subject().empty()) add("subject", envelope.subject());
    if (!made.start_reason().empty()) add("start_reason", made.start_reason());
    if (!made.order().empty()) add("order", made.order());
    sheet().Beside().Add("purchases");
    sheet().Beside().AddMoney("spend", made.amount());
  }

  void AddReversal(const Subject& subject, const ValidEvent& event,
                   const v1::PurchaseReversed& back) {
    if (!back.order().empty()) {
      Line& line = LineOf(subject, event, "order", back.order());
      line.Add("reversals");
      line.AddMoney("reversed", back.amount());
    }
    sheet().Beside().Add("reversals");
    sheet().Beside().AddMoney("reversed", back.amount());
    sheet().Beside().AddCustomer(subject.id);
  }

  Line& LineOf(const Subject& subject, const ValidEvent& event, const char* by,
               const std::string& is) {
    Line& line = sheet().At({by, is}, subject.id);
    line.AddEvent(event.moment());
    return line;
  }

  int customers_ = 0;
};

}  // namespace

std::unique_ptr<Report> MakePurchases(const Frame& frame) {
  return std::make_unique<PurchasesReport>(frame);
}

}  // namespace rapport::report
