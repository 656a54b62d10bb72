// Retractions and corrections: a customer is folded anew, and nothing shows but what stands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/fold/facts_memory.h"
#include "engine/pipeline/verdicts.h"
#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/random_history.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::ACorrection;
using kit::APurchase;
using kit::ARetraction;
using kit::EventBuilder;
using testing::ElementsAre;

std::string TextOf(uint64_t id) { return APurchase().Id(id).envelope().event_id(); }

EventBuilder Bought(uint64_t id, int64_t euros = 10) {
  return APurchase().Of("ana").Id(id).OnDay(20'000 + static_cast<int64_t>(id)).Worth(euros, "EUR");
}

EventBuilder Retracted(uint64_t id, uint64_t target) {
  return ARetraction(TextOf(target)).Of("ana").Id(id).OnDay(20'300);
}

EventBuilder Corrected(uint64_t id, uint64_t target, const EventBuilder& content,
                       int64_t day = 20'300) {
  return ACorrection(TextOf(target), content).Of("ana").Id(id).OnDay(day);
}

class RevisionTest : public OnePartition {
 protected:
  void SetUp() override { Open(); }

  void Log(const std::vector<EventBuilder>& events) {
    for (const EventBuilder& event : events) Publish(event);
    FoldAll();
  }

  // Without the offsets of claims.
  std::string Facts(const std::string& customer = "ana") {
    std::string bytes;
    EXPECT_OK(pipeline_->Read(customer, [&](const store::CustomerView& view) {
      projection_->Encode(view.facts, /*with_offsets=*/false, bytes);
    }));
    return bytes;
  }

  // Facts of `events` and of nothing else.
  std::string FactsOf(const std::vector<EventBuilder>& events) {
    fold::FactsMemory facts(*projection_);
    for (const EventBuilder& event : events) projection_->Fold(facts.get(), event.View());
    std::string bytes;
    projection_->Encode(facts.get(), /*with_offsets=*/false, bytes);
    return bytes;
  }

  void ExpectLikeARebuild() {
    const auto digests = Digests();
    const store::EventCounters counters = task().counters();
    EXPECT_EQ(RebuiltDigests(), digests);
    EXPECT_EQ(rebuilt_counters_, counters);
  }
};

TEST_F(RevisionTest, WhatIsRetractedWasNever) {
  Log({Bought(1), Bought(2), Retracted(9, 1)});
  EXPECT_EQ(Facts(), FactsOf({Bought(2)}));
  EXPECT_EQ(task().counters().folded, 3);
  EXPECT_EQ(task().counters().not_folded, 0);
  ExpectLikeARebuild();
}

TEST_F(RevisionTest, ARetractionWaitsForItsTarget) {
  Log({Bought(2), Retracted(9, 1)});
  EXPECT_EQ(Facts(), FactsOf({Bought(2)}));
  Log({Bought(3)});
  EXPECT_EQ(Facts(), FactsOf({Bought(2), Bought(3)}));
  Log({Bought(1)});
  EXPECT_EQ(Facts(), FactsOf({Bought(2), Bought(3)}));
  EXPECT_EQ(pipeline_->TouchesOf(0, "ana")->size(), 4u);
  ExpectLikeARebuild();
}

TEST_F(RevisionTest, ARetractedEventThatComesAgainIsADuplicate) {
  // It has the greatest id of all.
  Log({Bought(1), Bought(200), Retracted(9, 200)});
  Log({Bought(200)});
  EXPECT_EQ(task().counters().duplicates, 1);
  EXPECT_EQ(Facts(), FactsOf({Bought(1)}));
  // Its id stays taken.
  Log({Bought(200, 99)});
  EXPECT_EQ(task().counters().conflicts, 1);
  ExpectLikeARebuild();
}

TEST_F(RevisionTest, ACorrectionStandsInThePlaceOfItsTarget) {
  Log({Bought(1, 400), Bought(2), Corrected(9, 1, Bought(1, 40))});
  EXPECT_EQ(Facts(), FactsOf({Bought(1, 40), Bought(2)}));
  const EventBuilder complaint =
      kit::AnEvent(v1::KIND_COMPLAINT_RAISED).Of("ana").Key("C1").On(v1::CHANNEL_PHONE);
  EventBuilder other = Corrected(10, 2, complaint);
  const int64_t at_us = Bought(70).envelope().occurred_at_us();
  Log({std::move(other.Set("occurred_at_us", at_us))});
  EventBuilder moved(complaint);
  EXPECT_EQ(Facts(), FactsOf({Bought(1, 40), std::move(moved.Id(2).At(at_us))}));
  ExpectLikeARebuild();
}

TEST_F(RevisionTest, TheLatestCorrectionCountsWhicheverIsLoggedFirst) {
  Log({Bought(1, 400), Corrected(9, 1, Bought(1, 50), 20'310), Corrected(8, 1, Bought(1, 40))});
  EXPECT_EQ(Facts(), FactsOf({Bought(1, 50)}));
  // Taken back, the one before it counts again; with both gone, the event itself.
  Log({Retracted(11, 9)});
  EXPECT_EQ(Facts(), FactsOf({Bought(1, 40)}));
  Log({Retracted(12, 8)});
  EXPECT_EQ(Facts(), FactsOf({Bought(1, 400)}));
  // A retraction of a retraction does nothing.
  Log({Retracted(13, 12), Corrected(14, 11, Bought(1, 1))});
  EXPECT_EQ(Facts(), FactsOf({Bought(1, 400)}));
  Log({Retracted(15, 1), Corrected(16, 1, Bought(1, 7), 20'320)});
  EXPECT_EQ(Facts(), FactsOf({}));
  ExpectLikeARebuild();
}

TEST_F(RevisionTest, AnotherCustomersEventOfThatIdStands) {
  EventBuilder bens = Bought(1);
  Log({std::move(bens.Of("ben")), Bought(1), Retracted(9, 1)});
  EXPECT_EQ(Facts(), FactsOf({}));
  EXPECT_EQ(Facts("ben"), FactsOf({Bought(1)}));
}

TEST_F(RevisionTest, AnonymousTouchpointsAreNotRevised) {
  EventBuilder anonymous = Retracted(9, 1);
  Log({Bought(1), std::move(anonymous.Of(""))});
  EXPECT_EQ(Facts(), FactsOf({Bought(1)}));
  EXPECT_EQ(task().counters().anonymous, 1);
  ExpectLikeARebuild();
}

TEST_F(RevisionTest, AClaimThatIsPutRightKeepsItsPlaceInTheLog) {
  const auto claim = [](uint64_t id, const std::string& agent) {
    EventBuilder event(v1::KIND_FOLLOW_UP_CLAIMED);
    event.Of("ana").Id(id).OnDay(20'000).Key(std::string(32, 'a')).Set("assignee", agent);
    return std::move(event.Set("until_us", event.envelope().occurred_at_us() + 1));
  };
  Log({claim(1, "eva"), claim(2, "tom"), Corrected(9, 1, claim(1, "ida"))});
  EventBuilder first = claim(1, "ida"), second = claim(2, "tom");
  fold::FactsMemory facts(*projection_);
  for (const EventBuilder* event : {&first.Offset(0), &second.Offset(1)}) {
    projection_->Fold(facts.get(), event->View());
  }
  std::string wanted, found;
  projection_->Encode(facts.get(), /*with_offsets=*/true, wanted);
  EXPECT_OK(pipeline_->Read("ana", [&](const store::CustomerView& view) {
    projection_->Encode(view.facts, /*with_offsets=*/true, found);
  }));
  EXPECT_EQ(found, wanted);
}

TEST_F(RevisionTest, WhatWaitsSurvivesEvictionAndRestart) {
  options_.memory_bytes = 1;
  Close();
  Open();
  Log({Bought(2), Retracted(9, 1), Corrected(10, 3, Bought(3, 33))});
  Publish(50);
  FoldAll();
  EXPECT_FALSE(task().table().ReadSlot("ana", [](const store::Slot&) {}));
  Close();
  Open();
  Log({Bought(1), Bought(3)});
  EXPECT_EQ(Facts(), FactsOf({Bought(2), Bought(3, 33)}));
  ExpectLikeARebuild();
}

TEST_F(RevisionTest, ManyInOneBatchFoldACustomerAnewOnce) {
  options_.batch_records_max = 1'000;
  Close();
  Open();
  std::vector<EventBuilder> events;
  for (uint64_t id = 1; id <= 100; ++id) events.push_back(Bought(id));
  Log(events);
  const int64_t before = archive_->reads();
  events.clear();
  for (uint64_t id = 1; id <= 50; ++id) events.push_back(Retracted(1'000 + id, id));
  Log(events);
  // 50 notes and 150 touches.
  EXPECT_LE(archive_->reads() - before, 200);
  std::vector<EventBuilder> left;
  for (uint64_t id = 51; id <= 100; ++id) left.push_back(Bought(id));
  EXPECT_EQ(Facts(), FactsOf(left));
}

TEST_F(RevisionTest, ReleasedFromQuarantineBothSidesAct) {
  Close();
  Publish(Bought(1));                        // 0
  Publish(Bought(2));                        // 1
  Publish(Retracted(9, 1));                  // 2
  Publish(Corrected(10, 2, Bought(2, 20)));  // 3
  Publish(Bought(3));                        // 4
  Open();
  for (const Offset offset : {1, 2, 3}) {
    ASSERT_OK(Pronounce(*archive_, {0, offset, log::CrashVerdict::Kind::kCrashed, 3, ""}, 1));
  }
  Close();
  Open();
  FoldAll();
  EXPECT_EQ(Facts(), FactsOf({Bought(1), Bought(3)}));
  for (const auto& [offset, facts] :
       std::vector<std::pair<Offset, std::string>>{{2, FactsOf({Bought(3)})},
                                                   {3, FactsOf({Bought(3)})},
                                                   {1, FactsOf({Bought(3), Bought(2, 20)})}}) {
    ASSERT_OK(task().RetryQuarantine({std::nullopt, offset}, "ops"));
    EXPECT_EQ(Facts(), facts) << offset;
  }
  ExpectLikeARebuild();
}

// Nothing is committed that is not the fold of its position.
TEST_F(RevisionTest, APartitionThatCannotFoldAnewStopsAndCommitsNothing) {
  Log({Bought(1), Bought(2)});
  const Offset durable = progress().durable;
  archive_->FailReads(absl::DataLossError("ARCHIVE_DAMAGED: a block"));
  Publish(Retracted(9, 1));
  for (int i = 0; i < 5; ++i) Step();
  EXPECT_THAT(progress().stopped, kit::StatusIs(absl::StatusCode::kDataLoss, "ARCHIVE_DAMAGED"));
  EXPECT_EQ(progress().applied, durable);
  task().CutNow();
  pipeline_->CommitWaiting();
  EXPECT_EQ(progress().durable, durable);
  archive_->FailReads(absl::OkStatus());
  Close();
  Open();
  FoldAll();
  EXPECT_EQ(Facts(), FactsOf({Bought(2)}));
}

// A random history, the events that revise it, and what stands after them.
struct Told {
  std::vector<EventBuilder> logged;
  std::vector<EventBuilder> standing;
};

// With what the validator asks for besides.
std::vector<EventBuilder> History(uint64_t seed) {
  std::vector<EventBuilder> events = kit::RandomHistory(seed, 40);
  for (EventBuilder& event : events) {
    if (event.envelope().kind() == v1::KIND_OUTREACH_MADE) event.Set("purpose", 1);
    if (event.envelope().kind() == v1::KIND_PROMISE_MADE) {
      event.Set("due_at_us", event.envelope().occurred_at_us());
    }
  }
  return events;
}

Told Tell(uint64_t seed) {
  std::mt19937_64 random(seed);
  Told told;
  uint64_t id = 1'000;
  const auto others = History(seed + 5'000);
  size_t next_other = 0;
  for (EventBuilder& event : History(seed)) {
    event.Of("ana");
    const std::string target = event.envelope().event_id();
    told.logged.push_back(event);
    const auto fate = random() % 4;
    if (fate == 0) told.logged.push_back(ARetraction(target).Of("ana").Id(++id).OnDay(20'300));
    if (fate == 1) {
      EventBuilder better = others[next_other++];
      const int64_t at_us = better.envelope().occurred_at_us();
      // One that goes before it, and one that is taken back.
      const EventBuilder content = better;
      for (const int64_t day : {20'301, 20'302}) {
        EventBuilder correction = ACorrection(target, content);
        told.logged.push_back(
            std::move(correction.Of("ana").Id(++id).OnDay(day).Set("occurred_at_us", at_us)));
      }
      EventBuilder mistaken = ACorrection(target, APurchase().Worth(9'999, "EUR"));
      told.logged.push_back(std::move(mistaken.Of("ana").Id(++id).OnDay(20'400)));
      const std::string mistake = told.logged.back().envelope().event_id();
      told.logged.push_back(ARetraction(mistake).Of("ana").Id(++id).OnDay(20'100));
      told.standing.push_back(std::move(better.Of("ana").Id(target)));
    }
    if (fate > 1) told.standing.push_back(std::move(event));
  }
  return told;
}

TEST_F(RevisionTest, InAnyOrderOfTheLogNothingShowsButWhatStands) {
  constexpr uint64_t kSeeds = 30;
  std::vector<std::pair<std::string, std::string>> wanted;
  std::mt19937_64 random(1);
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Told told = Tell(seed);
    std::vector<EventBuilder> logged = told.logged;
    for (int order = 0; order < 4; ++order) {
      // Evicted all the time, or never; few records at once, or many.
      options_.memory_bytes = random() % 2 == 0 ? 1 : size_t{1} << 30;
      options_.batch_records_max = random() % 2 == 0 ? 1 + random() % 9 : 1'000;
      wanted.emplace_back(absl::StrCat("c", seed, "-", order), FactsOf(told.standing));
      if (order > 0) std::shuffle(logged.begin(), logged.end(), random);
      const size_t half = random() % logged.size();
      for (size_t i = 0; i < logged.size(); ++i) {
        Publish(logged[i].Of(wanted.back().first));
        if (i != half) continue;
        FoldAll();
        Close();
        Open();
      }
    }
  }
  FoldAll();
  EXPECT_EQ(task().counters().folded, task().counters().archived);
  for (const auto& [customer, facts] : wanted) EXPECT_EQ(Facts(customer), facts) << customer;
  options_.memory_bytes = size_t{1} << 30;
  options_.batch_records_max = 77;
  ExpectLikeARebuild();
}

// Under rules for two kinds of the business's own.
class CustomRevisionTest : public RevisionTest {
 protected:
  void SetUp() override {
    std::string rules(projections::StandardRulesText());
    const std::string fold = "\nfold {";
    rules.insert(rules.find(fold) + fold.size(),
                 " custom_kind { name: \"visit\" by: CUSTOM_KIND_BY_CUSTOMER list: \"moments\""
                 " weight { ring: \"dialogue\" add: 400 } }"
                 " custom_kind { name: \"care\" by: CUSTOM_KIND_BY_VENDOR list: \"contacts\" }");
    projection_ = projections::Catalog(rules, "own.textproto").value();
    Open();
  }
  static EventBuilder Touched(uint64_t id, absl::string_view custom_kind) {
    EventBuilder event(v1::KIND_CUSTOM_TOUCHPOINT);
    event.Of("ana").Id(id).OnDay(20'000 + static_cast<int64_t>(id));
    return event.Set("custom_kind", custom_kind).Set("key", "k");
  }
};

TEST_F(CustomRevisionTest, CustomTouchpointsAreTakenBackAndPutRightLikeAnyOther) {
  Log({Touched(1, "visit"), Touched(2, "visit"), Touched(3, "care"), Touched(4, "stray"),
       Bought(5)});
  EXPECT_EQ(task().counters().folded, 5);
  Log({Retracted(11, 1), Corrected(12, 2, Touched(0, "care")),
       Corrected(13, 5, Touched(0, "visit")), Corrected(14, 3, Touched(0, "stray"))});
  EXPECT_EQ(Facts(), FactsOf({Touched(2, "care"), Touched(5, "visit")}));
  Close();
  Open();
  EXPECT_EQ(Facts(), FactsOf({Touched(2, "care"), Touched(5, "visit")}));
  ExpectLikeARebuild();
}

}  // namespace
}  // namespace rapport::pipeline
