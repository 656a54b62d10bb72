// What a relationship was over time: every change at its moment, with its cause.
#include "engine/history/standings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/engine/history/bought.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/random_history.h"
#include "tests/kit/status_matchers.h"

namespace rapport::history {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EngineWorld;
using kit::StatusIs;
using testing::ElementsAre;

constexpr int64_t kDay = 18'000;

absl::Status GoesOn() { return absl::OkStatus(); }

absl::StatusOr<std::vector<v1::StandingRow>> Ask(EngineWorld& world, const std::string& customer,
                                                 const StandingsSpan& span,
                                                 const GoOn& go_on = GoesOn) {
  const auto group = world.History().GroupOf(customer, {});
  if (!group.ok()) return group.status();
  return world.History().Standings(*group, {}, {}, span, go_on);
}

std::vector<v1::StandingRow> Changes(EngineWorld& world, const std::string& customer,
                                     int64_t to_us) {
  auto rows = Ask(world, customer, {.to_us = to_us});
  EXPECT_OK(rows);
  return rows.ok() ? *rows : std::vector<v1::StandingRow>();
}

// `day 18000 EXPLORATION S7 by 1`, without what is not said.
std::string Told(const v1::StandingRow& row) {
  std::string text = absl::StrCat("day ", DayOf(row.at_us()), " ",
                                  v1::Stage_Name(row.stage()).substr(sizeof("STAGE_") - 1), " ",
                                  row.stage_rule().rule_id());
  for (const int flag : row.flags()) {
    absl::StrAppend(&text, " ", v1::Flag_Name(static_cast<v1::Flag>(flag)).substr(5));
  }
  if (row.by_time()) absl::StrAppend(&text, " by time");
  for (const v1::ChangeCause& cause : row.causes()) {
    absl::StrAppend(&text, " by ", cause.event_id().substr(35));
  }
  return text;
}

std::vector<std::string> Told(const std::vector<v1::StandingRow>& rows) {
  std::vector<std::string> told;
  for (const v1::StandingRow& row : rows) told.push_back(Told(row));
  return told;
}

std::vector<std::string> BytesOf(const std::vector<v1::StandingRow>& rows) {
  std::vector<std::string> bytes;
  for (const v1::StandingRow& row : rows) bytes.push_back(row.SerializeAsString());
  return bytes;
}

TEST(StandingsTest, TellsEveryChangeWithItsMomentRuleAndCause) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (const uint64_t n : {1, 2, 3, 4, 5}) {
    world.Publish(Bought(n, kDay + 14 * (static_cast<int64_t>(n) - 1)));
  }
  world.Publish(Bought(6, kDay + 600));
  ASSERT_OK(world.AwaitAll());
  const auto rows = Changes(world, "ana", At(kDay + 700));
  EXPECT_THAT(
      Told(rows),
      ElementsAre("day 18000 EXPLORATION S7 by 1", "day 18014 EXPANSION S10 by 2",
                  "day 18056 COMMITMENT S9 by 5", "day 18097 COMMITMENT S9 AT_RISK by time",
                  "day 18098 EXPANSION S10 AT_RISK by time", "day 18166 DISSOLUTION S8 by time",
                  "day 18600 COMMITMENT S9 WON_BACK by 6"));
  ASSERT_EQ(rows.size(), 7u);
  EXPECT_EQ(rows[0].stage_before(), v1::STAGE_UNSPECIFIED);
  EXPECT_EQ(rows[1].stage_before(), v1::STAGE_EXPLORATION);
  EXPECT_EQ(rows[5].stage_before(), v1::STAGE_EXPANSION);
  EXPECT_EQ(rows[5].stage_reason(), v1::STAGE_REASON_DORMANT);
  // By time at midnight, by an event at its moment.
  EXPECT_EQ(rows[5].at_us(), At(18'166));
  EXPECT_EQ(rows[6].at_us(), Bought(6, kDay + 600).View().occurred_at_us);
  EXPECT_EQ(rows[6].causes(0).customer_id(), "ana");
  EXPECT_EQ(rows[6].causes(0).kind(), v1::KIND_PURCHASE_MADE);
  EXPECT_EQ(rows[6].causes(0).id(), Bought(6, kDay).View().id.Hex());
}

// What a row is made for when it differs.
std::string Signature(const v1::Standing& standing) {
  std::string text = absl::StrCat(standing.stage(), " ", standing.stage_reason(), " ",
                                  standing.stage_rule().rule_id());
  for (const v1::FlagState& flag : standing.flags()) absl::StrAppend(&text, " ", flag.flag());
  return text;
}

std::string Signature(const v1::StandingRow& row) {
  std::string text =
      absl::StrCat(row.stage(), " ", row.stage_reason(), " ", row.stage_rule().rule_id());
  for (const int flag : row.flags()) absl::StrAppend(&text, " ", flag);
  return text;
}

// The changes found by folding anew and looking every day and at every event, as
// `moment signature`.
std::vector<std::string> Stepped(const fold::Projection& projection,
                                 const std::vector<PastEvent>& events, int64_t to_us) {
  std::vector<std::string> changes;
  std::string is;
  const auto look = [&](int64_t at_us, bool with_those_of_it, bool by_time) {
    PastFacts facts(&projection);
    bool begun = false;
    for (const PastEvent& event : events) {
      if (event.moment.at_us < at_us || (with_those_of_it && event.moment.at_us == at_us)) {
        begun = facts.Fold(event) || begun;
      }
    }
    if (!begun) return;
    v1::Standing standing;
    projection.Evaluate("c", facts.get(), at_us, {.follow_ups = false, .next_change = false},
                        standing);
    if (Signature(standing) == is) return;
    is = Signature(standing);
    changes.push_back(
        absl::StrCat(at_us, by_time ? " time " : " event ", is, " ", standing.score_milli()));
  };
  size_t next = 0;
  for (int64_t day = DayOf(events.front().moment.at_us); At(day) <= to_us; ++day) {
    look(At(day), /*with_those_of_it=*/false, /*by_time=*/true);
    for (; next < events.size() && events[next].moment.at_us < At(day + 1); ++next) {
      if (events[next].moment.at_us <= to_us) look(events[next].moment.at_us, true, false);
    }
  }
  return changes;
}

TEST(StandingsTest, EqualsSteppingThroughEveryDayAndEventOfRandomHistories) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  size_t by_time = 0, by_event = 0;
  for (uint64_t seed = 0; seed < 12; ++seed) {
    const std::string customer = absl::StrCat("c", seed);
    for (kit::EventBuilder& event : kit::RandomHistory(seed, 25)) {
      world.Publish(event.Of(customer));
    }
    ASSERT_OK(world.AwaitAll());
    const auto events = world.History().Events(customer, {});
    ASSERT_OK(events);
    const int64_t to_us = events->back().moment.at_us + At(500);
    std::vector<std::string> told;
    for (const v1::StandingRow& row : Changes(world, customer, to_us)) {
      told.push_back(absl::StrCat(row.at_us(), row.by_time() ? " time " : " event ", Signature(row),
                                  " ", row.score_milli()));
      EXPECT_NE(row.by_time(), row.causes_size() > 0) << told.back();
      int64_t sum = 0;
      for (const v1::Line& line : row.lines()) sum += line.milli_points();
      EXPECT_EQ(sum, row.score_milli());
      ++(row.by_time() ? by_time : by_event);
    }
    EXPECT_THAT(told, testing::ElementsAreArray(Stepped(world.projection(), *events, to_us)))
        << "seed " << seed;
  }
  EXPECT_GE(by_time, 50u);
  EXPECT_GE(by_event, 50u);
}

TEST(StandingsTest, AreTheSameForEveryOrderOfArrival) {
  for (uint64_t seed = 0; seed < 4; ++seed) {
    std::vector<kit::EventBuilder> events = kit::RandomHistory(seed, 30);
    std::mt19937_64 random(seed);
    std::vector<std::vector<std::string>> told;
    for (int order = 0; order < 5; ++order) {
      EngineWorld world(1);
      ASSERT_OK(world.Start());
      for (kit::EventBuilder& event : events) world.Publish(event.Of("ana"));
      ASSERT_OK(world.AwaitAll());
      told.push_back(BytesOf(Changes(world, "ana", At(kDay))));
      EXPECT_GE(told.back().size(), 5u);
      EXPECT_EQ(told.back(), told.front()) << "seed " << seed << " order " << order;
      std::shuffle(events.begin(), events.end(), random);
    }
  }
}

TEST(StandingsTest, AStepIsTheStandingAsOfItsMomentWithWhatChangedItSinceTheOneBefore) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (kit::EventBuilder& event : kit::RandomHistory(7, 25)) world.Publish(event.Of("ana"));
  ASSERT_OK(world.AwaitAll());
  const auto events = world.History().Events("ana", {});
  ASSERT_OK(events);
  const int64_t begin_us = events->front().moment.at_us;
  const StandingsSpan span{.to_us = begin_us + At(900), .step_us = At(3) + 5 * kMicrosPerHour};
  const auto rows = Ask(world, "ana", span);
  ASSERT_OK(rows);
  ASSERT_EQ(static_cast<int64_t>(rows->size()), At(900) / span.step_us + 1);
  const auto changes = Changes(world, "ana", span.to_us);
  size_t next = 0;
  for (size_t i = 0; i < rows->size(); ++i) {
    const v1::StandingRow& row = rows->at(i);
    ASSERT_EQ(row.at_us(), begin_us + static_cast<int64_t>(i) * span.step_us);
    v1::Standing then;
    ASSERT_OK(world.History().Evaluate("ana", {row.at_us(), {}}, {}, then));
    EXPECT_EQ(row.score_milli(), then.score_milli());
    EXPECT_EQ(row.stage_rule().SerializeAsString(), then.stage_rule().SerializeAsString());
    EXPECT_EQ(Signature(row), Signature(then));
    bool by_time = false;
    std::vector<std::string> causes;
    for (; next < changes.size() && changes[next].at_us() <= row.at_us(); ++next) {
      by_time = by_time || changes[next].by_time();
      for (const v1::ChangeCause& cause : changes[next].causes()) causes.push_back(cause.id());
    }
    std::vector<std::string> told;
    for (const v1::ChangeCause& cause : row.causes()) told.push_back(cause.id());
    EXPECT_EQ(row.by_time(), by_time);
    EXPECT_EQ(told, causes);
    EXPECT_EQ(row.stage_before(), i == 0 ? v1::STAGE_UNSPECIFIED : rows->at(i - 1).stage());
  }
  EXPECT_EQ(next, changes.size());
}

