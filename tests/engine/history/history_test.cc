// The past, asked of the archive: as of a moment, as known at a position, and event by event.
#include "engine/history/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/time.h"
#include "engine/event/touchpoint.h"
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

constexpr int64_t kDay = 20'000;

kit::EventBuilder Complained(uint64_t id, int64_t day) {
  return AnEvent(v1::KIND_COMPLAINT_RAISED)
      .Of("ana")
      .Id(id)
      .OnDay(day)
      .Key("C1")
      .Set("severity", 4);
}

Viewpoint KnownBefore(const log::Appended& record, int64_t as_of_us) {
  Viewpoint viewpoint;
  viewpoint.as_of_us = as_of_us;
  viewpoint.known_at.next[record.partition] = record.offset;
  return viewpoint;
}

v1::Standing StandingAt(EngineWorld& world, const std::string& customer,
                        const Viewpoint& viewpoint) {
  v1::Standing standing;
  EXPECT_OK(world.History().Evaluate(customer, viewpoint, {}, standing));
  return standing;
}

std::vector<std::string> KeysOf(const std::vector<v1::TimelineEntry>& entries) {
  std::vector<std::string> ids;
  for (const v1::TimelineEntry& entry : entries) {
    ids.push_back(entry.touchpoint().event_id().substr(35));
  }
  return ids;
}

TEST(HistoryTest, AsOfBeforeAnEventIsWithoutIt) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  world.Publish(Complained(2, kDay + 30));
  ASSERT_OK(world.AwaitAll());
  const v1::Standing before = StandingAt(world, "ana", {At(kDay + 30) - 1, {}});
  const v1::Standing after = StandingAt(world, "ana", {At(kDay + 30), {}});
  EXPECT_GT(before.score_milli(), after.score_milli());
  EXPECT_EQ(before.as_of_us(), At(kDay + 30) - 1);
  EXPECT_EQ(world.History().Events("ana", {At(kDay + 30) - 1, {}})->size(), 1u);
  EXPECT_EQ(world.History().Events("ana", {At(kDay) - 1, {}})->size(), 0u);
}

TEST(HistoryTest, KnownAtLeavesOutWhatWasLoggedLater) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  // Happened before the question's moment, heard of only later.
  const log::Appended late = world.Publish(Complained(2, kDay + 5));
  ASSERT_OK(world.AwaitAll());
  const v1::Standing then = StandingAt(world, "ana", KnownBefore(late, At(kDay + 10)));
  const v1::Standing now = StandingAt(world, "ana", {At(kDay + 10), {}});
  EXPECT_GT(then.score_milli(), now.score_milli());
  EXPECT_EQ(world.History().Events("ana", KnownBefore(late, INT64_MAX))->size(), 1u);
}

TEST(HistoryTest, PartitionsNotNamedByKnownAtAreNotLimited) {
  EngineWorld world(4);
  ASSERT_OK(world.Start());
  const log::Appended first = world.Publish(Bought(1, kDay));
  ASSERT_OK(world.AwaitAll());
  Viewpoint viewpoint;
  viewpoint.known_at.next[(first.partition + 1) % 4] = 0;
  EXPECT_EQ(world.History().Events("ana", viewpoint)->size(), 1u);
}

TEST(HistoryTest, IsRetoldInTheOrderOfMomentsThoughLoggedLate) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(3, kDay + 20));
  world.Publish(Bought(1, kDay));
  world.Publish(Bought(5, kDay + 10));
  world.Publish(Bought(4, kDay + 10));
  ASSERT_OK(world.AwaitAll());
  const auto timeline = world.History().Timeline("ana", {});
  ASSERT_OK(timeline);
  // Of one moment, the smaller id is first.
  EXPECT_THAT(KeysOf(*timeline), ElementsAre("1", "4", "5", "3"));
  EXPECT_EQ(timeline->at(0).offset(), 1);
  EXPECT_EQ(timeline->at(3).offset(), 0);
  EXPECT_GT(timeline->at(0).appended_at_us(), At(kDay));
}

TEST(HistoryTest, ADuplicateIsToldOnce) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (int copy = 0; copy < 3; ++copy) world.Publish(Bought(1, kDay));
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(world.History().Timeline("ana", {})->size(), 1u);
}

