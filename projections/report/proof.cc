// proof: who may be named as a witness: praise, testimonials and referrals with consent.
//
// One of these stands in the list when it was given with consent and the customer has not refused
// `NAMED` since, nor anything (`all`), and was not erased. Whoever counts the experiences
// themselves looks at the total.

#include <optional>

#include "projections/report/makers.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/known.pb.h"

namespace rapport::report {
namespace {

struct Witness {
  std::string key;
  bool consent = false;
};

std::optional<Witness> WitnessOf(const ValidEvent& event) {
  if (const auto* praise = As<v1::PraiseGiven>(event)) {
    return Witness{praise->praise(), praise->consent()};
  }
  if (const auto* shown = As<v1::AdvocacyShown>(event)) {
    return Witness{shown->advocacy(), shown->consent()};
  }
  if (const auto* made = As<v1::ReferralMade>(event)) {
    return Witness{made->referral(), made->consent()};
  }
  return std::nullopt;
}

class Proof : public SheetReport {
 public:
  explicit Proof(const Frame& frame)
      : SheetReport(frame, {Key("customer"), Key("kind"), Key("key"), Count("listed"),
                            Beside(Count("experiences"))}) {}

  void Customer(const Subject& subject) override {
    bool refused = false, refused_all = false, erased = false;
    for (const ValidEvent& event : subject.events) {
      erased = erased || event.kind == v1::KIND_ERASURE_REQUESTED;
      const auto* consent = As<v1::ConsentChanged>(event);
      if (consent == nullptr) continue;
      if (consent->key() == "NAMED") refused = !consent->granted();
      if (consent->key() == "all") refused_all = !consent->granted();
    }
    for (const ValidEvent& event : subject.events) {
      const std::optional<Witness> witness = WitnessOf(event);
      if (!witness.has_value() || !frame().Counts(event)) continue;
      sheet().Beside().Add("experiences");
      sheet().Beside().AddCustomer(subject.id);
      if (!witness->consent || refused || refused_all || erased) continue;
      Line& line = sheet().At({std::string(subject.id), KindName(event), witness->key}, subject.id);
      line.AddEvent(event.moment());
      if (line.Sum("listed") == 0) line.Add("listed");
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeProof(const Frame& frame) { return std::make_unique<Proof>(frame); }

}  // namespace rapport::report
