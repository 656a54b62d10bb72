// co_purchase: what those who bought one product bought too, the most frequent first, and how often
// a recommendation is taken.
//
// A product is the stock code of an item, else the subject of the purchase. Of one customer at most
// kProductsMax products are paired, those bought first.

#include <algorithm>
#include <map>
#include <set>

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

constexpr size_t kProductsMax = 64;

void AddProducts(const ValidEvent& event, const v1::PurchaseMade& bought,
                 std::vector<std::string>& products) {
  const auto add = [&](const std::string& product) {
    if (product.empty() || products.size() == kProductsMax) return;
    if (std::find(products.begin(), products.end(), product) == products.end()) {
      products.push_back(product);
    }
  };
  for (const v1::PurchaseItem& item : bought.items()) add(item.sku());
  if (bought.items().empty()) add(event.envelope->subject());
}

class CoPurchase : public SheetReport {
 public:
  explicit CoPurchase(const Frame& frame)
      : SheetReport(frame, {Key("bought"), Key("also"), Count("both"), Count("buyers"),
                            Ratio("share", "both", "buyers"), Beside(Count("recommended")),
                            Beside(Count("taken")), Beside(Count("declined")),
                            Ratio("hit_rate", "taken", "recommended")}) {
    sheet().RankBy("both");
  }

  void Customer(const Subject& subject) override {
    std::vector<std::string> products;
    for (const ValidEvent& event : subject.events) {
      const auto* bought = As<v1::PurchaseMade>(event);
      if (bought != nullptr && frame().Counts(event)) AddProducts(event, *bought, products);
      const auto* offer = As<v1::OfferMade>(event);
      if (offer != nullptr && offer->form() == v1::OFFER_FORM_RECOMMENDATION &&
          frame().Counts(event)) {
        AddRecommendation(subject, event, *offer);
      }
    }
    for (const std::string& product : products) {
      ++buyers_[product];
      for (const std::string& other : products) {
        if (product != other) sheet().At({product, other}, subject.id).Add("both");
      }
    }
  }

  void Finish(v1::Table& table) override {
    for (auto& [keys, line] : sheet().lines()) line.Add("buyers", buyers_[keys[0]]);
    SheetReport::Finish(table);
  }

 private:
  void AddRecommendation(const Subject& subject, const ValidEvent& made,
                         const v1::OfferMade& offer) {
    sheet().Beside().AddCustomer(subject.id);
    sheet().Beside().Add("recommended");
    for (const ValidEvent& event : subject.events) {
      if (!(made.moment() < event.moment())) continue;
      const auto* answer = As<v1::OfferAnswered>(event);
      const bool is_ours = answer != nullptr && answer->offer() == offer.offer();
      if (is_ours && !answer->accepted()) return sheet().Beside().Add("declined");
      if (is_ours || Takes(event, offer)) return sheet().Beside().Add("taken");
    }
  }

  // Bought by that offer, or what it names.
  static bool Takes(const ValidEvent& event, const v1::OfferMade& offer) {
    const auto* bought = As<v1::PurchaseMade>(event);
    if (bought == nullptr) return false;
    if (!offer.offer().empty() && bought->offer() == offer.offer()) return true;
    std::vector<std::string> products;
    AddProducts(event, *bought, products);
    return std::find(products.begin(), products.end(), offer.product()) != products.end();
  }

  std::map<std::string, int64_t> buyers_;
};

}  // namespace

std::unique_ptr<Report> MakeCoPurchase(const Frame& frame) {
  return std::make_unique<CoPurchase>(frame);
}

}  // namespace rapport::report
