// transactional_share: which share of the customers only ever bought, and does nothing else.

#include "engine/base/time.h"
#include "projections/report/makers.h"

namespace rapport::report {
namespace {

// Number of the transactional ring among the shares of a standing.
constexpr uint32_t kTransactional = 0;

class TransactionalShare : public SheetReport {
 public:
  explicit TransactionalShare(const Frame& frame)
      : SheetReport(frame, {Key("date"), Count("known"), Count("buyers"), Count("transactional"),
                            Ratio("share", "transactional", "known")}) {}

  void Customer(const Subject& subject) override {
    if (subject.events.empty()) return;
    const v1::Standing standing = subject.past->At(frame().window.as_of_us);
    Line& line = sheet().At({FormatDay(DayOf(frame().window.as_of_us))}, subject.id);
    line.Add("known");
    if (standing.purchase_days() > 0) line.Add("buyers");
    // Shares add up to 1000, so nothing else weighs.
    if (standing.types_size() == 1 && standing.types(0).type() == kTransactional) {
      line.Add("transactional");
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeTransactionalShare(const Frame& frame) {
  return std::make_unique<TransactionalShare>(frame);
}

}  // namespace rapport::report