// Events are logged in the order in which they happened, so `known just before it` is `before it`.
TEST(HistoryTest, EffectsOfAnEventAddUpToTheChangeOfTheScore) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  int entries = 0, moved = 0;
  for (uint64_t seed = 0; seed < 8; ++seed) {
    const std::string customer = absl::StrCat("c", seed);
    std::vector<kit::EventBuilder> events = kit::RandomHistory(seed, 20);
    std::sort(events.begin(), events.end(),
              [](const auto& a, const auto& b) { return a.View().moment() < b.View().moment(); });
    for (kit::EventBuilder& event : events) world.Publish(event.Of(customer));
    ASSERT_OK(world.AwaitAll());
    const auto timeline = world.History().Timeline(customer, {});
    ASSERT_OK(timeline);
    for (const v1::TimelineEntry& entry : *timeline) {
      const int64_t at_us = event::TouchpointToEvent(entry.touchpoint()).occurred_at_us();
      const log::Appended record{entry.partition(), entry.offset(), 0};
      const log::Appended next{entry.partition(), entry.offset() + 1, 0};
      const v1::Standing before = StandingAt(world, customer, KnownBefore(record, at_us));
      const v1::Standing after = StandingAt(world, customer, KnownBefore(next, at_us));
      int64_t sum = 0;
      for (const v1::LineEffect& effect : entry.effects()) sum += effect.milli_points();
      EXPECT_EQ(sum, int64_t{after.score_milli()} - int64_t{before.score_milli()})
          << "seed " << seed << " offset " << entry.offset();
      EXPECT_EQ(entry.stage_before(), before.stage());
      EXPECT_EQ(entry.stage_after(), after.stage());
      ++entries;
      moved += sum != 0;
    }
  }
  EXPECT_GE(entries, 100);
  EXPECT_GE(moved, 50);
}

// What lies before a page is folded all the same, so each entry says what it does among all.
TEST(HistoryTest, APageOfATimelineIsThatPartOfTheWhole) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (kit::EventBuilder& event : kit::RandomHistory(7, 20)) world.Publish(event.Of("ana"));
  ASSERT_OK(world.AwaitAll());
  const auto all = world.History().Timeline("ana", {});
  ASSERT_OK(all);
  ASSERT_GE(all->size(), 15u);
  const Group group = world.History().GroupOf("ana", {}).value();
  for (const size_t begin : {0, 4, 12, 19, 40}) {
    const auto page = world.History().Timeline(group, {}, begin, 5);
    ASSERT_OK(page);
    EXPECT_EQ(page->total, all->size());
    const size_t left = all->size() - std::min(begin, all->size());
    ASSERT_EQ(page->entries.size(), std::min<size_t>(5, left));
    for (size_t i = 0; i < page->entries.size(); ++i) {
      EXPECT_EQ(page->entries[i].DebugString(), all->at(left - 1 - i).DebugString());
    }
  }
}

TEST(HistoryTest, ATimelineNamesTheFollowUpsThatAnEventOpensAndCloses) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Complained(1, kDay));
  world.Publish(
      AnEvent(v1::KIND_COMPLAINT_ACKNOWLEDGED).Of("ana").Id(2).AtHour(kDay * 24 + 1).Key("C1"));
  ASSERT_OK(world.AwaitAll());
  const auto timeline = world.History().Timeline("ana", {});
  ASSERT_OK(timeline);
  EXPECT_THAT(timeline->at(0).opened(), testing::Contains("complaint_acknowledge"));
  EXPECT_THAT(timeline->at(0).opened(), testing::Contains("complaint_resolve"));
  EXPECT_THAT(timeline->at(1).closed(), ElementsAre("complaint_acknowledge"));
  EXPECT_THAT(timeline->at(1).opened(), testing::IsEmpty());
}

std::string LiveFacts(EngineWorld& world, const std::string& customer) {
  std::string bytes;
  EXPECT_OK(world.pipeline().Read(customer, [&](const store::CustomerView& view) {
    world.projection().Encode(view.facts, /*with_offsets=*/false, bytes);
  }));
  return bytes;
}

TEST(HistoryTest, FactsFoldedAnewEqualTheLiveOnes) {
  EngineWorld world(3);
  // Customers are evicted and come back all the time.
  world.options().memory_bytes = 1;
  world.options().batch_records_max = 7;
  ASSERT_OK(world.Start());
  for (uint64_t seed = 0; seed < 12; ++seed) {
    for (kit::EventBuilder& event : kit::RandomHistory(seed, 40)) {
      world.Publish(event.Of(absl::StrCat("c", seed)));
    }
  }
  ASSERT_OK(world.AwaitAll());
  for (uint64_t seed = 0; seed < 12; ++seed) {
    const std::string customer = absl::StrCat("c", seed);
    const auto facts = world.History().Facts(customer, {});
    ASSERT_OK(facts);
    EXPECT_FALSE(facts->empty());
    EXPECT_EQ(*facts, LiveFacts(world, customer)) << customer;
  }
}

