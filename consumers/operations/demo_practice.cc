#include "consumers/operations/demo_practice.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "consumers/operations/demo_rules.h"
#include "consumers/operations/demo_service.h"
#include "engine/base/fixed_point.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

// Days of a block (POLICY_ANCHOR_BLOCK).
constexpr int64_t kBlockDays = 30;

// What matters of an event that was written.
struct Act {
  int64_t at_us = 0;
  v1::Kind kind = v1::KIND_UNSPECIFIED;
  v1::OutreachPurpose purpose = v1::OUTREACH_PURPOSE_UNSPECIFIED;
  std::string subject;
};

std::vector<Act> ActsOf(const DemoDiary& diary) {
  std::vector<Act> acts;
  for (const v1::Event& event : diary.events()) {
    Act& act = acts.emplace_back();
    act.at_us = event.occurred_at_us();
    act.kind = event.kind();
    act.subject = event.subject();
    v1::OutreachMade outreach;
    if (act.kind == v1::KIND_OUTREACH_MADE && outreach.ParseFromString(event.payload())) {
      act.purpose = outreach.purpose();
    }
  }
  std::stable_sort(acts.begin(), acts.end(),
                   [](const Act& a, const Act& b) { return a.at_us < b.at_us; });
  return acts;
}

// What the shop does in person; its work on complaints and deliveries is no such thing.
bool IsContact(const Act& act) {
  return act.kind == v1::KIND_THANKS_GIVEN || act.kind == v1::KIND_GIFT_GIVEN ||
         act.kind == v1::KIND_TRAINING_GIVEN ||
         (act.kind == v1::KIND_OUTREACH_MADE && act.purpose != v1::OUTREACH_PURPOSE_NEWSLETTER);
}

bool IsOfCustomer(const Act& act) {
  switch (act.kind) {
    case v1::KIND_PURCHASE_MADE:
    case v1::KIND_PURCHASE_REVERSED:
    case v1::KIND_COMPLAINT_RAISED:
    case v1::KIND_COMPLAINT_REOPENED:
    case v1::KIND_RESOLUTION_ANSWERED:
    case v1::KIND_OUTREACH_ANSWERED:
    case v1::KIND_ENQUIRY_MADE:
    case v1::KIND_SURVEY_ANSWERED:
    case v1::KIND_PRAISE_GIVEN:
    case v1::KIND_MEETING_HELD:
    case v1::KIND_NEED_HEARD:
    case v1::KIND_PREFERENCE_RECORDED:
    case v1::KIND_DATE_RECORDED:
    case v1::KIND_CONSENT_CHANGED:
    case v1::KIND_OFFER_ANSWERED:
    case v1::KIND_SELF_SERVICE_USED:
    case v1::KIND_COMMUNITY_ACTED:
    case v1::KIND_REFERRAL_MADE:
    case v1::KIND_REFERRAL_CONVERTED:
    case v1::KIND_ADVOCACY_SHOWN:
      return true;
    default:
      return false;
  }
}

// As often as the policy says for which a silence is too long.
int64_t PeriodOf(absl::string_view policy) {
  return DaysIn(DemoPolicy(policy).trigger(0).silence().lasts());
}

// The purchase day on which sales see what else fits.
int64_t DayOfGrowth() {
  for (const v1::PolicyTrigger& trigger : DemoPolicy("growth_alert").trigger()) {
    if (trigger.purchase_day() != 0) return trigger.purchase_day();
  }
  return 0;
}

int64_t Log2(int64_t value) { return Log2Q(static_cast<uint64_t>(value)); }

// Something done again and again: so many days after it was done last.
struct Routine {
  explicit Routine(absl::string_view policy) : period_days(PeriodOf(policy)) {}

  int64_t period_days = 0;
  int64_t last_day = 0;
  // The day on which it will be done next, 0 = not thought of yet; and whether it will be.
  int64_t planned_day = 0;
  bool remembered = false;

  void DoneOn(int64_t day) {
    last_day = std::max(last_day, day);
    planned_day = 0;
  }
};

class Follower {
 public:
  Follower(const Practice& practice, DemoDiary& diary)
      : practice_(practice), diary_(diary), random_(diary.random()) {}

  void Follow() {
    const std::vector<Act> acts = ActsOf(diary_);
    size_t next = 0;
    for (int64_t day = DayOf(diary_.begin_us()); day < DayOf(diary_.end_us()); ++day) {
      for (; next < acts.size() && DayOf(acts[next].at_us) == day; ++next) Hear(acts[next], day);
      if (days_bought_ > 0) SeeTo(day);
    }
  }

 private:
  // Office hours of a day.
  int64_t Hour(int64_t day) {
    return day * kMicrosPerDay + random_.Between(9 * 60, 17 * 60) * 60 * kMicrosPerSecond;
  }
  bool Remembers() { return random_.Chance(practice_.care_permille); }
  bool Does(int64_t at_us) { return at_us < practice_.until_us && Remembers(); }

