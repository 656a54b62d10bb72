// reciprocity: what each side contributes, act by act, and the balance.
//
// Of the customer: purchases (their amount), referrals (what converted ones brought), feedback and
// other help, which has no price. Of the business: gifts, training, information and concessions, at
// their cost.

#include "projections/report/makers.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::report {
namespace {

bool GivesOfCustomer(v1::Kind kind) {
  switch (kind) {
    case v1::KIND_PURCHASE_MADE:
    case v1::KIND_REFERRAL_MADE:
    case v1::KIND_REFERRAL_CONVERTED:
    case v1::KIND_ADVOCACY_SHOWN:
    case v1::KIND_PRAISE_GIVEN:
    case v1::KIND_FEEDBACK_GIVEN:
    case v1::KIND_SURVEY_ANSWERED:
    case v1::KIND_COMMUNITY_ACTED:
    case v1::KIND_SOLUTION_BUILT:
      return true;
    default:
      return false;
  }
}

bool GivesOfBusiness(v1::Kind kind) {
  return kind == v1::KIND_CONCESSION_MADE || kind == v1::KIND_GIFT_GIVEN ||
         kind == v1::KIND_TRAINING_GIVEN || kind == v1::KIND_INFORMATION_SHARED;
}

class Reciprocity : public SheetReport {
 public:
  explicit Reciprocity(const Frame& frame)
      : SheetReport(frame, {Key("side"), Key("kind"), Count("events"), MoneySum("value"),
                            Hidden(Count("spent_centi")), Hidden(Count("given_centi")),
                            Ratio("reciprocity", "given_centi", "spent_centi"),
                            Formula("balance", "centi",
                                    [](const Line& line) -> std::optional<int64_t> {
                                      return line.Sum("spent_centi") - line.Sum("given_centi");
                                    }),
                            Beside(Count("touches")), Beside(Count("by_customer")),
                            Ratio("begun_by_customer", "by_customer", "touches")}) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event)) continue;
      if (IsInteraction(event, rules())) {
        sheet().Beside().AddCustomer(subject.id);
        sheet().Beside().Add("touches");
        if (facts::IsBegunByCustomer(event, SideOf(event, rules()))) {
          sheet().Beside().Add("by_customer");
        }
      }
      if (const auto* back = As<v1::PurchaseReversed>(event)) {
        Line& line = LineOf(subject, event, "customer");
        line.AddMoney("value", back->amount(), -1);
        line.Add("spent_centi", -rules().Centi(back->amount()));
      } else if (GivesOfCustomer(event.kind) && IsCustomerAct(event, rules())) {
        AddOfCustomer(event, LineOf(subject, event, "customer"));
      } else if (GivesOfBusiness(event.kind)) {
        Line& line = LineOf(subject, event, "business");
        line.AddMoney("value", event.envelope->cost());
        if (event.envelope->has_cost()) {
          line.Add("given_centi", rules().Centi(event.envelope->cost()));
        }
      }
    }
  }

 private:
  Line& LineOf(const Subject& subject, const ValidEvent& event, const char* side) {
    Line& line = sheet().At({side, KindName(event)}, subject.id);
    line.AddEvent(event.moment());
    line.Add("events");
    return line;
  }

  void AddOfCustomer(const ValidEvent& event, Line& line) {
    if (const auto* bought = As<v1::PurchaseMade>(event)) {
      line.AddMoney("value", bought->amount());
      line.Add("spent_centi", rules().Centi(bought->amount()));
    } else if (As<v1::ReferralConverted>(event) != nullptr) {
      line.AddMoney("value", event.envelope->value());
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeReciprocity(const Frame& frame) {
  return std::make_unique<Reciprocity>(frame);
}

}  // namespace rapport::report
