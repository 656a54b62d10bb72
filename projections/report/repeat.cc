// repeat: how many of those who bought on n days bought on another.
//
// A row is the nth purchase day; those from the ninth on are one row. Nothing is assumed: of a
// customer whose nth day was yesterday it is only said that there was no other so far.

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "projections/report/makers.h"

namespace rapport::report {
namespace {

constexpr size_t kOwnRows = 8;

class Repeat : public SheetReport {
 public:
  explicit Repeat(const Frame& frame)
      : SheetReport(frame, {Key("purchase_day"), Count("reached"), Count("bought_again"),
                            Ratio("again", "bought_again", "reached"), Median("gap", "days")}) {}

  void Customer(const Subject& subject) override {
    const std::vector<int64_t> days = PurchaseDays(subject);
    for (size_t i = 0; i < days.size(); ++i) {
      const int64_t at_us = days[i] * kMicrosPerDay;
      if (at_us + kMicrosPerDay <= frame().window.from_us || at_us >= frame().window.to_us) {
        continue;
      }
      Line& line = sheet().At({i < kOwnRows ? absl::StrCat(i + 1) : "9+"}, subject.id);
      line.Add("reached");
      if (i + 1 == days.size()) continue;
      line.Add("bought_again");
      line.Sample("gap", days[i + 1] - days[i]);
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeRepeat(const Frame& frame) { return std::make_unique<Repeat>(frame); }

}  // namespace rapport::report