TEST(StandingsTest, ASpanShowsTheChangesInItAndTheStageBefore) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (const uint64_t n : {1, 2, 3}) {
    world.Publish(Bought(n, kDay + 10 * static_cast<int64_t>(n)));
  }
  ASSERT_OK(world.AwaitAll());
  const int64_t second_us = Bought(2, kDay + 20).View().occurred_at_us;
  auto rows = Ask(world, "ana", {.from_us = second_us, .to_us = second_us});
  ASSERT_OK(rows);
  EXPECT_THAT(Told(*rows), ElementsAre("day 18020 EXPANSION S10 by 2"));
  EXPECT_EQ(rows->at(0).stage_before(), v1::STAGE_EXPLORATION);
  rows = Ask(world, "ana", {.from_us = second_us + 1, .to_us = At(kDay + 40)});
  ASSERT_OK(rows);
  EXPECT_TRUE(rows->empty());
  // Steps begin at their beginning, or at the first of them behind the relationship's.
  rows = Ask(world, "ana", {.from_us = At(kDay + 15), .to_us = At(kDay + 25), .step_us = At(5)});
  ASSERT_OK(rows);
  EXPECT_THAT(Told(*rows), ElementsAre("day 18015 EXPLORATION S7", "day 18020 EXPANSION S10 by 2",
                                       "day 18025 EXPANSION S10"));
  rows = Ask(world, "ana", {.from_us = At(kDay), .to_us = At(kDay + 19), .step_us = At(7)});
  ASSERT_OK(rows);
  EXPECT_THAT(Told(*rows), ElementsAre("day 18014 EXPLORATION S7 by 1"));
}

