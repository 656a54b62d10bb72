// The shop's practice: what it does for a customer because its rules would have it done.
//
//   LiveBy(habit, diary);
//   FollowPractice({.care_permille = 950, .until_us = diary.end_us()}, diary);
//
// Reads what is written of the customer so far and adds what belongs to it: a first purchase is
// reinforced, each month with a purchase is asked about, who may be leaving is asked how things
// are, who has left is asked back, nobody is left without a word for a quarter or unasked for half
// a year. The terms are read from the standard rules; so many of a thousand such acts are done, in
// time, and the rest is what the shop owes.
//
// Threads: as the diary. Ownership: borrows the diary.
#pragma once

#include <cstdint>

#include "consumers/operations/demo_diary.h"

namespace rapport::operations {

struct Practice {
  // Of a thousand acts that are due, so many are done.
  int64_t care_permille = 950;
  // Of a thousand surveys, so many are answered at the first asking, and of those asked again.
  int64_t answers_permille = 780;
  // Every answer is an 8 of 10, and no other word comes back.
  bool content = false;
  // From here on the shop does nothing of this.
  int64_t until_us = 0;
};

void FollowPractice(const Practice& practice, DemoDiary& diary);

}  // namespace rapport::operations
