// promotions: sent, redeemed while they held and after, and how much hangs on them.
//
// A purchase that names a promotion and a PromotionRedeemed of the same order are one redemption.
// How long it holds is what the customer was sent last before; without that nothing is judged.

#include <map>
#include <optional>

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

class Promotions : public SheetReport {
 public:
  explicit Promotions(const Frame& frame)
      : SheetReport(frame,
                    {Key("promotion"), Count("sent"), Count("redeemed"), Count("in_validity"),
                     Count("out_of_validity"), Count("purchases"), MoneySum("spend"),
                     Beside(Count("all_purchases")), Ratio("redeemed_share", "redeemed", "sent"),
                     Ratio("dependence", "purchases", "all_purchases")}) {}

  void Customer(const Subject& subject) override {
    // Promotion and order -> the redemption.
    std::map<std::pair<std::string, std::string>, const ValidEvent*> redemptions;
    std::map<std::string, std::optional<int64_t>> valid_until;
    for (const ValidEvent& event : subject.events) {
      if (const auto* sent = As<v1::PromotionSent>(event)) {
        valid_until[sent->promotion()] = sent->valid_until_us();
        if (frame().Counts(event)) LineOf(subject, event, sent->promotion()).Add("sent");
      }
      const auto [promotion, order] = RedeemedBy(subject, event);
      if (promotion.empty()) continue;
      const std::string id = order.empty() ? event.id.Hex() : order;
      if (!redemptions.emplace(std::make_pair(promotion, id), &event).second) continue;
      if (!frame().Counts(event)) continue;
      Line& line = LineOf(subject, event, promotion);
      line.Add("redeemed");
      const auto until = valid_until.find(promotion);
      if (until == valid_until.end()) continue;
      const bool holds = *until->second == 0 || event.occurred_at_us <= *until->second;
      line.Add(holds ? "in_validity" : "out_of_validity");
    }
  }

 private:
  Line& LineOf(const Subject& subject, const ValidEvent& event, const std::string& promotion) {
    Line& line = sheet().At({promotion}, subject.id);
    line.AddEvent(event.moment());
    return line;
  }

  // Promotion and order when the event redeems one; counts purchases on the way.
  std::pair<std::string, std::string> RedeemedBy(const Subject& subject, const ValidEvent& event) {
    if (const auto* redeemed = As<v1::PromotionRedeemed>(event)) {
      return {redeemed->promotion(), redeemed->order()};
    }
    const auto* made = As<v1::PurchaseMade>(event);
    if (made == nullptr) return {};
    if (frame().Counts(event)) {
      sheet().Beside().Add("all_purchases");
      sheet().Beside().AddCustomer(subject.id);
      if (!made->promotion().empty()) {
        Line& line = sheet().At({made->promotion()}, subject.id);
        line.Add("purchases");
        line.AddMoney("spend", made->amount());
      }
    }
    return {made->promotion(), made->order()};
  }
};

}  // namespace

std::unique_ptr<Report> MakePromotions(const Frame& frame) {
  return std::make_unique<Promotions>(frame);
}

}  // namespace rapport::report
