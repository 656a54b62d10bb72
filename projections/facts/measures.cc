// Measures: how many touches, where, how long, how good.

#include "projections/facts/cells.h"
#include "projections/facts/groups.h"

namespace rapport::facts {
namespace {

// The number when it is one of this version's, else 0: what is not stated is not counted.
uint16_t Known(int number, int max) {
  return number > 0 && number <= max ? static_cast<uint16_t>(number) : uint16_t{0};
}

constexpr uint32_t kSumsOfAnEvent = 4;

uint16_t Name(SumName base, int number) { return static_cast<uint16_t>(base + number); }

void FoldOutcome(Facts& facts, const v1::Event& envelope) {
  if (envelope.intended_outcome().empty() || envelope.outcome().empty()) return;
  AddSum(facts, kWithOutcomes, 1);
  if (envelope.intended_outcome() == envelope.outcome()) AddSum(facts, kOutcomesMet, 1);
}

void FoldFeelingCounts(Facts& facts, const v1::Event& envelope) {
  const auto in_range = [](int feeling) { return feeling >= -2 && feeling <= 2; };
  if (envelope.has_customer_feeling() && in_range(envelope.customer_feeling())) {
    AddSum(facts, Name(kCustomerFeeling, envelope.customer_feeling() + 2), 1);
  }
  if (envelope.has_employee_feeling() && in_range(envelope.employee_feeling())) {
    AddSum(facts, Name(kEmployeeFeeling, envelope.employee_feeling() + 2), 1);
  }
}

void FoldChannel(const Act& act, uint16_t channel) {
  const v1::Event& envelope = *act.event.envelope;
  AddSum(act.facts, Name(kChannelTouches, channel), 1);
  if (act.side == Side::kCustomer) AddSum(act.facts, Name(kChannelCustomerTouches, channel), 1);
  if (envelope.has_wait_s()) {
    AddSum(act.facts, Name(kChannelWaits, channel), 1);
    AddSum(act.facts, Name(kChannelWaitSeconds, channel), envelope.wait_s());
  }
}

bool IsPersonal(const Act& act) {
  if (act.custom != nullptr && act.custom->personal.has_value()) return *act.custom->personal;
  return IsPersonalContact(act.event.envelope->channel());
}

void FoldAnswer(const Act& act, uint16_t channel, uint16_t phase) {
  if (phase != 0) {
    AddSum(act.facts, Name(kPhaseAnswers, phase), 1);
    AddSum(act.facts, Name(kPhaseGSum, phase), act.said.n);
  }
  if (channel != 0) {
    AddSum(act.facts, Name(kChannelAnswers, channel), 1);
    AddSum(act.facts, Name(kChannelGSum, channel), act.said.n);
  }
}

}  // namespace

void FoldMeasures(const Act& act) {
  if (act.side == Side::kNeutral) return;
  Facts& facts = act.facts;
  const v1::Event& envelope = *act.event.envelope;
  // A first event has about so many; room for them all at once is cheaper than one by one.
  if (facts.sums.empty()) facts.sums.Reserve(kSumsOfAnEvent);
  AddSum(facts, kInteractions, 1);
  if (envelope.has_duration_s()) {
    AddSum(facts, kWithDuration, 1);
    AddSum(facts, kDurationSeconds, envelope.duration_s());
  }
  if (envelope.has_value()) AddSum(facts, kWithValue, 1);
  FoldOutcome(facts, envelope);
  if (IsBegunByCustomer(act.event, act.side)) AddSum(facts, kByCustomer, 1);
  if (const uint16_t area = Known(envelope.area(), v1::Area_MAX)) {
    AddSum(facts, Name(kAreaTouches, area), 1);
  }
  FoldFeelingCounts(facts, envelope);
  const uint16_t channel = Known(envelope.channel(), v1::Channel_MAX);
  const uint16_t phase = Known(envelope.phase(), v1::Phase_MAX);
  if (channel != 0) FoldChannel(act, channel);
  if (IsPersonal(act)) AddSum(facts, kPersonal, 1);
  if (act.event.kind == v1::KIND_SURVEY_ANSWERED) FoldAnswer(act, channel, phase);
}

}  // namespace rapport::facts