TEST(HistoryTest, TheStandingOfNowIsTheLiveOne) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (kit::EventBuilder& event : kit::RandomHistory(3, 30)) world.Publish(event.Of("ana"));
  ASSERT_OK(world.AwaitAll());
  const int64_t now = world.clock().NowMicros();
  v1::Standing live;
  ASSERT_OK(world.pipeline().Read("ana", [&](const store::CustomerView& view) {
    world.projection().Evaluate("ana", view.facts, now, {}, live);
  }));
  EXPECT_EQ(StandingAt(world, "ana", {now, {}}).SerializeAsString(), live.SerializeAsString());
}

TEST(HistoryTest, IsTheSameAfterACrash) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  for (kit::EventBuilder& event : kit::RandomHistory(5, 30)) world.Publish(event.Of("ana"));
  ASSERT_OK(world.AwaitAll());
  const auto before = world.History().Facts("ana", {});
  world.Crash(5);
  ASSERT_OK(world.Start());
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(*world.History().Facts("ana", {}), *before);
}

std::string IdOf(uint64_t n) { return APurchase().Id(n).envelope().event_id(); }

TEST(HistoryTest, ARetractionActsOnEveryMomentOnceItIsLogged) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  world.Publish(Complained(2, kDay + 30));
  const log::Appended retraction =
      world.Publish(kit::ARetraction(IdOf(2)).Of("ana").Id(3).OnDay(kDay + 90));
  ASSERT_OK(world.AwaitAll());
  EngineWorld other(1);
  ASSERT_OK(other.Start());
  other.Publish(Bought(1, kDay));
  ASSERT_OK(other.AwaitAll());
  for (const int64_t day : {kDay, kDay + 40, kDay + 100}) {
    EXPECT_EQ(StandingAt(world, "ana", {At(day), {}}).SerializeAsString(),
              StandingAt(other, "ana", {At(day), {}}).SerializeAsString())
        << day;
  }
  EXPECT_GT(StandingAt(world, "ana", {At(kDay + 40), {}}).score_milli(),
            StandingAt(world, "ana", KnownBefore(retraction, At(kDay + 40))).score_milli());
  EXPECT_EQ(*world.History().Facts("ana", {}), *other.History().Facts("ana", {}));
}

TEST(HistoryTest, ACorrectionMayMoveAnEventAcrossTheMomentAskedFor) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  world.Publish(Bought(2, kDay + 50));
  kit::EventBuilder correction = kit::ACorrection(IdOf(2), Bought(2, kDay + 50));
  const log::Appended record = world.Publish(
      correction.Of("ana").Id(3).OnDay(kDay + 60).Set("occurred_at_us", At(kDay + 10)));
  ASSERT_OK(world.AwaitAll());
  EXPECT_EQ(StandingAt(world, "ana", {At(kDay + 20), {}}).purchase_days(), 2u);
  EXPECT_EQ(StandingAt(world, "ana", KnownBefore(record, At(kDay + 20))).purchase_days(), 1u);
  const auto events = world.History().Events("ana", {At(kDay + 20), {}});
  ASSERT_OK(events);
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ(events->at(1).moment.at_us, At(kDay + 10));
  EXPECT_EQ(events->at(1).envelope.occurred_at_us(), At(kDay + 50));
}