TEST(StandingsTest, EventsOfOneInstantMakeOneRowThatNamesThoseThatMoved) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(AnEvent(v1::KIND_ENQUIRY_MADE).Of("ana").Id(1).OnDay(kDay).Key("q1"));
  // A thanks moves nothing; the complaint raises the flag that the purchase does not.
  world.Publish(Bought(2, kDay + 5));
  world.Publish(AnEvent(v1::KIND_THANKS_GIVEN).Of("ana").Id(3).OnDay(kDay + 5).Key("t"));
  world.Publish(AnEvent(v1::KIND_COMPLAINT_RAISED)
                    .Of("ana")
                    .Id(4)
                    .OnDay(kDay + 5)
                    .Key("C1")
                    .Set("severity", 4));
  ASSERT_OK(world.AwaitAll());
  const auto rows = Changes(world, "ana", At(kDay + 6));
  EXPECT_THAT(Told(rows), ElementsAre("day 18000 EXPLORATION S4 by 1",
                                      "day 18005 EXPLORATION S7 DAMAGED by 2 by 4"));
}

TEST(StandingsTest, ADayBeginsBeforeWhatHappensAtItsMidnight) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  world.Publish(APurchase().Of("ana").Id(2).AtHour((kDay + 183) * 24).Key("o2").Worth(5, "EUR"));
  ASSERT_OK(world.AwaitAll());
  EXPECT_THAT(Told(Changes(world, "ana", At(kDay + 183))),
              ElementsAre("day 18000 EXPLORATION S7 by 1", "day 18183 DISSOLUTION S6 by time",
                          "day 18183 EXPANSION S10 WON_BACK by 2"));
}

