// offers: what was offered, in which form, and what the customers said to it.
//
// An offer is accepted by an OfferAnswered or by a purchase that names it; the first answer counts.
// Without one it lapses when it is valid no longer.

#include <map>

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

struct Offer {
  const ValidEvent* made = nullptr;
  const ValidEvent* answer = nullptr;
  bool accepted = false;
  std::vector<const v1::PurchaseMade*> purchases;
};

class Offers : public SheetReport {
 public:
  explicit Offers(const Frame& frame)
      : SheetReport(frame,
                    {Key("form"), Key("product"), Count("made"), Count("accepted"),
                     Count("declined"), Count("lapsed"), Count("open"), Count("tailored"),
                     Count("bought"), MoneySum("value"), Ratio("acceptance", "accepted", "made"),
                     Ratio("tailored_share", "tailored", "made")}) {}

  void Customer(const Subject& subject) override {
    std::map<std::string, Offer> offers;
    for (const ValidEvent& event : subject.events) {
      if (const auto* made = As<v1::OfferMade>(event)) {
        Offer& offer = offers[made->offer()];
        if (offer.made == nullptr) offer.made = &event;
      }
      if (const auto* answer = As<v1::OfferAnswered>(event)) {
        Answer(offers, answer->offer(), event, answer->accepted());
      }
      const auto* bought = As<v1::PurchaseMade>(event);
      if (bought == nullptr || bought->offer().empty()) continue;
      Answer(offers, bought->offer(), event, true);
      offers[bought->offer()].purchases.push_back(bought);
    }
    for (const auto& [key, offer] : offers) {
      if (offer.made != nullptr && frame().Counts(*offer.made)) Add(subject, offer);
    }
  }

 private:
  static void Answer(std::map<std::string, Offer>& offers, const std::string& key,
                     const ValidEvent& event, bool accepted) {
    Offer& offer = offers[key];
    if (offer.answer != nullptr) return;
    offer.answer = &event;
    offer.accepted = accepted;
  }

  void Add(const Subject& subject, const Offer& offer) {
    const auto& made = *As<v1::OfferMade>(*offer.made);
    Line& line = sheet().At({Bare(made.form(), v1::OfferForm_Name, "OFFER_FORM_"), made.product()},
                            subject.id);
    line.AddEvent(offer.made->moment());
    line.Add("made");
    if (made.has_preference() && !made.preference().empty()) line.Add("tailored");
    const bool over =
        made.valid_until_us() != 0 && made.valid_until_us() <= frame().window.as_of_us;
    if (offer.answer != nullptr) {
      line.Add(offer.accepted ? "accepted" : "declined");
      line.AddEvent(offer.answer->moment());
    } else {
      line.Add(over ? "lapsed" : "open");
    }
    if (!offer.purchases.empty()) line.Add("bought");
    for (const v1::PurchaseMade* purchase : offer.purchases) {
      line.AddMoney("value", purchase->amount());
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeOffers(const Frame& frame) { return std::make_unique<Offers>(frame); }

}  // namespace rapport::report
