// Which referral of a customer converts, and what takes its conversion back.
#include "engine/pipeline/conversions.h"

#include <gtest/gtest.h>

#include "tests/kit/event_builder.h"

namespace rapport::pipeline {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;

EventBuilder Received(uint64_t id, const char* by, int64_t day) {
  return std::move(
      AnEvent(v1::KIND_REFERRAL_RECEIVED).Of("ben").Id(id).OnDay(day).Key("R").Set("referrer", by));
}

EventBuilder Bought(uint64_t id, int64_t day = 20'000) {
  return std::move(APurchase().Of("ben").Id(id).OnDay(day).Key("O").Worth(5, "EUR"));
}

EventBuilder Back(uint64_t id, const EventBuilder& target) {
  return std::move(kit::ARetraction(target.envelope().event_id()).Of("ben").Id(id).OnDay(20'100));
}

// After each event `+ana` for a conversion, `-ana` for one that is taken back, `.` for neither.
std::string Story(const std::vector<EventBuilder>& events) {
  std::vector<event::Revision> revisions;
  for (const EventBuilder& event : events) {
    const ValidEvent view = event.View();
    if (event::IsRevision(view.kind)) revisions.push_back(event::RevisionOf(view));
  }
  Conversions conversions(revisions);
  std::string story;
  for (const EventBuilder& event : events) {
    conversions.Take(event.View());
    if (conversions.converted()) story += "+" + conversions.converted()->referrer;
    if (conversions.taken_back()) story += "-" + conversions.taken_back()->referrer;
    if (!conversions.converted() && !conversions.taken_back()) story += ".";
  }
  return story;
}

TEST(ConversionsTest, BothOfReferralAndPurchaseConvertWhicheverComesSecond) {
  EXPECT_EQ(Story({Received(1, "ana", 1), Bought(2), Bought(3)}), ".+ana.");
  EXPECT_EQ(Story({Bought(2), Received(1, "ana", 1), Received(4, "eve", 2)}), ".+ana.");
  EXPECT_EQ(Story({Bought(2), Bought(3)}), "..");
}

TEST(ConversionsTest, TheEarliestReferralConverts) {
  EXPECT_EQ(Story({Received(1, "ana", 5), Received(4, "eve", 2), Bought(2)}), "..+eve");
  EXPECT_EQ(Story({Received(1, "ana", 5), Bought(2), Received(4, "eve", 2)}), ".+ana.");
}

TEST(ConversionsTest, WhoRefersNobodyElseConvertsNothing) {
  EXPECT_EQ(Story({Received(1, "ben", 5), Bought(2)}), "..");
  EXPECT_EQ(Story({Received(1, "a@b.example", 5), Bought(2)}), "..");
}

TEST(ConversionsTest, TheConversionThatStandsIsTakenBackAndNoOther) {
  const EventBuilder ana = Received(1, "ana", 5), eve = Received(4, "eve", 2);
  EXPECT_EQ(Story({ana, Bought(2), eve, Back(9, Bought(2))}), ".+ana.-ana");
  EXPECT_EQ(Story({ana, Bought(2), eve, Back(9, eve)}), ".+ana..");
  EXPECT_EQ(Story({ana, Bought(2), eve, Back(9, ana), Back(10, Bought(2))}), ".+ana.-ana.");
  EXPECT_EQ(Story({ana, Bought(2), Bought(3), Back(9, Bought(2)), Back(10, Bought(3))}),
            ".+ana..-ana");
}

TEST(ConversionsTest, AReferralConvertsOnce) {
  const EventBuilder ana = Received(1, "ana", 5), eve = Received(4, "eve", 2);
  EXPECT_EQ(Story({ana, Bought(2), Back(9, Bought(2)), Bought(3)}), ".+ana-ana.");
  // Another one may convert after it.
  EXPECT_EQ(Story({ana, Bought(2), Back(9, Bought(2)), eve, Bought(3)}), ".+ana-ana.+eve");
}

TEST(ConversionsTest, WhatWasTakenBackBeforeItCameCountsForNothing) {
  EXPECT_EQ(Story({Back(9, Bought(2)), Received(1, "ana", 5), Bought(2), Bought(3)}), "...+ana");
}

TEST(ConversionsTest, ACorrectionCountsAndConvertsNothing) {
  const EventBuilder visit = std::move(AnEvent(v1::KIND_ENQUIRY_MADE).Of("ben").Id(7).Key("E"));
  const EventBuilder bought = std::move(
      kit::ACorrection(visit.envelope().event_id(), Bought(7)).Of("ben").Id(8).OnDay(20'000));
  EXPECT_EQ(Story({Received(1, "ana", 5), visit, bought, Bought(2)}), "....");
  EXPECT_EQ(Story({visit, bought, Received(1, "ana", 5)}), "..+ana");
  // What it put in place goes with it.
  EXPECT_EQ(Story({visit, bought, Received(1, "ana", 5), Back(9, bought)}), "..+ana-ana");
}

TEST(ConversionsTest, TheEarliestPurchaseIsThatOfTheSmallestMoment) {
  Conversions conversions({event::RevisionOf(Back(9, Bought(5)).View())});
  for (const EventBuilder& event : {Bought(2, 30), Bought(3, 20), Bought(4, 40), Bought(5, 10)}) {
    conversions.Take(event.View());
  }
  EXPECT_EQ(conversions.EarliestPurchase(), Bought(5).View().id);
  conversions.Take(Back(9, Bought(5)).View());
  EXPECT_EQ(conversions.EarliestPurchase(), Bought(3).View().id);
}

}  // namespace
}  // namespace rapport::pipeline
