// referrals: who brought whom, out of which transaction, and what came of it.
//
// A row is one referral; who referred and who was referred are the edges of the tree. Transactions
// are purchases; a referral belongs to the one it shares interaction_id with.

#include <map>

#include "projections/report/makers.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

// A ratio that its name says the unit of. Nobody brought is 0 per thousand, not unknown.
Column PerThousand(std::string name, const std::string& of, const std::string& per) {
  return Formula(std::move(name), "", [of, per](const Line& line) {
    return line.Sum(of) == 0 ? 0 : Permille(line.Sum(of), line.Sum(per));
  });
}

class Referrals : public SheetReport {
 public:
  explicit Referrals(const Frame& frame)
      : SheetReport(frame, {Key("referrer"), Key("referral"), Text("referred"), Text("form"),
                            Text("transaction"), Count("made"), Count("with_transaction"),
                            Count("qualified"), Count("decision_makers"), Count("converted"),
                            MoneySum("value"), Beside(Count("transactions")),
                            PerThousand("per_1000_transactions", "made", "transactions"),
                            PerThousand("converted_per_1000", "converted", "made")}) {}

  void Customer(const Subject& subject) override {
    // Order by the encounter it was bought in.
    std::map<std::string, std::string> orders;
    for (const ValidEvent& event : subject.events) {
      const auto* made = As<v1::PurchaseMade>(event);
      if (made == nullptr) continue;
      const std::string& interaction = event.envelope->interaction_id();
      if (!interaction.empty()) orders.emplace(interaction, made->order());
      if (!frame().Counts(event)) continue;
      sheet().Beside().Add("transactions");
      sheet().Beside().AddCustomer(subject.id);
    }
    for (const ValidEvent& event : subject.events) {
      if (const auto* made = As<v1::ReferralMade>(event);
          made != nullptr && frame().Counts(event)) {
        AddReferral(subject, event, *made, orders);
      }
      if (const auto* one = As<v1::ReferralConverted>(event)) AddConversion(subject, event, *one);
    }
  }

 private:
  void AddReferral(const Subject& subject, const ValidEvent& event, const v1::ReferralMade& made,
                   const std::map<std::string, std::string>& orders) {
    Line& line = sheet().At({std::string(subject.id), made.referral()}, subject.id);
    line.AddEvent(event.moment());
    const auto once = [&line](const char* column, bool is) {
      if (is && line.Sum(column) == 0) line.Add(column);
    };
    once("made", true);
    once("qualified", made.qualified());
    once("decision_makers", made.decision_maker());
    if (!made.referred().empty()) line.SetText("referred", made.referred());
    line.SetText("form", Bare(made.form(), v1::ReferralForm_Name, "REFERRAL_FORM_"));
    const auto order = orders.find(event.envelope->interaction_id());
    if (order == orders.end()) return;
    once("with_transaction", true);
    line.SetText("transaction", order->second);
  }

  void AddConversion(const Subject& subject, const ValidEvent& event,
                     const v1::ReferralConverted& converted) {
    const std::vector<std::string> keys = {std::string(subject.id), converted.referral()};
    const auto at = sheet().lines().find(keys);
    // A referral is converted once, by what the referred person bought first.
    if (at == sheet().lines().end() || at->second.Sum("converted") > 0) return;
    at->second.Add("converted");
    at->second.AddMoney("value", event.envelope->value());
    at->second.AddEvent(event.moment());
  }
};

}  // namespace

std::unique_ptr<Report> MakeReferrals(const Frame& frame) {
  return std::make_unique<Referrals>(frame);
}

}  // namespace rapport::report
