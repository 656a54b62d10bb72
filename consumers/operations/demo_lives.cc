#include "consumers/operations/demo_lives.h"

#include <string>
#include <utility>

#include "consumers/operations/demo_diary.h"
#include "consumers/operations/demo_practice.h"
#include "consumers/operations/demo_service.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

// A diary in which moments are told in days before the end.
class Life {
 public:
  Life(absl::string_view customer_id, int64_t begin_us, int64_t end_us)
      : diary_(std::string(customer_id), begin_us, end_us, DemoRandom(0)) {
    diary_.UseShopIds();
  }

  DemoDiary& diary() { return diary_; }

  int64_t At(int64_t days_ago, int64_t hour = 10) const {
    return diary_.end_us() - days_ago * kMicrosPerDay + hour * kMicrosPerHour;
  }

  // A purchase, and thanks for it on the next morning.
  std::string BuysAndIsThanked(int64_t days_ago, int64_t cents, absl::string_view product) {
    const std::string order = diary_.Buys(At(days_ago), cents, product);
    diary_.Thanks(At(days_ago - 1, 9), order);
    return order;
  }

  // The same in a promotion of the days before, with thanks at once.
  std::string BuysInPromotion(int64_t days_ago, int64_t cents, absl::string_view product) {
    const std::string promotion = diary_.SendPromotion(At(days_ago + 2, 8), At(days_ago - 14));
    const std::string order = diary_.Buys(At(days_ago), cents, product);
    diary_.UsedPromotion(promotion);
    diary_.Thanks(At(days_ago, 11), order);
    return order;
  }

  // A purchase as in BuysAndIsThanked every so many days.
  void BuysEvery(int64_t gap_days, int64_t from_days_ago, int64_t to_days_ago, int64_t cents,
                 absl::string_view product) {
    for (int64_t ago = from_days_ago; ago >= to_days_ago; ago -= gap_days) {
      BuysAndIsThanked(ago, cents, product);
    }
  }

  // Letters of the shop from some days ago on, asked for the day before.
  void AsksForLetters(int64_t from_days_ago) {
    SendNewsletters(diary_, At(from_days_ago, 0), diary_.end_us(), 0);
  }

  // Tells the shop that a word of it was welcome.
  void Welcomes(const std::string& outreach, v1::OutreachPurpose purpose, int64_t days_ago) {
    diary_.Answers(At(days_ago, 18), outreach, purpose, v1::OUTREACH_ANSWER_YES);
    diary_.Feels(1);
  }

  // A delivery as promised, or better, told beside the promise on the next day.
  void Delivers(int64_t days_ago, bool exceeded) {
    const std::string delivery = diary_.SetExpectation(At(days_ago, 11), At(days_ago - 3, 18));
    diary_.MeetExpectation(At(days_ago - 2, 12), delivery, exceeded);
    diary_.Outreach(At(days_ago - 3), v1::OUTREACH_PURPOSE_QUALITY);
    diary_.About(delivery);
  }

  // A birthday so many days after the end, or before it; greeted on it each year.
  void HasBirthday(int64_t days_ahead, int64_t told_days_ago) {
    const CivilDate date = CivilOfDay(DayOf(diary_.end_us()) + days_ahead);
    // Nobody here is born on a leap day.
    const int day = date.month == 2 && date.day == 29 ? 28 : date.day;
    diary_.TellsDate(At(told_days_ago, 20), "birthday", date.month, day);
    for (int64_t year = date.year - 2; year <= date.year; ++year) {
      const int64_t at_us = DayOfCivil({year, date.month, day}) * kMicrosPerDay;
      if (at_us < At(told_days_ago)) continue;
      diary_.Outreach(at_us + 9 * kMicrosPerHour, v1::OUTREACH_PURPOSE_GREETING);
    }
  }

  // The shop does all that its rules ask for until so many days ago.
  void IsServedWell(int64_t until_days_ago = 0) {
    FollowPractice({.care_permille = 1000,
                    .answers_permille = 1000,
                    .content = true,
                    .until_us = At(until_days_ago, 0)},
                   diary_);
  }

 private:
  DemoDiary diary_;
};

// The key under which the advocate's first referral stands with both customers.
constexpr absl::string_view kFirstReferral = "referral-0964-13";

