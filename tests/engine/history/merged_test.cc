// Merged customers, read as one: now and then, whoever of them is asked about, on any partitions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/event/erasure.h"
#include "engine/event/touchpoint.h"
#include "engine/history/relationship.h"
#include "tests/engine/history/bought.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/random_history.h"
#include "tests/kit/status_matchers.h"

namespace rapport::history {
namespace {

using kit::APurchase;
using kit::EventBuilder;
using testing::ElementsAre;

constexpr int64_t kDay = 20'000;
constexpr int kPartitions = 4;

class MergedTest : public testing::Test {
 protected:
  MergedTest() : world_(kPartitions) {
    // Members are resident and not.
    world_.options().memory_bytes = 1;
    EXPECT_OK(world_.Start());
  }

  log::Appended Buy(const std::string& customer, int64_t day) {
    return world_.Publish(
        std::move(APurchase().Of(customer).Id(++id_).OnDay(day).Worth(40, "EUR")));
  }
  // One record under each id; the positions before both.
  Position Link(v1::Kind kind, const std::string& merged, const std::string& survivor,
                int64_t day) {
    Position before;
    for (const std::string& customer : {merged, survivor}) {
      EventBuilder event(kind);
      event.Of(customer).Id(++id_).OnDay(day).Set("survivor", survivor).Set("merged", merged);
      const log::Appended at = world_.Publish(event);
      before.next.try_emplace(at.partition, at.offset);
    }
    return before;
  }
  Position Merge(const std::string& merged, const std::string& survivor, int64_t day = kDay + 90) {
    return Link(v1::KIND_CUSTOMER_MERGED, merged, survivor, day);
  }
  Position Split(const std::string& merged, const std::string& survivor, int64_t day = kDay + 95) {
    return Link(v1::KIND_CUSTOMER_SPLIT, merged, survivor, day);
  }

  Relationship Read(const std::string& customer, const Viewpoint& viewpoint) {
    EXPECT_OK(world_.AwaitAll());
    const History history = world_.History();
    const RelationshipReader reader(&world_.archive(), &world_.projection(), &world_.pipeline(),
                                    &history);
    auto read = reader.Read(customer, viewpoint, {}, /*with_facts=*/true);
    EXPECT_OK(read);
    return *std::move(read);
  }
  Relationship Now(const std::string& customer) { return Read(customer, {At(kDay + 100), {}}); }

  // Standing of the events of all `customers` up to a moment, as if they were all of `as`.
  std::string Joint(const std::vector<std::string>& customers, const std::string& as,
                    int64_t as_of_us, bool quarantined = false) {
    PastFacts facts(&world_.projection());
    for (const std::string& customer : customers) {
      const auto events = world_.History().Events(customer, {as_of_us, {}});
      EXPECT_OK(events);
      for (const PastEvent& event : *events) facts.Fold(event);
    }
    v1::Standing standing;
    fold::EvaluateOptions options;
    options.quarantined = quarantined;
    world_.projection().Evaluate(as, facts.get(), as_of_us, options, standing);
    return standing.SerializeAsString();
  }
  void ExpectOne(const std::string& survivor, const std::vector<std::string>& members) {
    for (const std::string& member : members) {
      const Relationship one = Now(member);
      EXPECT_EQ(one.group.survivor, survivor) << member;
      EXPECT_EQ(one.group.members, members) << member;
      EXPECT_EQ(one.standing.SerializeAsString(), Joint(members, survivor, At(kDay + 100)))
          << member;
    }
  }

