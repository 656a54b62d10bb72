// channel_ranks: which channel serves which purpose best: for the customer by satisfaction, feeling
// and waiting, for the business by outcomes met, value and duration.
//
// The purpose is what the encounter intends, else that of the outreach. A rank is 1 for the best
// channel of its purpose; channels of which the first number is not known come last, equal ones
// share a rank.

#include <map>
#include <optional>
#include <tuple>

#include "projections/report/makers.h"
#include "rapport/v1/dialogue.pb.h"

namespace rapport::report {
namespace {

std::string PurposeOf(const ValidEvent& event) {
  constexpr absl::string_view kPrefix = "OUTREACH_PURPOSE_";
  if (!event.envelope->intended_outcome().empty()) return event.envelope->intended_outcome();
  if (const auto* made = As<v1::OutreachMade>(event)) {
    return Bare(made->purpose(), v1::OutreachPurpose_Name, kPrefix);
  }
  if (const auto* answer = As<v1::OutreachAnswered>(event)) {
    return Bare(answer->purpose(), v1::OutreachPurpose_Name, kPrefix);
  }
  return "";
}

// More is better; what is not known is worse than all.
using Benefit = std::tuple<int64_t, int64_t, int64_t>;

Benefit ForCustomer(const Line& line) {
  return {line.Number("satisfaction").value_or(INT64_MIN),
          line.Number("feeling").value_or(INT64_MIN), -line.Number("wait").value_or(INT64_MAX)};
}
Benefit ForBusiness(const Line& line) {
  return {line.Number("met").value_or(INT64_MIN), line.Sum("value_centi"),
          -line.Number("duration").value_or(INT64_MAX)};
}

class ChannelRanks : public SheetReport {
 public:
  explicit ChannelRanks(const Frame& frame)
      : SheetReport(
            frame, {Key("purpose"), Key("channel"), Count("touches"), Count("outcomes_stated"),
                    Count("outcomes_met"), Ratio("met", "outcomes_met", "outcomes_stated"),
                    MoneySum("value"), Hidden(Count("value_centi")), Median("duration", "s"),
                    Mean("satisfaction", "permille"), Mean("feeling", "milli"), Median("wait", "s"),
                    Value("customer_rank", ""), Value("business_rank", "")}) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event) || !IsInteraction(event, rules())) continue;
      const std::string purpose = PurposeOf(event);
      if (!purpose.empty()) AddTouch(event, sheet().At({purpose, ChannelName(event)}, subject.id));
    }
  }

  void Finish(v1::Table& table) override {
    for (auto& [keys, line] : sheet().lines()) {
      int64_t better_for_customer = 0, better_for_business = 0;
      for (const auto& [others, other] : sheet().lines()) {
        if (others[0] != keys[0]) continue;
        better_for_customer += ForCustomer(other) > ForCustomer(line) ? 1 : 0;
        better_for_business += ForBusiness(other) > ForBusiness(line) ? 1 : 0;
      }
      line.Set("customer_rank", better_for_customer + 1);
      line.Set("business_rank", better_for_business + 1);
    }
    SheetReport::Finish(table);
  }

 private:
  void AddTouch(const ValidEvent& event, Line& line) {
    const v1::Event& envelope = *event.envelope;
    line.AddEvent(event.moment());
    line.Add("touches");
    if (!envelope.intended_outcome().empty() && !envelope.outcome().empty()) {
      line.Add("outcomes_stated");
      if (envelope.intended_outcome() == envelope.outcome()) line.Add("outcomes_met");
    }
    if (envelope.has_value()) {
      line.AddMoney("value", envelope.value());
      line.Add("value_centi", rules().Centi(envelope.value()));
    }
    if (envelope.has_duration_s()) line.Sample("duration", envelope.duration_s());
    if (envelope.has_wait_s()) line.Sample("wait", envelope.wait_s());
    if (envelope.has_customer_feeling()) {
      line.Sample("feeling", int64_t{1000} * envelope.customer_feeling());
    }
    if (const auto* answer = As<v1::SurveyAnswered>(event)) {
      line.Sample("satisfaction", GoodOf(*answer));
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeChannelRanks(const Frame& frame) {
  return std::make_unique<ChannelRanks>(frame);
}

}  // namespace rapport::report
