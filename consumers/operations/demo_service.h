// What the made-up shop does for a customer: it thanks, repairs, writes and asks, mostly in time.
//
//   ServePurchase(diary, at_us, order, cents);
//   SendNewsletters(diary, joined_us, left_us);
//
// The shop forgets a few, is late now and then, and its customers answer some of what it sends:
// otherwise nothing would be owed today.
//
// Threads: as the diary. Ownership: borrows the diary.
#pragma once

#include <cstdint>
#include <string>

#include "consumers/operations/demo_diary.h"

namespace rapport::operations {

// Thanks for an order; now and then a question before it, a day promised for its delivery, a return
// of it; and a complaint about so many of a thousand.
void ServePurchase(DemoDiary& diary, int64_t at_us, const std::string& order, int64_t cents,
                   int64_t complaints_permille);

// A complaint from raised to answered: acknowledged, resolved within its term or escalated past it,
// accepted or reopened.
void ServeComplaint(DemoDiary& diary, int64_t at_us, uint32_t severity);

// The consent, and from then on the letters of the 1st and the 15th of each month, 08:00 UTC, while
// the customer takes them, with answers to so many of a thousand.
void SendNewsletters(DemoDiary& diary, int64_t from_us, int64_t until_us, int64_t answers_permille);

// A word of the shop that asks for one back. Returns when the customer answered, 0 = not at all.
int64_t ReachOut(DemoDiary& diary, int64_t at_us, v1::OutreachPurpose purpose,
                 int64_t answers_permille);

// A birthday that the customer tells, and a greeting on most of them.
void Greet(DemoDiary& diary, int64_t told_us);

// A business is looked after by one person, who meets its buyer each quarter and sees a chance now
// and then.
void LookAfter(DemoDiary& diary, int64_t from_us);

// Within two days of a referral or of the purchase it led to.
void ThankForReferral(DemoDiary& diary, int64_t at_us, const std::string& referral);

}  // namespace rapport::operations
