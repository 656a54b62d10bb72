// cohorts: of those who began to buy in one month, how many bought in each month since.
//
// A cohort is the month of the first purchase, in UTC, of those whose first purchase lies in the
// window, which ends what is counted; month 00 is that one, and what is beyond month 24 is one row,
// `later`. Each month that has begun by the moment of the report, or the end of the window, has a
// row, so the last one may not be over. Purchases count
// also when they were reversed since. Behind a row stands who bought in it. The total counts each
// customer once, and as bought whoever has bought in a month behind the first.

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/str_format.h"
#include "engine/base/time.h"
#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

constexpr int64_t kOwnMonths = 24;

// Months since the year 0.
int64_t MonthNumber(int64_t at_us) {
  const CivilDate date = CivilOfDay(DayOf(at_us));
  return int64_t{date.year} * 12 + date.month;
}

std::string RowOf(int64_t months) {
  return months > kOwnMonths ? "later" : absl::StrFormat("%02d", months);
}

class Cohorts : public SheetReport {
 public:
  explicit Cohorts(const Frame& frame)
      : SheetReport(frame, {Key("month"), Key("months_since"), Beside(Count("customers")),
                            Beside(Count("bought")), Ratio("share", "bought", "customers"),
                            Count("purchases"), MoneySum("spend")}) {}

  void Customer(const Subject& subject) override {
    std::optional<int64_t> first_us;
    // Months in which something was bought, all beyond the last as one.
    std::set<int64_t> bought;
    for (const ValidEvent& event : subject.events) {
      const auto* made = As<v1::PurchaseMade>(event);
      if (made == nullptr) continue;
      if (!first_us.has_value()) {
        if (!frame().Counts(event)) return;
        first_us = event.occurred_at_us;
      }
      if (!frame().Counts(event)) break;
      const int64_t months = MonthsSince(*first_us, event.occurred_at_us);
      Line& line = LineOf(*first_us, months);
      if (bought.insert(months).second) line.Add("bought");
      line.Add("purchases");
      line.AddMoney("spend", made->amount());
      line.AddCustomer(subject.id);
      line.AddEvent(event.moment());
    }
    if (!first_us.has_value()) return;
    const int64_t last =
        MonthsSince(*first_us, std::min(frame().window.as_of_us, frame().window.to_us - 1));
    for (int64_t months = 0; months <= last; ++months) LineOf(*first_us, months).Add("customers");
    sheet().Beside().Add("customers");
    if (bought.size() > 1) sheet().Beside().Add("bought");
  }

 private:
  static int64_t MonthsSince(int64_t first_us, int64_t at_us) {
    return std::min(MonthNumber(at_us) - MonthNumber(first_us), kOwnMonths + 1);
  }
  Line& LineOf(int64_t first_us, int64_t months) {
    return sheet().At({MonthOf(first_us), RowOf(months)}, "");
  }
};

}  // namespace

std::unique_ptr<Report> MakeCohorts(const Frame& frame) { return std::make_unique<Cohorts>(frame); }

}  // namespace rapport::report
