// How the customers of the made-up shop behave: from the loyal one to who never bought.
//
//   const Habit habit = SomeHabit(random);
//   DemoHistory history = LiveBy(habit, diary);
//
// Threads: as the diary. Ownership: borrows the diary.
#pragma once

#include <cstdint>
#include <string>

#include "consumers/operations/demo_diary.h"

namespace rapport::operations {

enum class Habit {
  // Buys every two weeks or so, all the time.
  kLoyal,
  // Every month or so.
  kRegular,
  // A few times a year.
  kOccasional,
  // Once.
  kOnce,
  // Ever more rarely.
  kDrifting,
  // Regularly, and from one day on no more.
  kStopped,
  // Reads the letters, never bought.
  kProspect,
  // Came within the last two months.
  kNewcomer,
  // A business: large orders every week, and many complaints.
  kBusiness,
};

// One of them, as often as they are among the shop's customers.
Habit SomeHabit(DemoRandom& random);

// What the referrals of others need to know of a life.
struct DemoHistory {
  int64_t joined_us = 0;
  bool joined_lately = false;
  // The first purchase; no order = none.
  std::string first_order;
  int64_t first_order_us = 0;
  int64_t first_order_cents = 0;
  int purchases = 0;
};

// Writes the whole life.
DemoHistory LiveBy(Habit habit, DemoDiary& diary);

}  // namespace rapport::operations
