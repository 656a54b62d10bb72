// Follow-ups that come with time: silences, states and days of the month, at their edges.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/kit/follow_up_world.h"

namespace rapport::follow_up {
namespace {

using kit::FollowUpWorld;

// Hour 360000 is 2011-01-26 00:00 UTC, a Wednesday; day 15000.
constexpr int64_t kHour = 360000;
constexpr int64_t kDayHours = 24;

constexpr absl::string_view kQuiet =
    "policy { id: \"quiet\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_REPEAT "
    "trigger { silence { lasts: \"10d\" } } by: \"2d\" until: \"5d\" "
    "done { kind: KIND_MEETING_HELD } }";

TEST(SilenceTest, BeginsAtTheInstantAndComesAgain) {
  FollowUpWorld world(kit::OnlyPolicies(kQuiet));
  world.Add("360005 MeetingHeld m -");
  EXPECT_EQ(world.At(360244), "");
  EXPECT_EQ(world.NextChangeHour(kHour), 360245);
  EXPECT_EQ(world.At(360245), "quiet repeat:15000/1 DUE - 360245 360245 360293 360365");
  EXPECT_EQ(world.StatusAt(360293, "quiet"), "OVERDUE -");
  EXPECT_EQ(world.StatusAt(360365, "quiet"), "EXPIRED -");
  EXPECT_EQ(world.StatusAt(360484, "quiet"), "EXPIRED -");
  EXPECT_EQ(world.NextChangeHour(360365), 360485);
  EXPECT_EQ(world.At(360485), "quiet repeat:15000/2 DUE - 360485 360485 360533 360605")
      << "only the current one exists";
  world.Add("360484 MeetingHeld m2 -");
  EXPECT_EQ(world.At(360485), "") << "it vanishes and is not DONE";
  EXPECT_EQ(world.NextChangeHour(360485), 360724);
}

TEST(SilenceTest, NothingEverHeardIsNone) {
  FollowUpWorld world(kit::OnlyPolicies(kQuiet));
  world.Add("360000 PurchaseMade A -");
  EXPECT_EQ(world.At(400000), "");
  EXPECT_EQ(world.NextChangeHour(kHour), std::nullopt);
}

TEST(SilenceTest, CountsFromMidnightOfTheFirstPurchase) {
  FollowUpWorld world(kit::OnlyPolicies(
      "policy { id: \"quiet\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_REPEAT "
      "trigger { silence { lasts: \"10d\" since: POLICY_SINCE_FIRST_PURCHASE } } by: \"2d\" "
      "until: \"5d\" done { kind: KIND_MEETING_HELD } }"));
  world.Add("359000 MeetingHeld m -;360013 PurchaseMade A -;360100 PurchaseMade B -");
  EXPECT_EQ(world.At(360239), "") << "the meeting before does not count";
  EXPECT_EQ(world.At(360240), "quiet repeat:15000/1 DUE - 360240 360240 360288 360360");
}

TEST(SilenceTest, ContactsThatReachedNobodyAreNoSound) {
  FollowUpWorld world(kit::OnlyPolicies(
      "policy { id: \"quiet\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_REPEAT "
      "trigger { silence { lasts: \"10d\" } } by: \"2d\" until: \"5d\" "
      "done { contact: true } done { customer_act: true } }"));
  world.Add("360000 OutreachMade:CHECK a -;360100 OutreachMade:CHECK b 0");
  EXPECT_EQ(world.StatusAt(360240, "quiet"), "DUE -");
  world.Add("360110 OutreachMade:NEWSLETTER n -");
  EXPECT_EQ(world.StatusAt(360240, "quiet"), "DUE -") << "a mailing is no contact";
  world.Add("360120 ThanksGiven - -");
  EXPECT_EQ(world.At(360240), "");
  EXPECT_EQ(world.StatusAt(360360, "quiet"), "DUE -");
  // Acts that no list remembers count as well.
  world.Add("360130 AwarenessShown - -");
  EXPECT_EQ(world.At(360369), "");
  EXPECT_EQ(world.StatusAt(360370, "quiet"), "DUE -");
}

TEST(SilenceTest, WhatOpensBeforeTheFloorIsNotKnown) {
  FollowUpWorld world(kit::OnlyPolicies(
      "policy { id: \"quiet\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_REPEAT "
      "trigger { silence { lasts: \"10d\" since: POLICY_SINCE_FIRST_PURCHASE } } by: \"2d\" "
      "until: \"90d\" done { kind: KIND_OUTREACH_MADE purpose: OUTREACH_PURPOSE_CHECK } }"));
  // 24 are remembered, so the first of 25 is forgotten.
  world.Add("360000 PurchaseMade A -");
  for (int i = 0; i <= 24; ++i) world.Add(absl::StrCat(360240 + i, " ThanksGiven t -"));
  EXPECT_EQ(world.At(360264), "") << "opened at 360240, the moment of the forgotten one";
  EXPECT_EQ(world.StatusAt(360480, "quiet"), "DUE -");
}

// Twenty-four others push it out of the list; that it happened is known all the same.
TEST(SilenceTest, WhatTheListForgotStillBreaksIt) {
  for (const char* const done :
       {"KIND_MEETING_HELD", "KIND_OUTREACH_MADE purpose: OUTREACH_PURPOSE_CHECK"}) {
    SCOPED_TRACE(done);
    FollowUpWorld world(kit::OnlyPolicies(absl::StrCat(
        "policy { id: \"quiet\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_REPEAT "
        "trigger { silence { lasts: \"10d\" since: POLICY_SINCE_FIRST_PURCHASE } } by: \"2d\" "
        "until: \"5d\" done { kind: ",
        done, " } }")));
    world.Add("360000 PurchaseMade A -;360300 MeetingHeld m -;360300 OutreachMade:CHECK o -");
    for (int i = 0; i <= 24; ++i) world.Add(absl::StrCat(360301 + i, " ThanksGiven t -"));
    EXPECT_EQ(world.At(360480), "");
    EXPECT_EQ(world.At(360539), "");
    EXPECT_EQ(world.StatusAt(360540, "quiet"), "DUE -");
  }
}

constexpr absl::string_view kAtRisk =
    "policy { id: \"risk\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_DAY "
    "trigger { state { flag: FLAG_AT_RISK } } by: \"1d\" until: \"60d\" "
    "done { kind: KIND_OUTREACH_ANSWERED } }";

std::string OnDay(int64_t day, absl::string_view event) {
  return absl::StrCat(day * kDayHours + 9, " ", event);
}

// Purchases on days 15000 and 15020: at risk from day 15020 + (2 * 50000) div 1250 + 1 = 15101 on.
class AtRiskTest : public testing::Test {
 protected:
  AtRiskTest() {
    world_.Add(OnDay(15000, "PurchaseMade A -"));
    world_.Add(OnDay(15020, "PurchaseMade B -"));
  }
  std::string At(int64_t day) const { return world_.At(day * kDayHours, "risk"); }