TEST(StandingsTest, WhatWasTakenBackChangedNothing) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  world.Publish(Bought(2, kDay + 10));
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(Changes(world, "ana", At(kDay + 50)).size(), 2u);
  world.Publish(
      kit::ARetraction(Bought(2, kDay).envelope().event_id()).Of("ana").Id(3).OnDay(kDay + 30));
  ASSERT_OK(world.AwaitAll());
  EXPECT_THAT(Told(Changes(world, "ana", At(kDay + 50))),
              ElementsAre("day 18000 EXPLORATION S7 by 1"));
}

TEST(StandingsTest, MergedCustomersHaveOneHistory) {
  EngineWorld world(2);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  world.Publish(Bought(2, kDay + 10).Of("ben"));
  for (const char* whose : {"ana", "ben"}) {
    world.Publish(AnEvent(v1::KIND_CUSTOMER_MERGED)
                      .Of(whose)
                      .Id(3)
                      .OnDay(kDay + 20)
                      .Set("survivor", "ana")
                      .Set("merged", "ben"));
  }
  ASSERT_OK(world.AwaitAll());
  const auto rows = Changes(world, "ben", At(kDay + 30));
  EXPECT_THAT(Told(rows),
              ElementsAre("day 18000 EXPLORATION S7 by 1", "day 18010 EXPANSION S10 by 2"));
  EXPECT_EQ(rows[1].causes(0).customer_id(), "ben");
}

TEST(StandingsTest, MoreRowsThanWantedAreRefused) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  world.Publish(Bought(2, kDay + 10));
  ASSERT_OK(world.AwaitAll());
  EXPECT_OK(Ask(world, "ana", {.to_us = At(kDay + 11), .rows_max = 2}));
  EXPECT_THAT(Ask(world, "ana", {.to_us = At(kDay + 11), .rows_max = 1}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "changes_only"));
  EXPECT_THAT(Ask(world, "ana", {.to_us = At(kDay + 300), .step_us = kMicrosPerHour}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "step_us"));
}

TEST(StandingsTest, EachEventIsLookedAtOnceAndTheWalkEndsWhenItIsTold) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  constexpr int kEvents = 200;
  for (uint64_t n = 1; n <= kEvents; ++n) {
    world.Publish(Bought(n, kDay + 7 * static_cast<int64_t>(n)));
  }
  ASSERT_OK(world.AwaitAll());
  int asked = 0;
  const auto rows = Ask(world, "ana", {.to_us = At(kDay + 1400)}, [&asked] {
    ++asked;
    return absl::OkStatus();
  });
  ASSERT_OK(rows);
  EXPECT_GE(rows->size(), 3u);
  EXPECT_GE(asked, kEvents);
  EXPECT_LE(asked, kEvents + 2 * static_cast<int>(rows->size()));
  int left = 10;
  EXPECT_THAT(
      Ask(world, "ana", {.to_us = At(kDay + 1400)},
          [&left] { return --left > 0 ? absl::OkStatus() : absl::DeadlineExceededError("late"); })
          .status(),
      StatusIs(absl::StatusCode::kDeadlineExceeded, "late"));
  EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace rapport::history