  void Hear(const Act& act, int64_t day) {
    if (IsOfCustomer(act)) HearOfCustomer(day);
    if (IsContact(act)) cadence_.DoneOn(day);
    switch (act.kind) {
      case v1::KIND_PURCHASE_MADE:
        return HearPurchase(act, day);
      case v1::KIND_OUTREACH_MADE:
        if (act.purpose == v1::OUTREACH_PURPOSE_CHECK) satisfaction_.DoneOn(day);
        return;
      case v1::KIND_SURVEY_ANSWERED:
        return satisfaction_.DoneOn(day);
      case v1::KIND_OFFER_MADE:
        return cross_sell_.DoneOn(day);
      case v1::KIND_PREFERENCE_RECORDED:
        knows_channel_ = true;
        return;
      case v1::KIND_NEED_HEARD:
      case v1::KIND_OBJECTIVE_SET:
        has_purpose_ = true;
        return;
      default:
        return;
    }
  }

  // A word or a deed of the customer, perhaps of one of the next days.
  void HearOfCustomer(int64_t day) {
    last_act_day_ = std::max(last_act_day_, day);
    asked_back_ = false;
    cadence_.DoneOn(day);
  }

  void HearPurchase(const Act& act, int64_t day) {
    if (days_bought_ == 0) {
      first_day_ = day;
      satisfaction_.DoneOn(day);
      cross_sell_.DoneOn(day);
      // Two days after the purchase at the latest.
      const int64_t at_us = Hour(day + random_.Between(1, 2));
      if (Does(at_us)) diary_.Outreach(at_us, v1::OUTREACH_PURPOSE_REINFORCE);
    }
    if (last_day_ != day) ++days_bought_;
    last_day_ = day;
    checked_in_ = false;
    LookForGrowth(act);
    if (day / kBlockDays == last_block_) return;
    last_block_ = day / kBlockDays;
    AskHowItWas(act.at_us);
    AskForChannel(act.at_us);
    const int64_t at_us = Hour(day + 1);
    if (has_purpose_ && days_bought_ > 1 && Does(at_us)) {
      diary_.Outreach(at_us, v1::OUTREACH_PURPOSE_REINFORCE);
    }
  }

  // A fifth day, or a second product, is told to sales, who have an offer before the day is over.
  void LookForGrowth(const Act& act) {
    const bool other = !first_subject_.empty() && act.subject != first_subject_;
    if (first_subject_.empty()) first_subject_ = act.subject;
    if (grows_ || !(other || days_bought_ == day_of_growth_)) return;
    grows_ = true;
    const int64_t at_us = act.at_us + random_.Between(10, 90) * 60 * kMicrosPerSecond;
    if (Does(at_us)) Offer(at_us);
  }

  void Offer(int64_t at_us) {
    static constexpr const char* kOffered[] = {"grinder", "cups", "filter"};
    const std::string offer =
        diary_.Offer(at_us, v1::OFFER_FORM_CROSS_SELL, kOffered[random_.Between(0, 2)]);
    cross_sell_.DoneOn(DayOf(at_us));
    if (!random_.Chance(80)) return;
    diary_.AnswersOffer(at_us + kMicrosPerDay, offer, random_.Chance(700));
    HearOfCustomer(DayOf(at_us) + 1);
  }

  void AskHowItWas(int64_t bought_us) {
    const int64_t asked_us = Hour(DayOf(bought_us) + random_.Between(2, 6));
    if (!Does(asked_us)) return;
    const std::string survey = diary_.AskForFeedback(asked_us);
    int64_t answered_us = asked_us + random_.Between(2, 100) * kMicrosPerHour;
    if (!random_.Chance(practice_.answers_permille)) {
      const int64_t again_us = asked_us + random_.Between(171, 190) * kMicrosPerHour;
      if (!Does(again_us)) return;
      diary_.AskAgain(again_us, survey);
      if (!random_.Chance(practice_.answers_permille)) return;
      answered_us = again_us + random_.Between(2, 40) * kMicrosPerHour;
    }
    diary_.AnswersSurvey(answered_us, survey, SomeScore());
    satisfaction_.DoneOn(DayOf(answered_us));
    HearOfCustomer(DayOf(answered_us));
  }

  int64_t SomeScore() {
    if (practice_.content) return 8;
    const int64_t pick = random_.Between(0, 999);
    if (pick < 50) return random_.Between(9, 10);
    return pick < 900 ? random_.Between(7, 8) : random_.Between(2, 6);
  }

  // Most tell when they are asked, and are asked no more.
  void AskForChannel(int64_t bought_us) {
    if (knows_channel_) return;
    const int64_t at_us = bought_us + random_.Between(3, 140) * kMicrosPerHour;
    if (!Does(at_us)) return;
    knows_channel_ = true;
    HearOfCustomer(DayOf(at_us));
    static constexpr const char* kChannels[] = {"email", "email", "phone", "app", "chat"};
    diary_.TellsPreference(at_us, "channel", kChannels[random_.Between(0, 4)]);
  }

