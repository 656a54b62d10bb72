#include "projections/report/catalogue.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "projections/report/makers.h"

namespace rapport::report {
namespace {

constexpr ReportInfo kReports[] = {
    {"anonymous", "What nobody known buys, by place.", MakeAnonymous},
    {"areas", "Touches by area of the business: outcome, feeling, duration, value, wait.",
     MakeAreas},
    {"campaigns", "Prospects by campaign and source, how many buy, and for how much.",
     MakeCampaigns},
    {"causes", "What went wrong, how often it recurs after prevention; issues prevented.",
     MakeCauses},
    {"channel_parity",
     "Response, resolution and satisfaction by channel, and the gaps between them.",
     MakeChannelParity},
    {"channel_ranks", "Channels by purpose, ranked for the customer and for the business.",
     MakeChannelRanks},
    {"channel_wishes", "Channels by department, as customers wish, the best first.",
     MakeChannelWishes},
    {"channels", "Touches by channel: outcome, feeling, duration, value, wait, live person.",
     MakeChannels},
    {"co_purchase", "What is bought together, and how often recommendations are taken.",
     MakeCoPurchase},
    {"cohorts", "Who began to buy in one month, and how many of them bought in each month since.",
     MakeCohorts},
    {"community", "What a community speaks of, and who helped whom.", MakeCommunity},
    {"completeness", "Measures that publishers give, and those that are missing.",
     MakeCompleteness},
    {"concessions", "What was given up, whom it won, what was spent since.", MakeConcessions},
    {"contacts", "Touches by person inside a client company.", MakeContacts},
    {"coverage", "Touches by the business, by what customers spend; existing and new.",
     MakeCoverage},
    {"dialogue", "What is said in and out, by channel, and needs that are open.", MakeDialogue},
    {"effort", "Hand-overs, reopenings and repeated contacts, by topic.", MakeEffort},
    {"employees", "Acts, follow-ups closed and later purchases, by employee and role.",
     MakeEmployees},
    {"expectations", "Expectations set, met, exceeded and missed, by the area that set them.",
     MakeExpectations},
    {"feedback_topics", "What feedback is about, by topic, subject and month.", MakeFeedbackTopics},
    {"follow_up_effect", "Buying again after follow-ups that were done, late or missed.",
     MakeFollowUpEffect},
    {"kinds", "Touches by kind of event: outcome, feeling, duration, value, wait.", MakeKinds},
    {"missed_opportunities", "Planned work done, late and missed.", MakeMissedOpportunities},
    {"needs", "Needs by how often they are heard, open and closed.", MakeNeeds},
    {"objectives", "Objectives: progress, purchases, resources and results.", MakeObjectives},
    {"offers", "Offers accepted, declined, lapsed and open, by form and product.", MakeOffers},
    {"orders", "What was ordered, how far it is, what was paid and taken back.", MakeOrders},
    {"outcomes", "Outcomes met, by kind; begun by customer and by business apart.", MakeOutcomes},
    {"outreach", "Cost, outcomes and value of outreach, planned and unplanned.", MakeOutreach},
    {"parties", "Touches by what the actor is to the business.", MakeParties},
    {"people", "Ties between employees and contacts, the strongest first.", MakePeople},
    {"playbooks", "Outcomes, buying again in 90 days and satisfaction, by plan of action.",
     MakePlaybooks},
    {"profitability",
     "Margin, service, giving and outreach of each customer; costs that are missing.",
     MakeProfitability},
    {"promotions", "Promotions sent and redeemed, in and out of validity.", MakePromotions},
    {"proof", "Praise, testimonials and referrals that may be named.", MakeProof},
    {"purchases", "What, when, where and why customers buy, and why they began.", MakePurchases},
    {"reasons", "Departures by reason and competitor; competitors noticed.", MakeReasons},
    {"reciprocity", "What each side contributes, and the balance.", MakeReciprocity},
    {"referrals", "Who brought whom, per 1,000 transactions, and what it was worth.",
     MakeReferrals},
    {"repeat", "The share of customers who buy again after the nth purchase day.", MakeRepeat},
    {"response", "Answers in time, by kind and channel.", MakeResponse},
    {"rework", "Time and cost of cases before and after their first resolution, by cause.",
     MakeRework},
    {"self_service", "Success of self-service, and personal contacts after a failure.",
     MakeSelfService},
    {"series", "Satisfaction, loyalty, word of mouth, sentiment and its change by month.",
     MakeSeries},
    {"surveys", "Surveys asked and answered, and how good the answers are.", MakeSurveys},
    {"transactional_share", "The share of customers who only ever buy.", MakeTransactionalShare},
    {"word_of_mouth", "Mentions heard and made, by form and channel.", MakeWordOfMouth},
};

// The reports of one run, in the order asked.
class Run : public fold::ReportRun {
 public:
  Run(const Frame& frame, const fold::Projection* projection, std::vector<const ReportInfo*> infos)
      : projection_(projection), infos_(std::move(infos)), is_late_(frame.window.is_late) {
    for (const ReportInfo* info : infos_) reports_.push_back(info->make(frame));
  }

  void AddCustomer(absl::string_view customer_id, absl::Span<const ValidEvent> events) override {
    Past past(projection_, customer_id, events, is_late_);
    for (const auto& report : reports_) {
      if (is_late_ != nullptr && is_late_()) return;
      report->Customer({customer_id, events, &past});
    }
  }

  void AddAnonymous(const ValidEvent& event) override {
    for (const auto& report : reports_) report->Anonymous(event);
  }

  void Finish(google::protobuf::RepeatedPtrField<v1::Table>& tables) override {
    for (size_t i = 0; i < reports_.size(); ++i) {
      v1::Table& table = *tables.Add();
      table.set_name(infos_[i]->name);
      table.set_tells(infos_[i]->tells);
      reports_[i]->Finish(table);
    }
  }

 private:
  const fold::Projection* const projection_;
  const std::vector<const ReportInfo*> infos_;
  const std::function<bool()> is_late_;
  std::vector<std::unique_ptr<Report>> reports_;
};

}  // namespace

absl::Span<const ReportInfo> AllReports() { return kReports; }

const ReportInfo* FindReport(absl::string_view name) {
  const auto* at = std::find_if(std::begin(kReports), std::end(kReports),
                                [&](const ReportInfo& info) { return info.name == name; });
  return at == std::end(kReports) ? nullptr : at;
}

absl::StatusOr<std::unique_ptr<fold::ReportRun>> Begin(const std::vector<std::string>& names,
                                                       const Frame& frame,
                                                       const fold::Projection* projection) {
  std::vector<const ReportInfo*> infos;
  for (const std::string& name : names) {
    infos.push_back(FindReport(name));
    if (infos.back() != nullptr) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "FIELD_INVALID: insights: there is no insight `", name, "`; there are ",
        absl::StrJoin(AllReports(), ", ", [](std::string* out, const ReportInfo& info) {
          absl::StrAppend(out, info.name);
        })));
  }
  return std::make_unique<Run>(frame, projection, std::move(infos));
}

}  // namespace rapport::report