  FollowUpWorld world_{kit::OnlyPolicies(kAtRisk)};
};

TEST_F(AtRiskTest, BeginsWithTwiceTheCustomersOwnGap) {
  EXPECT_EQ(At(15100), "");
  EXPECT_EQ(world_.NextChangeHour(15020 * kDayHours + 9), 15101 * kDayHours);
  EXPECT_EQ(At(15101), "risk day:15101 DUE - 362424 362424 362448 363864");
}

TEST_F(AtRiskTest, TwoMissesBeginItEarlier) {
  world_.Add(OnDay(15050, "ExpectationMissed x -"));
  world_.Add(OnDay(15080, "ExpectationMissed y -"));
  EXPECT_EQ(At(15080), "risk day:15080 DUE - 361920 361920 361944 363360")
      << "from midnight of that day";
  EXPECT_EQ(At(15101), "risk day:15080 OVERDUE - 361920 361920 361944 363360")
      << "the earlier of the two";
  world_.Add(OnDay(15105, "ExpectationMet z -"));
  EXPECT_EQ(At(15106), "risk day:15101 OVERDUE - 362424 362424 362448 363864")
      << "the misses are forgotten, the gap is not";
}

TEST_F(AtRiskTest, MissesThatComeLaterChangeNothing) {
  world_.Add(OnDay(15105, "ExpectationMissed x -"));
  world_.Add(OnDay(15110, "ExpectationMissed y -"));
  EXPECT_EQ(At(15111), "risk day:15101 OVERDUE - 362424 362424 362448 363864");
}

TEST_F(AtRiskTest, MissesThirtyOneDaysApartAreNoTwo) {
  world_.Add(OnDay(15050, "ExpectationMissed x -"));
  world_.Add(OnDay(15081, "ExpectationMissed y -"));
  EXPECT_EQ(At(15082), "");
}

TEST_F(AtRiskTest, APurchaseEndsTheStateAndWithItTheFollowUp) {
  world_.Add(OnDay(15102, "PurchaseMade C -"));
  EXPECT_EQ(At(15103), "");
}

// An hour ahead of UTC: local midnight is 23:00 UTC.
constexpr absl::string_view kLetter =
    "policy { id: \"letter\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_DAY "
    "trigger { month_day: 1 } trigger { month_day: 15 } from: \"date\" by: \"date+2d\" "
    "until: \"date+14d\" when { consent: \"NEWSLETTER\" } mailings: true "
    "done { kind: KIND_OUTREACH_MADE purpose: OUTREACH_PURPOSE_NEWSLETTER } }";
constexpr absl::string_view kHourAhead =
    "calendar { offset { begins: \"2000-01-01\" minutes: 60 } }";

class MonthDayTest : public testing::Test {
 protected:
  FollowUpWorld world_{kit::OnlyPolicies(kLetter, kHourAhead)};
};

// 1 and 15 December 2010 are days 14944 and 14958, 1 and 15 January 2011 days 14975 and 14989.
TEST_F(MonthDayTest, GoesOverTheEndOfTheYear) {
  world_.Add("358900 ConsentChanged NEWSLETTER 1");
  EXPECT_EQ(world_.At(358990), "letter day:14958 PENDING - 358655 358991 359039 359327");
  EXPECT_EQ(world_.At(358991),
            "letter day:14958 DUE - 358655 358991 359039 359327;"
            "letter day:14975 PENDING - 358991 359399 359447 359735");
  EXPECT_EQ(world_.At(359399),
            "letter day:14958 EXPIRED - 358655 358991 359039 359327;"
            "letter day:14975 DUE - 358991 359399 359447 359735;"
            "letter day:14989 PENDING - 359399 359735 359783 360071");
  EXPECT_EQ(world_.NextChangeHour(359327), 359399);
  EXPECT_EQ(world_.NextChangeHour(359447), 359735);
}

TEST_F(MonthDayTest, AsksForConsentBeforeTheDate) {
  world_.Add("358991 ConsentChanged NEWSLETTER 1");
  EXPECT_EQ(world_.At(358991), "letter day:14975 PENDING - 358991 359399 359447 359735");
  FollowUpWorld earlier(kit::OnlyPolicies(kLetter, kHourAhead));
  earlier.Add("358990 ConsentChanged NEWSLETTER 1");
  EXPECT_EQ(earlier.At(358990), "letter day:14958 PENDING - 358655 358991 359039 359327");
}

TEST_F(MonthDayTest, WhatWasSentBeforeTheDateDoesNotCount) {
  world_.Add("358900 ConsentChanged NEWSLETTER 1;358990 OutreachMade:NEWSLETTER a -");
  EXPECT_EQ(world_.StatusAt(358991, "letter"), "DUE -");
  world_.Add("358991 OutreachMade:NEWSLETTER b -");
  EXPECT_EQ(world_.StatusAt(358991, "letter"), "DONE -") << "at its very beginning it does";
}

TEST_F(MonthDayTest, AFebruaryOfTwentyEightDaysIsNoGap) {
  // 1 and 15 February 2011: days 15006 and 15020; 1 March: 15034.
  world_.Add("360100 ConsentChanged NEWSLETTER 1");
  EXPECT_EQ(world_.At(15020 * kDayHours - 1),
            "letter day:15006 EXPIRED - 359735 360143 360191 360479;"
            "letter day:15020 DUE - 360143 360479 360527 360815;"
            "letter day:15034 PENDING - 360479 360815 360863 361151");
}

}  // namespace
}  // namespace rapport::follow_up