  void SeeTo(int64_t day) {
    if (IsAtRisk(day) && !checked_in_) {
      checked_in_ = true;
      // Within the day: who is about to leave does not wait.
      const int64_t at_us = Hour(day);
      if (Does(at_us)) Reach(at_us, v1::OUTREACH_PURPOSE_CHECK, 150);
    }
    if (IsDormant(day)) {
      AskBack(day);
    } else if (days_bought_ > 1 && IsTime(cadence_, day, 6)) {
      Reach(Hour(day), v1::OUTREACH_PURPOSE_NOTE, 100);
    }
    if (IsTime(satisfaction_, day, 10)) Reach(Hour(day), v1::OUTREACH_PURPOSE_CHECK, 150);
    if (IsTime(cross_sell_, day, 10)) Offer(Hour(day));
  }

  void Reach(int64_t at_us, v1::OutreachPurpose purpose, int64_t answers_permille) {
    const int64_t answered_us =
        ReachOut(diary_, at_us, purpose, practice_.content ? 0 : answers_permille);
    cadence_.DoneOn(DayOf(at_us));
    if (answered_us > 0) HearOfCustomer(DayOf(answered_us));
    if (purpose == v1::OUTREACH_PURPOSE_CHECK) satisfaction_.DoneOn(DayOf(at_us));
  }

  void AskBack(int64_t day) {
    if (asked_back_) return;
    asked_back_ = true;
    const int64_t at_us = Hour(day + random_.Between(0, 2));
    if (Does(at_us)) Reach(at_us, v1::OUTREACH_PURPOSE_WIN_BACK, 60);
  }

  bool IsTime(Routine& routine, int64_t day, int64_t delay_days_max) {
    if (day < routine.last_day + routine.period_days) return false;
    if (routine.planned_day == 0) {
      routine.planned_day = day + random_.Between(0, delay_days_max);
      routine.remembered = Remembers() && routine.planned_day * kMicrosPerDay < practice_.until_us;
    }
    if (day < routine.planned_day) return false;
    routine.DoneOn(routine.remembered ? day : routine.last_day + routine.period_days);
    return routine.remembered;
  }

  // More than so many of the customer's own gaps without a purchase.
  bool GapExceeds(int64_t gaps, int64_t day) const {
    const v1::PriorRule& prior = rules_.prior();
    const int64_t again = days_bought_ - 1, span = last_day_ - first_day_;
    return again > 0 &&
           (day - last_day_) * (prior.r() + 1000 * again) > gaps * (prior.alpha() + 1000 * span);
  }
  bool IsAtRisk(int64_t day) const {
    return GapExceeds(rules_.flags().at_risk().cadences(), day) && !IsDormant(day);
  }

  bool IsDormant(int64_t day) const {
    const v1::StageRules& stages = rules_.stages();
    const int64_t silence = day - last_act_day_;
    if (days_bought_ == 1) return silence > stages.first_purchase_silence_days();
    if (!GapExceeds(stages.dormant().cadences(), day)) return false;
    return silence > stages.dormant().silence_days() && IsLikelyOver(day);
  }

  // By the odds that the rules give, as logarithms of two in Q16.
  bool IsLikelyOver(int64_t day) const {
    const v1::PriorRule& prior = rules_.prior();
    const int64_t again = 1000 * (days_bought_ - 1);
    const int64_t longer = Log2(prior.alpha() + 1000 * (day - first_day_)) -
                           Log2(prior.alpha() + 1000 * (last_day_ - first_day_));
    const int64_t alive_ppm = rules_.stages().dormant().alive_below_ppm();
    return (prior.r() + again) * longer / 1000 + Log2(prior.a()) - Log2(prior.b() + again) >
           Log2(1'000'000 - alive_ppm) - Log2(alive_ppm);
  }

  const Practice practice_;
  const v1::EvaluateRules& rules_ = DemoRules();
  const int64_t day_of_growth_ = DayOfGrowth();
  DemoDiary& diary_;
  DemoRandom& random_;
  int64_t days_bought_ = 0, first_day_ = 0, last_day_ = 0, last_act_day_ = 0, last_block_ = 0;
  std::string first_subject_;
  bool knows_channel_ = false, has_purpose_ = false, grows_ = false;
  // Since the last purchase, and since the last word of the customer.
  bool checked_in_ = false, asked_back_ = false;
  Routine cadence_{"cadence"}, satisfaction_{"satisfaction"}, cross_sell_{"cross_sell"};
};

}  // namespace

void FollowPractice(const Practice& practice, DemoDiary& diary) {
  Follower(practice, diary).Follow();
}

}  // namespace rapport::operations
