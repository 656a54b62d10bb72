#include "consumers/operations/demo_habit.h"

#include <algorithm>

#include "consumers/operations/demo_practice.h"
#include "consumers/operations/demo_service.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr const char* kProducts[] = {"coffee", "tea", "filter", "grinder", "cups", "beans-gift"};

struct Range {
  int64_t least;
  int64_t most;
};

// The numbers behind a habit.
struct Manner {
  // Of a thousand customers.
  int64_t customers;
  Range gap_days;
  Range cents;
  // Of a thousand purchases.
  int64_t complaints;
  // Of a thousand letters.
  int64_t answers;
};

const Manner& MannerOf(Habit habit) {
  // In the order of Habit.
  static constexpr Manner kManners[] = {
      {145, {9, 18}, {18'00, 90'00}, 20, 90},
      {175, {22, 42}, {18'00, 80'00}, 35, 60},
      {210, {80, 170}, {15'00, 70'00}, 40, 35},
      {160, {1, 1}, {12'00, 50'00}, 60, 15},
      {110, {20, 32}, {15'00, 60'00}, 70, 20},
      {90, {20, 45}, {15'00, 60'00}, 60, 20},
      {60, {1, 1}, {0, 0}, 0, 25},
      {45, {10, 25}, {15'00, 70'00}, 40, 80},
      {5, {6, 8}, {400'00, 2'400'00}, 80, 30},
  };
  return kManners[static_cast<int>(habit)];
}

// Most customers were there before the shop began to write things down.
int64_t SomeJoinDay(Habit habit, DemoDiary& diary, bool& lately) {
  const int64_t begin = DayOf(diary.begin_us()), end = DayOf(diary.end_us());
  DemoRandom& random = diary.random();
  lately = true;
  if (habit == Habit::kNewcomer) return random.Between(end - 60, end - 4);
  // A prospect is known by the first letter: there is one within seventeen days.
  if (habit == Habit::kProspect) return random.Between(begin + 2, end - 20);
  if (habit == Habit::kOnce) return random.Between(begin + 2, end - 5);
  lately = !random.Chance(550);
  if (!lately) return random.Between(begin, begin + MannerOf(habit).gap_days.most);
  return random.Between(begin + 20, end - 120);
}

// Shops are open from seven to ten in the evening.
int64_t SomeTimeOf(int64_t day, DemoRandom& random) {
  return day * kMicrosPerDay + random.Between(7 * 3600, 22 * 3600) * kMicrosPerSecond;
}

// The day after which this one buys no more.
int64_t SomeLastDay(Habit habit, int64_t joined_day, DemoDiary& diary) {
  const int64_t end = DayOf(diary.end_us());
  if (habit != Habit::kStopped) return end;
  return diary.random().Between(std::min(joined_day + 80, end - 40), end - 30);
}

void Buy(const Manner& manner, int64_t day, DemoDiary& diary, DemoHistory& history) {
  DemoRandom& random = diary.random();
  const int64_t at_us = SomeTimeOf(day, random);
  // Whole tens of cents, as prices are.
  const int64_t cents = random.Between(manner.cents.least / 10, manner.cents.most / 10) * 10;
  const std::string order = diary.Buys(at_us, cents, kProducts[random.Between(0, 5)]);
  if (history.purchases++ == 0) {
    history.first_order = order;
    history.first_order_us = at_us;
    history.first_order_cents = cents;
  }
  ServePurchase(diary, at_us, order, cents, manner.complaints);
}

void BuyAgainAndAgain(Habit habit, int64_t day, DemoDiary& diary, DemoHistory& history) {
  const Manner& manner = MannerOf(habit);
  DemoRandom& random = diary.random();
  // Each has a pace of their own, and keeps to it more or less.
  int64_t pace = random.Between(manner.gap_days.least, manner.gap_days.most);
  const int64_t last_day = SomeLastDay(habit, day, diary);
  while (day < last_day) {
    Buy(manner, day, diary, history);
    day += std::max<int64_t>(1, random.Between(pace * 7 / 10, pace * 13 / 10));
    if (habit == Habit::kDrifting) pace += pace * random.Between(10, 35) / 100;
  }
}

void BuyOnce(DemoDiary& diary, int64_t day, DemoHistory& history) {
  Buy(MannerOf(Habit::kOnce), day, diary, history);
  // Half of those who buy again have done so after 57 days: time for a suggestion.
  if (!diary.random().Chance(900)) return;
  ReachOut(diary, SomeTimeOf(day + diary.random().Between(58, 64), diary.random()),
           v1::OUTREACH_PURPOSE_SUGGEST, 80);
}

}  // namespace

Habit SomeHabit(DemoRandom& random) {
  int64_t pick = random.Between(0, 999);
  for (int habit = 0; habit < static_cast<int>(Habit::kBusiness); ++habit) {
    pick -= MannerOf(static_cast<Habit>(habit)).customers;
    if (pick < 0) return static_cast<Habit>(habit);
  }
  return Habit::kBusiness;
}

DemoHistory LiveBy(Habit habit, DemoDiary& diary) {
  DemoRandom& random = diary.random();
  DemoHistory history;
  const int64_t day = SomeJoinDay(habit, diary, history.joined_lately);
  history.joined_us = day * kMicrosPerDay + 6 * kMicrosPerHour;
  if (random.Chance(400)) diary.Prefer(v1::CHANNEL_APP);
  if (habit == Habit::kBusiness) diary.Prefer(v1::CHANNEL_PHONE);
  if (habit == Habit::kOnce) {
    BuyOnce(diary, day, history);
  } else if (habit != Habit::kProspect) {
    BuyAgainAndAgain(habit, day, diary, history);
  }
  if (habit == Habit::kLoyal && random.Chance(200)) {
    diary.Reviews(SomeTimeOf(random.Between(day + 30, DayOf(diary.end_us())), random));
  }
  // A fifth of them wants letters; a few one day want no more.
  if (habit == Habit::kProspect || random.Chance(200)) {
    const int64_t until_us = random.Chance(80)
                                 ? history.joined_us + random.Between(60, 300) * kMicrosPerDay
                                 : diary.end_us();
    SendNewsletters(diary, history.joined_us, until_us, MannerOf(habit).answers);
  }
  if (habit == Habit::kBusiness) LookAfter(diary, history.joined_us);
  if (history.purchases > 0 && random.Chance(250)) Greet(diary, history.joined_us);
  FollowPractice({.until_us = diary.end_us()}, diary);
  return history;
}

}  // namespace rapport::operations