TEST(HistoryTest, ATimelineShowsBothVersionsAndWhatWasTakenBack) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  world.Publish(Bought(2, kDay + 30));
  world.Publish(Complained(3, kDay + 40));
  world.Publish(kit::ARetraction(IdOf(3)).Of("ana").Id(4).OnDay(kDay + 50));
  for (const uint64_t id : {5, 6}) {
    kit::EventBuilder correction =
        kit::ACorrection(IdOf(2), APurchase().Key("better").Worth(70, "EUR"));
    const auto day = kDay + 50 + static_cast<int64_t>(id);
    world.Publish(correction.Of("ana").Id(id).OnDay(day));
  }
  ASSERT_OK(world.AwaitAll());
  const auto timeline = world.History().Timeline("ana", {});
  ASSERT_OK(timeline);
  EXPECT_THAT(KeysOf(*timeline), ElementsAre("1", "2", "3", "4", "5", "6"));
  const v1::TimelineEntry& corrected = timeline->at(1);
  EXPECT_EQ(corrected.corrected_by(), IdOf(6));
  EXPECT_EQ(corrected.touchpoint().purchase_made().order(), "o2");
  EXPECT_EQ(corrected.counts_as().purchase_made().order(), "better");
  EXPECT_EQ(corrected.counts_as().event_id(), IdOf(2));
  EXPECT_GT(corrected.effects_size(), 0);
  const v1::TimelineEntry& retracted = timeline->at(2);
  EXPECT_EQ(retracted.retracted_by(), IdOf(4));
  EXPECT_TRUE(retracted.touchpoint().has_complaint_raised());
  EXPECT_FALSE(retracted.has_counts_as());
  EXPECT_EQ(retracted.effects_size(), 0);
  EXPECT_EQ(retracted.opened_size(), 0);
  // The earlier correction says which one goes before it.
  EXPECT_EQ(timeline->at(4).corrected_by(), IdOf(6));
  EXPECT_FALSE(timeline->at(4).has_counts_as());
  for (const size_t i : {0, 3, 5}) {
    EXPECT_EQ(timeline->at(i).corrected_by() + timeline->at(i).retracted_by(), "") << i;
  }
  for (const v1::TimelineEntry& entry : *timeline) EXPECT_FALSE(entry.not_folded());
}

TEST(HistoryTest, OneWhomNobodyKnowsHasNoHistory) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  v1::Standing standing;
  const History history = world.History();
  EXPECT_THAT(history.Evaluate("nobody", {}, {}, standing),
              StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
  EXPECT_THAT(history.Timeline("nobody", {}),
              StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
  EXPECT_THAT(history.Facts("", {}), StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
}

// Takes what it is given, and tells nothing.
class SilentRun : public fold::ReportRun {
 public:
  void AddCustomer(absl::string_view, absl::Span<const ValidEvent> events) override {
    seen = events.size();
  }
  void AddAnonymous(const ValidEvent&) override {}
  void Finish(google::protobuf::RepeatedPtrField<v1::Table>&) override {}

  size_t seen = 0;
};

// Everything that reads the events of the past stops when nobody waits for it.
TEST(HistoryTest, WhatNobodyWaitsForIsGivenUp) {
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  ASSERT_OK(world.AwaitAll());
  Viewpoint viewpoint;
  viewpoint.as_of_us = At(kDay);
  const Group group = world.History().GroupOf("ana", viewpoint).value();
  v1::Standing standing;
  v1::Explanation explanation;
  SilentRun run;
  ASSERT_OK(world.History().Explain(group, viewpoint, {}, {}, explanation));
  ASSERT_OK(world.History().AddTo(run, group, viewpoint));
  EXPECT_EQ(run.seen, 1u);
  viewpoint.deadline = absl::InfinitePast();
  const auto is_late = StatusIs(absl::StatusCode::kDeadlineExceeded,
                                "DEADLINE_PASSED: the answer takes longer than its caller waits");
  EXPECT_THAT(world.History().Explain(group, viewpoint, {}, {}, explanation), is_late);
  EXPECT_THAT(world.History().AddTo(run, group, viewpoint), is_late);
  EXPECT_THAT(world.History().Timeline(group, viewpoint, 0, 1), is_late);
  EXPECT_THAT(world.History().Evaluate(group, viewpoint, {}, standing), is_late);
}

// A run that was too slow is given up also when the events were there in time.
TEST(HistoryTest, AReportThatEndsTooLateIsGivenUp) {
  class SlowRun : public SilentRun {
   public:
    explicit SlowRun(absl::Time deadline) : deadline_(deadline) {}
    void AddCustomer(absl::string_view, absl::Span<const ValidEvent>) override {
      while (absl::Now() <= deadline_) {
      }
    }

   private:
    const absl::Time deadline_;
  };
  EngineWorld world(1);
  ASSERT_OK(world.Start());
  world.Publish(Bought(1, kDay));
  ASSERT_OK(world.AwaitAll());
  Viewpoint viewpoint;
  viewpoint.as_of_us = At(kDay);
  const Group group = world.History().GroupOf("ana", viewpoint).value();
  viewpoint.deadline = absl::Now() + absl::Milliseconds(500);
  SlowRun run(viewpoint.deadline);
  EXPECT_THAT(world.History().AddTo(run, group, viewpoint),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED"));
}

}  // namespace
}  // namespace rapport::history
