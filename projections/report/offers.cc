// offers: what was offered, in which form, and what the customers said to it.
//
// What an offer and its answer are, offer_book.h says. Bought: purchases that name the offer,
// whatever was answered.

#include <map>

#include "projections/report/makers.h"
#include "projections/report/offer_book.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

using Book = OfferBook<ValidEvent>;
using Bought = std::vector<const v1::PurchaseMade*>;

class Offers : public SheetReport {
 public:
  explicit Offers(const Frame& frame)
      : SheetReport(frame,
                    {Key("form"), Key("product"), Count("made"), Count("accepted"),
                     Count("declined"), Count("lapsed"), Count("open"), Count("tailored"),
                     Count("bought"), MoneySum("value"), Ratio("acceptance", "accepted", "made"),
                     Ratio("tailored_share", "tailored", "made")}) {}

  void Customer(const Subject& subject) override {
    Book offers;
    std::map<std::string, Bought> bought;
    for (const ValidEvent& event : subject.events) {
      if (const auto* made = As<v1::OfferMade>(event)) offers.Made(made->offer(), event);
      if (const auto* answer = As<v1::OfferAnswered>(event)) {
        offers.Answered(answer->offer(), event);
      }
      const auto* purchase = As<v1::PurchaseMade>(event);
      if (purchase != nullptr && !purchase->offer().empty()) {
        bought[purchase->offer()].push_back(purchase);
      }
    }
    for (const auto& [key, offer] : offers.all()) {
      if (frame().Counts(*offer.made)) Add(subject, offer, bought[key]);
    }
  }

 private:
  void Add(const Subject& subject, const Book::Offer& offer, const Bought& purchases) {
    const auto& made = *As<v1::OfferMade>(*offer.made);
    Line& line = sheet().At({Bare(made.form(), v1::OfferForm_Name, "OFFER_FORM_"), made.product()},
                            subject.id);
    line.AddEvent(offer.made->moment());
    line.Add("made");
    if (made.has_preference() && !made.preference().empty()) line.Add("tailored");
    const OfferEnd end = offer.EndAt(frame().window.as_of_us, made.valid_until_us());
    if (end == OfferEnd::kAnswered) {
      const bool accepted = As<v1::OfferAnswered>(*offer.answer)->accepted();
      line.Add(accepted ? "accepted" : "declined");
      line.AddEvent(offer.answer->moment());
    } else {
      line.Add(end == OfferEnd::kLapsed ? "lapsed" : "open");
    }
    if (!purchases.empty()) line.Add("bought");
    for (const v1::PurchaseMade* purchase : purchases) {
      line.AddMoney("value", purchase->amount());
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeOffers(const Frame& frame) { return std::make_unique<Offers>(frame); }

}  // namespace rapport::report