constexpr DemoLife kLives[] = {
    {"cust-0417", "a complaint open past its term, and a call that was promised and never came"},
    {"cust-0052",
     "a key account with a grave complaint, escalated to the management and still open"},
    {"cust-1203",
     "bought every 31 days, was let down by a delivery, and is silent for 75: at risk"},
    {"cust-0964", "speaks for the shop and helps in its community: three referrals, two bought"},
    {"cust-0731", "fell silent, was asked back and bought again: won back, at something they like"},
    {"cust-0311", "damaged by a complaint, repaired in time, its cause removed, content again"},
    {"cust-1402", "one purchase, for a need, 58 days ago: time for a second, and a birthday soon"},
    {"cust-0655", "buys in promotions by app, served by machines; sent the largest order back"},
    {"cust-1118", "bought every month, then twelve quiet months and the wish to be left alone"},
    {"cust-0088",
     "loyal for eighteen months: an objective reached, deliveries above what was said"},
};

// Ten orders, and one that came broken nine days ago. The complaint was acknowledged within two
// hours and is due after five days; nobody has resolved it, nor made the call that was promised for
// the day after.
void OpenComplaint(Life& life) {
  DemoDiary& diary = life.diary();
  life.BuysEvery(24, 234, 18, 64'00, "coffee");
  diary.TellsPreference(life.At(232), "channel", "phone");
  diary.AnswerQuestion(life.At(119, 16), diary.Asks(life.At(119), "delivery"));
  life.AsksForLetters(233);
  const std::string complaint = diary.Complains(life.At(9), 3, "quality");
  diary.Acknowledges(life.At(9, 12), complaint);
  diary.Promise(life.At(9, 12), life.At(8, 17));
  life.IsServedWell(9);
}

// The grinder of an office failed twelve days ago. Due within two days, it went to a lead after
// three and to the management after five: a customer whose purchases alone would be COMMITMENT. One
// agent looks after the office, meets its buyer and its technician each quarter, and has closed a
// sale; a chance of a month ago still stands open.
void EscalatedComplaint(Life& life) {
  DemoDiary& diary = life.diary();
  diary.Prefer(v1::CHANNEL_PHONE);
  diary.AssignManager(life.At(308, 8), "agent-3", /*key_account=*/true);
  diary.RecordPerson(life.At(307), "buyer", "buyer", false);
  diary.RecordPerson(life.At(307), "technician", "technician", false);
  diary.TellsPreference(life.At(307), "channel", "phone");
  life.BuysEvery(14, 308, 14, 310'00, "grinder");
  for (const int64_t ago : {300, 220, 140, 60})
    diary.Meets(life.At(ago, 14), {"buyer", "technician"});
  const std::string need = diary.TellsNeed(life.At(220, 15), v1::NEED_FORM_NEED, 1);
  diary.HandOver(life.At(220, 16), need, "technical");
  diary.AnswerQuestion(life.At(219, 11), need);
  diary.AnswersResolution(life.At(215, 9), need, true);
  const std::string chance = diary.NoteOpportunity(life.At(140, 16), "machine", "agent-3");
  diary.Offer(life.At(140, 17), v1::OFFER_FORM_UPSELL, "machine");
  diary.CloseOpportunity(life.At(134, 12), chance, true);
  const std::string order = life.BuysAndIsThanked(134, 1'900'00, "machine");
  diary.Train(life.At(130, 14), "machine");
  diary.AnswerQuestion(life.At(32, 15), diary.Asks(life.At(32), "service-plan"));
  diary.NoteOpportunity(life.At(29), "service-plan", "agent-3");
  diary.Offer(life.At(29, 15), v1::OFFER_FORM_UPSELL, "service-plan");
  life.IsServedWell(12);
  const std::string complaint = diary.Complains(life.At(12, 8), 4, "quality");
  diary.Acknowledges(life.At(12, 9), complaint);
  diary.Escalates(life.At(9, 9), complaint, 1);
  diary.Escalates(life.At(7, 9), complaint, 2);
}

// Fourteen orders, one every 31 days; the next was due 44 days ago. The last parcel came after the
// day that was promised, and a competitor has been seen at the door. No complaint, no word.
void SilentRegular(Life& life) {
  DemoDiary& diary = life.diary();
  life.BuysEvery(31, 75 + 13 * 31, 75, 48'00, "coffee");
  life.Delivers(75 + 31, false);
  const std::string delivery = diary.SetExpectation(life.At(75, 11), life.At(72, 18));
  diary.MissExpectation(life.At(71), delivery);
  diary.NoticeCompetitor(life.At(34), "roaster-next-door");
  life.AsksForLetters(460);
  // Nobody noticed that the customer has become silent.
  life.IsServedWell(12);
}

// Four orders and a review. Of three referrals two became purchases; the first was thanked for, the
// purchase of five days ago was not yet.
void Advocate(Life& life) {
  DemoDiary& diary = life.diary();
  for (const int64_t ago : {310, 240, 150, 62}) life.BuysAndIsThanked(ago, 55'00, "tea");
  diary.TellsPreference(life.At(308), "channel", "community");
  for (const int64_t ago : {240, 150, 62}) life.Delivers(ago, true);
  diary.Reviews(life.At(230));
  for (const int64_t ago : {200, 170, 110, 80}) diary.HelpsInCommunity(life.At(ago, 20));
  diary.Praises(life.At(61, 12));
  const std::string first = diary.Refers(life.At(60), "cust-1402");
  diary.Thanks(life.At(59), first);
  diary.Converts(life.At(58, 12), first, "order-1402-1", 39'00);
  diary.Thanks(life.At(57), first);
  diary.Reviews(life.At(55));
  const std::string second = diary.Refers(life.At(20), "");
  diary.Thanks(life.At(19), second);
  life.IsServedWell(6);
  diary.Converts(life.At(5), second, "", 27'00);
  diary.Refers(life.At(1, 20), "");
}

// Four orders until fifteen months ago, then nothing for nine months. A personal word about what
// the customer likes brought them back: three orders in the last weeks.
void WonBack(Life& life) {
  DemoDiary& diary = life.diary();
  for (const int64_t ago : {520, 495, 470, 450}) life.BuysAndIsThanked(ago, 37'00, "filter");
  diary.TellsPreference(life.At(518), "channel", "email");
  diary.TellsPreference(life.At(518), "interest.single-origin", "yes");
  const std::string word = diary.Outreach(life.At(71), v1::OUTREACH_PURPOSE_WIN_BACK);
  life.Welcomes(word, v1::OUTREACH_PURPOSE_WIN_BACK, 70);
  for (const int64_t ago : {66, 40, 12}) life.BuysAndIsThanked(ago, 46'00, "coffee");
  diary.MatchInterest(life.At(30), "harvest-of-the-year", "single-origin");
  const std::string harvest = diary.Outreach(life.At(28), v1::OUTREACH_PURPOSE_INTEREST);
  life.Welcomes(harvest, v1::OUTREACH_PURPOSE_INTEREST, 27);
  const std::string check = diary.Outreach(life.At(5), v1::OUTREACH_PURPOSE_CHECK);
  life.Welcomes(check, v1::OUTREACH_PURPOSE_CHECK, 5);
  life.IsServedWell();
}

// Sixty days ago a delivery went badly wrong. It was acknowledged within the hour, made good in two
// days, accepted, and asked after; what went wrong was found and removed: from DAMAGED back to
// where it was.
void RepairedComplaint(Life& life) {
  DemoDiary& diary = life.diary();
  life.BuysEvery(21, 69 + 21 * 8, 69, 52'00, "coffee");
  diary.TellsPreference(life.At(230), "channel", "email");
  const std::string complaint = diary.Complains(life.At(60), 3, "delivery");
  diary.Acknowledges(life.At(60, 11), complaint);
  const std::string promise = diary.Promise(life.At(60, 11), life.At(58, 18));
  diary.Resolves(life.At(58, 15), complaint, "replacement");
  diary.KeepPromise(life.At(58, 15), promise);
  diary.AnswersResolution(life.At(57, 9), complaint, true);
  const std::string word = diary.Outreach(life.At(53), v1::OUTREACH_PURPOSE_CHECK);
  life.Welcomes(word, v1::OUTREACH_PURPOSE_CHECK, 53);
  diary.FindRootCause(life.At(52), complaint, "carrier", "other-carrier", "depot-photographed");
  life.BuysEvery(21, 48, 6, 61'00, "coffee");
  life.Delivers(48, true);
  life.IsServedWell();
}

// Came by a referral, told what was needed and bought once. Half of those who buy again have done
// so after 57 days.
void OnePurchase(Life& life) {
  DemoDiary& diary = life.diary();
  diary.IsReferred(life.At(60), kFirstReferral, "cust-0964");
  diary.TellsNeed(life.At(59), v1::NEED_FORM_PREFERENCE, 2);
  life.BuysAndIsThanked(58, 39'00, "tea");
  life.HasBirthday(/*days_ahead=*/4, /*told_days_ago=*/57);
  life.IsServedWell();
}

// Three orders, each in a promotion; the largest came back after eight days and was paid back. That
// is no complaint: the day of the purchase still counts, its money does not.
void Returner(Life& life) {
  DemoDiary& diary = life.diary();
  diary.Prefer(v1::CHANNEL_APP);
  diary.WriteBy(v1::CHANNEL_AUTOMATED);
  life.BuysInPromotion(140, 35'00, "cups");
  diary.TellsPreference(life.At(139), "channel", "app");
  const std::string order = life.BuysInPromotion(95, 240'00, "grinder");
  diary.Returns(life.At(87), order, 240'00);
  life.BuysInPromotion(44, 42'00, "cups");
  life.IsServedWell();
}

// Seven orders, a month apart, and then nothing for a year but letters that nobody answers; a
// hundred days ago the customer wished for no more of them.
void TwelveQuietMonths(Life& life) {
  DemoDiary& diary = life.diary();
  life.BuysEvery(28, 365 + 28 * 6, 365, 45'00, "tea");
  diary.TellsPreference(life.At(530), "channel", "email");
  SendNewsletters(diary, life.At(520), life.At(100), 0);
  diary.Consents(life.At(100), "all", false);
  life.IsServedWell(100);
}

// Every two weeks for eighteen months, thanked each time, greeted each year, and glad about it now
// and then: an objective was set and reached, a promise was kept.
void Loyal(Life& life) {
  DemoDiary& diary = life.diary();
  life.BuysEvery(14, 536, 4, 58'00, "coffee");
  diary.TellsPreference(life.At(534), "channel", "email");
  diary.TellsPreference(life.At(534), "interest.roasting", "yes");
  for (const int64_t ago : {400, 284, 158, 46}) life.Delivers(ago, true);
  for (const int64_t ago : {390, 280, 160, 47}) {
    const std::string word = diary.Outreach(life.At(ago), v1::OUTREACH_PURPOSE_CHECK);
    life.Welcomes(word, v1::OUTREACH_PURPOSE_CHECK, ago - 1);
  }
  const std::string objective = diary.SetsObjective(life.At(330, 15), 20);
  diary.Train(life.At(328), "roasting");
  diary.ReachesObjective(life.At(210), objective, "roasts-at-home");
  diary.KeepPromise(life.At(298), diary.Promise(life.At(300), life.At(297)));
  diary.Gift(life.At(170), "anniversary", 18'00);
  diary.Reviews(life.At(200));
  diary.Reviews(life.At(45));
  life.HasBirthday(/*days_ahead=*/-40, /*told_days_ago=*/533);
  life.AsksForLetters(535);
  life.IsServedWell();
}

}  // namespace

absl::Span<const DemoLife> DemoLives() { return kLives; }

std::vector<v1::Event> TenLives(int64_t begin_us, int64_t end_us) {
  using Writer = void (*)(Life&);
  // In the order of kLives.
  constexpr Writer kWriters[] = {
      OpenComplaint,     EscalatedComplaint, SilentRegular, Advocate,          WonBack,
      RepairedComplaint, OnePurchase,        Returner,      TwelveQuietMonths, Loyal};
  static_assert(sizeof(kWriters) / sizeof(Writer) == sizeof(kLives) / sizeof(DemoLife));
  std::vector<v1::Event> events;
  for (size_t i = 0; i < std::size(kLives); ++i) {
    Life life(kLives[i].customer_id, begin_us, end_us);
    kWriters[i](life);
    for (v1::Event& event : life.diary().Take()) events.push_back(std::move(event));
  }
  return events;
}

}  // namespace rapport::operations