  kit::EngineWorld world_;
  uint64_t id_ = 0;
};

TEST_F(MergedTest, MembersOnOtherPartitionsAnswerAsOne) {
  // So many that they are on several partitions.
  const std::vector<std::string> customers = {"a", "b", "c", "d", "e", "f"};
  std::set<Partition> partitions;
  for (size_t i = 0; i < customers.size(); ++i) {
    partitions.insert(Buy(customers[i], kDay + static_cast<int64_t>(i) * 9).partition);
    if (i > 0) Merge(customers[i], customers[i / 2]);
  }
  EXPECT_GT(partitions.size(), 1u);
  ExpectOne("a", customers);
  EXPECT_EQ(Now("f").standing.purchase_days(), 6);
}

TEST_F(MergedTest, ASplitRestoresBothExactly) {
  Buy("ana", kDay);
  Buy("ben", kDay + 30);
  const std::string ana = Now("ana").standing.SerializeAsString();
  const std::string ben = Now("ben").standing.SerializeAsString();
  Merge("ana", "ben");
  ExpectOne("ben", {"ana", "ben"});
  EXPECT_NE(Now("ana").standing.SerializeAsString(), ana);
  Split("ana", "ben");
  EXPECT_EQ(Now("ana").standing.SerializeAsString(), ana);
  EXPECT_EQ(Now("ben").standing.SerializeAsString(), ben);
  // What comes later goes where it belongs.
  Merge("ana", "ben", kDay + 96);
  Buy("ana", kDay + 40);
  Split("ana", "ben", kDay + 97);
  EXPECT_EQ(Now("ben").standing.SerializeAsString(), ben);
  EXPECT_EQ(Now("ana").standing.purchase_days(), 2);
}

TEST_F(MergedTest, ARetractedMergeWasNever) {
  Buy("ana", kDay);
  Buy("ben", kDay + 30);
  Merge("ana", "ben");
  const std::string of_ana = APurchase().Id(id_ - 1).envelope().event_id();
  ExpectOne("ben", {"ana", "ben"});
  const log::Appended taken_back =
      world_.Publish(std::move(kit::ARetraction(of_ana).Of("ana").Id(++id_).OnDay(kDay + 95)));
  ExpectOne("ana", {"ana"});
  ExpectOne("ben", {"ben"});
  // Before the retraction was logged they were known as one.
  Viewpoint viewpoint{At(kDay + 100), {}};
  viewpoint.known_at.next[taken_back.partition] = taken_back.offset;
  EXPECT_THAT(Read("ana", viewpoint).group.members, ElementsAre("ana", "ben"));
  EXPECT_THAT(Read("ben", viewpoint).group.members, ElementsAre("ana", "ben"));
}

TEST_F(MergedTest, APastMomentIsAnsweredWithTheLinksOfNow) {
  Buy("ana", kDay);
  Buy("ben", kDay + 30);
  Buy("ben", kDay + 60);
  const Position before = Merge("ana", "ben");
  const int64_t then = At(kDay + 40);
  const Relationship now = Read("ana", {then, {}});
  EXPECT_EQ(now.standing.SerializeAsString(), Joint({"ana", "ben"}, "ben", then));
  EXPECT_EQ(now.standing.purchase_days(), 2);
  // Before it was logged nobody knew it.
  Viewpoint known{then, before};
  EXPECT_THAT(Read("ana", known).group.members, ElementsAre("ana"));
  EXPECT_EQ(Read("ana", known).standing.SerializeAsString(), Joint({"ana"}, "ana", then));
}

TEST_F(MergedTest, WhoIsErasedTakesTheLinkAlong) {
  Buy("ana", kDay);
  Buy("ben", kDay + 30);
  const Position before_erasure = [&] {
    Merge("ana", "ben");
    EXPECT_OK(world_.AwaitAll());
    return world_.pipeline().Applied();
  }();
  const v1::Event erasure = event::ErasureEvent(v1::KIND_ERASURE_REQUESTED, "ana", At(kDay + 91));
  world_.PublishRaw("ana", erasure.SerializeAsString());
  ExpectOne("ana", {"ana"});
  ExpectOne("ben", {"ben"});
  Merge("ana", "ben", kDay + 99);
  ExpectOne("ben", {"ben"});
  EXPECT_THAT(Read("ben", {At(kDay + 100), before_erasure}).group.members,
              ElementsAre("ana", "ben"));
}

TEST_F(MergedTest, TheTimelineIsThatOfAllMembersAndSaysWhose) {
  Buy("ana", kDay);
  Buy("ben", kDay + 30);
  Buy("ana", kDay + 60);
  Merge("ana", "ben");
  ASSERT_OK(world_.AwaitAll());
  const auto timeline = world_.History().Timeline("ana", {});
  ASSERT_OK(timeline);
  std::vector<std::string> customers;
  for (const v1::TimelineEntry& entry : *timeline) {
    customers.push_back(entry.touchpoint().customer_id());
    EXPECT_FALSE(entry.not_folded());
  }
  EXPECT_THAT(customers, ElementsAre("ana", "ben", "ana", "ana", "ben"));
  // The second purchase is a second one only of the two together.
  EXPECT_EQ(timeline->at(1).stage_before(), v1::STAGE_EXPLORATION);
  EXPECT_EQ(timeline->at(1).stage_after(), v1::STAGE_EXPANSION);
  const auto of_ben = world_.History().Timeline("ben", {});
  ASSERT_OK(of_ben);
  EXPECT_EQ(of_ben->size(), timeline->size());
}

TEST_F(MergedTest, OneIdUnderTwoCustomersIsTwoEvents) {
  for (const char* customer : {"ana", "ben"}) {
    world_.Publish(std::move(APurchase().Of(customer).Id(77).OnDay(kDay).Worth(40, "EUR")));
    world_.Publish(std::move(
        kit::AnEvent(v1::KIND_COMPLAINT_RAISED).Of(customer).Id(78).OnDay(kDay).Key(customer)));
  }
  Merge("ana", "ben");
  ExpectOne("ben", {"ana", "ben"});
}

TEST_F(MergedTest, WhatIsWaitedForIsTheSumOfAll) {
  Buy("ana", kDay);
  Buy("ben", kDay);
  // Not readable: it is nobody's fault but ben's.
  world_.PublishRaw("ben", "no event");
  Merge("ana", "ben");
  EXPECT_EQ(Now("ana").quarantined, 1u);
}

// Groups by chance, each the fold of all its members' events together.
TEST_F(MergedTest, AnyGroupStandsAsTheFoldOfAllItsEvents) {
  std::mt19937 random(11);
  std::vector<std::string> customers;
  for (int i = 0; i < 12; ++i) customers.push_back(absl::StrCat("c", i));
  for (const std::string& customer : customers) {
    for (EventBuilder& event : kit::RandomHistory(random(), 15)) {
      world_.Publish(event.Of(customer).Id(++id_));
    }
  }
  for (int words = 0; words < 14; ++words) {
    const std::string& one = customers[random() % customers.size()];
    const std::string& other = customers[random() % customers.size()];
    if (one == other) continue;
    Link(random() % 5 == 0 ? v1::KIND_CUSTOMER_SPLIT : v1::KIND_CUSTOMER_MERGED, one, other,
         kDay + static_cast<int64_t>(random() % 10));
  }
  size_t merged = 0;
  for (const std::string& customer : customers) {
    for (const int64_t day : {15'300, 16'000, 21'000}) {
      const Relationship one = Read(customer, {At(day), {}});
      merged += one.group.is_merged();
      EXPECT_TRUE(one.standing.SerializeAsString() ==
                  Joint(one.group.members, one.group.survivor, At(day), one.quarantined > 0))
          << customer << " on day " << day;
    }
  }
  EXPECT_GT(merged, 10u);
}

}  // namespace
}  // namespace rapport::history
