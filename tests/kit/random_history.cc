#include "tests/kit/random_history.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "rapport/v1/ending.pb.h"

namespace rapport::kit {
namespace {

// SplitMix64: small, and the same everywhere.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}

  // 0 .. sides - 1.
  int64_t Roll(int64_t sides) {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<int64_t>((z ^ (z >> 31)) % static_cast<uint64_t>(sides));
  }

 private:
  uint64_t state_;
};

constexpr v1::Kind kKinds[] = {
    v1::KIND_COMPLAINT_RAISED,    v1::KIND_COMPLAINT_RESOLVED,  v1::KIND_COMPLAINT_REOPENED,
    v1::KIND_COMPLAINT_ESCALATED, v1::KIND_RESOLUTION_ANSWERED, v1::KIND_COMPLAINT_ACKNOWLEDGED,
    v1::KIND_EXPECTATION_SET,     v1::KIND_EXPECTATION_MET,     v1::KIND_EXPECTATION_MISSED,
    v1::KIND_AGREEMENT_SIGNED,    v1::KIND_AGREEMENT_ENDED,     v1::KIND_ADAPTATION_MADE,
    v1::KIND_INTEREST_SHOWN,      v1::KIND_TRIAL_ENDED,         v1::KIND_RELATIONSHIP_ENDED,
    v1::KIND_FRAUD_SUSPECTED,     v1::KIND_FRAUD_CLEARED,       v1::KIND_FRAUD_CONFIRMED,
    v1::KIND_COMPETITOR_NOTICED,  v1::KIND_CONSENT_CHANGED,     v1::KIND_ACCOUNT_MANAGER_ASSIGNED,
    v1::KIND_PRAISE_GIVEN,        v1::KIND_SURVEY_ANSWERED,     v1::KIND_RELATIONSHIP_REINSTATED,
    v1::KIND_REFERRAL_MADE,       v1::KIND_ENQUIRY_MADE,        v1::KIND_OUTREACH_MADE,
    v1::KIND_PROMISE_MADE,
};

// Fills what the kind needs; keys are drawn from three.
void Fill(EventBuilder& event, Dice& dice, int64_t at_us) {
  const auto* first = event.payload().GetDescriptor()->FindFieldByNumber(1);
  if (first != nullptr && first->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
    event.Key(absl::StrCat("k", dice.Roll(3)));
  }
  const int64_t later_us = at_us + (dice.Roll(200) - 20) * kMicrosPerDay;
  switch (event.envelope().kind()) {
    case v1::KIND_COMPLAINT_RAISED:
      if (dice.Roll(4) > 0) event.Set("severity", 1 + dice.Roll(4));
      return;
    case v1::KIND_COMPLAINT_ESCALATED:
      event.Set("level", 1 + dice.Roll(2));
      return;
    case v1::KIND_RESOLUTION_ANSWERED:
      event.Set("accepted", dice.Roll(2));
      return;
    case v1::KIND_EXPECTATION_SET:
      event.Set("due_at_us", later_us);
      return;
    case v1::KIND_AGREEMENT_SIGNED:
      if (dice.Roll(2) == 0) event.Set("ends_at_us", later_us);
      return;
    case v1::KIND_TRIAL_ENDED:
      event.Set("passed", dice.Roll(2));
      return;
    case v1::KIND_RELATIONSHIP_ENDED:
      event.Set("by", v1::ENDED_BY_CUSTOMER).Set("reason", 1 + dice.Roll(6));
      return;
    case v1::KIND_CONSENT_CHANGED:
      event.Key(dice.Roll(2) == 0 ? "all" : "EMAIL").Set("granted", dice.Roll(2));
      return;
    case v1::KIND_ACCOUNT_MANAGER_ASSIGNED:
      event.Set("key_account", dice.Roll(2));
      return;
    case v1::KIND_SURVEY_ANSWERED:
      event.Set("score", dice.Roll(11)).Set("min", 0).Set("max", 10);
      return;
    default:
      return;
  }
}

}  // namespace

std::vector<EventBuilder> RandomHistory(uint64_t seed, int events) {
  Dice dice(seed);
  // Some customers buy often, some hardly; some are watched for weeks, some for years.
  const int64_t purchases_in_ten = dice.Roll(9);
  const int64_t span_days = 30 + dice.Roll(1'500);
  std::vector<EventBuilder> history;
  for (int i = 0; i < events; ++i) {
    const bool buys = dice.Roll(10) < purchases_in_ten;
    constexpr int64_t kKindCount = sizeof(kKinds) / sizeof(kKinds[0]);
    EventBuilder event(buys ? v1::KIND_PURCHASE_MADE : kKinds[dice.Roll(kKindCount)]);
    const int64_t at_us =
        (kHistoryBegins + dice.Roll(span_days)) * kMicrosPerDay + dice.Roll(4) * 6 * kMicrosPerHour;
    event.Id(static_cast<uint64_t>(i) + 1).At(at_us);
    if (buys) event.Worth(dice.Roll(300), "EUR");
    Fill(event, dice, at_us);
    history.push_back(std::move(event));
  }
  return history;
}

}  // namespace rapport::kit
