// What concerns a second customer, as publishers send it: who refers whom, who answers whom, what
// the referred buy, and what of it is taken back.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/time.h"
#include "rapport/v1/advocacy.pb.h"
#include "tests/kit/random_history.h"
#include "tests/simulation/workload.h"

namespace rapport::simulation {
namespace {

// So many customers have to do with each other.
constexpr int64_t kCircle = 5;
constexpr int64_t kDays = 200;

}  // namespace

kit::EventBuilder Workload::EchoTakenBack() {
  const auto& [target, customer] =
      referrals_[static_cast<size_t>(echo_dice_.Roll(static_cast<int64_t>(referrals_.size())))];
  return std::move(kit::ARetraction(target).Of(customer));
}

std::shared_ptr<Made> Workload::Referral() {
  Dice& dice = echo_dice_;
  // Who refers, answers, buys, or has to do with them.
  const auto someone = [&] {
    return absl::StrCat("cust-", dice.Roll(std::min<int64_t>(kCircle, plan_.customers)));
  };
  const std::string customer = someone();
  // Now and then it is oneself, nobody, or no id at all.
  std::string second = someone();
  if (dice.Chance(60)) second = dice.Chance(500) ? "" : "somebody@mail.example";
  const int64_t roll = dice.Roll(1000);
  kit::EventBuilder event(v1::KIND_PURCHASE_MADE);
  if (roll < 300) {
    event.Key(absl::StrCat("O", dice.Roll(50))).Worth(1 + dice.Roll(300), "EUR");
  } else if (roll < 600) {
    event = kit::AnEvent(v1::KIND_REFERRAL_MADE);
    event.Key(absl::StrCat("R", dice.Roll(4)));
    if (!second.empty()) event.Set("referred", second);
  } else if (roll < 750) {
    event = kit::AnEvent(v1::KIND_COMMUNITY_ACTED).Key("forum");
    event.Set("form", dice.Chance(800) ? v1::COMMUNITY_FORM_ANSWERED : v1::COMMUNITY_FORM_POSTED);
    if (dice.Chance(900)) event.Set("request", absl::StrCat("Q", dice.Roll(9)));
    if (!second.empty()) event.Set("asker", second);
  } else if (roll < 820) {
    event = kit::AnEvent(v1::KIND_REFERRAL_RECEIVED);
    event.Key(absl::StrCat("R", dice.Roll(4)));
    if (!second.empty()) event.Set("referrer", second);
  }
  event.Of(customer);
  if (roll >= 820 && !referrals_.empty()) event = EchoTakenBack();
  event.Id(absl::StrFormat("echoed:%d", next_referral_++));
  event.OnDay(kit::kHistoryBegins + dice.Roll(kDays));
  if (dice.Chance(300)) event.envelope().set_interaction_id(absl::StrCat("talk-", dice.Roll(9)));
  // As if the engine had told it: of this no second customer is told.
  if (dice.Chance(30)) event.envelope().set_source("rapport/echo");
  std::shared_ptr<Made> made = Sent(std::move(event));
  // Nobody refers himself.
  const bool refers = roll >= 300 && (roll < 600 || (roll >= 750 && roll < 820));
  if (refers && second == customer) {
    made->reason = Reason::kFieldInvalid;
    made->leaves_incomplete = true;
  }
  if (made->target == EventId()) {
    referrals_.emplace_back(made->event->envelope().event_id(), made->record.key);
  }
  return made;
}

}  // namespace rapport::simulation
