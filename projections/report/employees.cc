// employees: who does what for customers: acts, follow-ups closed, and what those customers bought
// later, by person and role.
//
// An employee is an actor of the party EMPLOYEE, or one of no stated party who acts for the
// business; purchases count that come after their first act for that customer.

#include <algorithm>
#include <map>

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

class Employees : public SheetReport {
 public:
  explicit Employees(const Frame& frame)
      : SheetReport(frame, {Key("actor"), Key("role"), Count("acts"), Count("follow_ups_closed"),
                            Beside(Count("later_purchases")), Beside(MoneySum("later_spend"))}) {}

  void Customer(const Subject& subject) override {
    using Who = std::pair<std::string, std::string>;
    std::map<Who, rapport::Moment> first;
    for (const ValidEvent& event : subject.events) {
      if (!IsEmployee(event) || !frame().Counts(event)) continue;
      const Who who = WhoOf(event);
      Line& line = sheet().At({who.first, who.second}, subject.id);
      line.AddEvent(event.moment());
      line.Add("acts");
      first.emplace(who, event.moment());
    }
    if (first.empty()) return;
    for (const Outcome& one : subject.past->FollowUps(frame().window.as_of_us)) {
      if (!one.done() || one.closer == nullptr) continue;
      if (!IsEmployee(*one.closer) || !frame().Counts(*one.closer)) continue;
      const Who who = WhoOf(*one.closer);
      sheet().At({who.first, who.second}, subject.id).Add("follow_ups_closed");
    }
    rapport::Moment earliest = first.begin()->second;
    for (const auto& [who, moment] : first) {
      AddPurchases(subject, moment, sheet().At({who.first, who.second}, subject.id));
      earliest = std::min(earliest, moment);
    }
    AddPurchases(subject, earliest, sheet().Beside());
  }

 private:
  static std::pair<std::string, std::string> WhoOf(const ValidEvent& event) {
    const v1::Actor& actor = event.envelope->actor();
    return {actor.id(), Bare(actor.role(), v1::ActorRole_Name, "ACTOR_ROLE_")};
  }

  bool IsEmployee(const ValidEvent& event) const {
    const v1::Actor& actor = event.envelope->actor();
    if (actor.id().empty()) return false;
    if (actor.party() == v1::ACTOR_PARTY_EMPLOYEE) return true;
    return actor.party() == v1::ACTOR_PARTY_UNSPECIFIED &&
           SideOf(event, rules()) == facts::Side::kVendor;
  }

  static void AddPurchases(const Subject& subject, const rapport::Moment& after, Line& line) {
    for (const ValidEvent& event : subject.events) {
      const auto* bought = As<v1::PurchaseMade>(event);
      if (bought == nullptr || !(after < event.moment())) continue;
      line.Add("later_purchases");
      line.AddMoney("later_spend", bought->amount());
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeEmployees(const Frame& frame) {
  return std::make_unique<Employees>(frame);
}

}  // namespace rapport::report
