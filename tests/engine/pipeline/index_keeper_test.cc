// Looking up in the indexes says what evaluating everybody says: for any histories, at any moment,
// whatever was evicted, caught up, restarted or set back.
#include "engine/pipeline/index_keeper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/base/time.h"
#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/index_difference.h"
#include "tests/kit/random_history.h"

namespace rapport::pipeline {
namespace {

constexpr int kCustomers = 6;

class IndexKeeperTest : public OnePartition {
 protected:
  std::string DifferenceAt(int64_t as_of_us) {
    const history::History history(archive_.get(), projection_.get(), pipeline_.get());
    const history::RelationshipReader reader(archive_.get(), projection_.get(), pipeline_.get(),
                                             &history);
    return kit::IndexDifference(*pipeline_, reader, as_of_us);
  }

  // Steps until there is nothing left to do.
  void Settle() {
    FoldAll();
    for (int i = 0; i < 50; ++i) Step();
  }

  const store::CustomerIndex& index() { return task().index(); }

  // Says under both ids, or now and then under one, that two customers are one or are not.
  static void AddLink(std::mt19937_64& random, uint64_t& id,
                      std::vector<kit::EventBuilder>& events) {
    const uint64_t merged = random() % kCustomers;
    const uint64_t survivor = (merged + 1 + random() % (kCustomers - 1)) % kCustomers;
    const v1::Kind kind = random() % 3 == 0 ? v1::KIND_CUSTOMER_SPLIT : v1::KIND_CUSTOMER_MERGED;
    const int64_t at_us =
        (kit::kHistoryBegins + static_cast<int64_t>(random() % 400)) * kMicrosPerDay;
    for (const uint64_t own : {merged, survivor}) {
      if (random() % 5 == 0) continue;
      kit::EventBuilder event(kind);
      event.Of(absl::StrCat("c", own)).Id(id++).At(at_us);
      event.Set("survivor", absl::StrCat("c", survivor)).Set("merged", absl::StrCat("c", merged));
      events.push_back(std::move(event));
    }
  }

  // Lets a state that is folded anew take over.
  void Rebuild() {
    if (!pipeline_->StartRebuild().ok()) return;
    while (pipeline_->StepRebuild()) {
    }
    EXPECT_TRUE(pipeline_->rebuild().cause.ok()) << pipeline_->rebuild().cause;
  }

  // Events of several customers in the order in which they happen, those among them that rules
  // about questions and departments look at.
  std::vector<kit::EventBuilder> Histories(uint64_t seed) {
    std::vector<kit::EventBuilder> events;
    std::mt19937_64 random(seed);
    uint64_t id = 1;
    for (uint64_t customer = 0; customer < kCustomers; ++customer) {
      const std::string name = absl::StrCat("c", customer);
      for (kit::EventBuilder& event : kit::RandomHistory(seed * kCustomers + customer, 25)) {
        events.push_back(event.Of(name).Id(id++));
      }
      for (int i = 0; i < 8; ++i) {
        constexpr v1::Kind kKinds[] = {v1::KIND_QUESTION_ANSWERED, v1::KIND_CASE_HANDED_OVER,
                                       v1::KIND_DATE_RECORDED};
        kit::EventBuilder event(kKinds[random() % 3]);
        const int64_t at_us =
            (kit::kHistoryBegins + static_cast<int64_t>(random() % 400)) * kMicrosPerDay;
        event.Of(name).Id(id++).At(at_us).Key(absl::StrCat("k", random() % 3));
        if (event.envelope().kind() == v1::KIND_QUESTION_ANSWERED) event.Set("asks_back", 1);
        if (event.envelope().kind() == v1::KIND_CASE_HANDED_OVER) {
          event.Set("department", random() % 2 == 0 ? "a/b" : "billing");
        }
        if (event.envelope().kind() == v1::KIND_DATE_RECORDED) {
          event.Key("birthday").Set("month", 1 + static_cast<int64_t>(random() % 12)).Set("day", 3);
        }
        events.push_back(std::move(event));
      }
    }
    for (int i = 0; i < 6; ++i) AddLink(random, id, events);
    std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
      return a.envelope().occurred_at_us() < b.envelope().occurred_at_us();
    });
    return events;
  }

  // Of everything that may happen between two events, one.
  void Meanwhile(std::mt19937_64& random) {
    switch (random() % 12) {
      case 0:
        Close();
        Open();
        break;
      case 1:
        FoldAll();
        break;
      case 2:
        clock_.Advance(static_cast<int64_t>(random() % 40) * kMicrosPerDay);
        break;
      case 3:
        clock_.Advance(-static_cast<int64_t>(random() % 72) * kMicrosPerHour);
        break;
      case 4:
        Settle();
        break;
      case 5:
        Rebuild();
        break;
      default:
        for (uint64_t i = random() % 6; i > 0; --i) Step();
        if (random() % 2 == 0) pipeline_->CommitWaiting();
    }
  }

  // As of now, before and later.
  void Check(std::mt19937_64& random) {
    const int64_t now_us = clock_.NowMicros();
    const int64_t apart_us = static_cast<int64_t>(random() % 90'000) * 1'000'000 + 1;
    for (const int64_t at_us : {now_us, now_us + 1, now_us - apart_us, now_us + 60 * apart_us}) {
      ASSERT_EQ(DifferenceAt(at_us), "") << "now " << FormatTime(now_us);
    }
  }
};

class IndexPropertyTest : public IndexKeeperTest, public testing::WithParamInterface<uint64_t> {};

TEST_P(IndexPropertyTest, LookingUpFindsWhatEvaluatingEverybodyFinds) {
  const uint64_t seed = GetParam();
  std::mt19937_64 random(seed);
  clock_.Set(kit::kHistoryBegins * kMicrosPerDay);
  if (seed % 3 == 0) options_.memory_bytes = 1;
  generations_ = std::make_unique<kit::ModelGenerations>();
  Open();
  for (const kit::EventBuilder& event : Histories(seed)) {
    // Up to a day ahead of the clock is taken; some come in late.
    const int64_t at_us = event.envelope().occurred_at_us();
    const int64_t ahead_us = static_cast<int64_t>(random() % 48) * kMicrosPerHour / 2;
    clock_.Set(std::max(clock_.NowMicros(), at_us - ahead_us));
    Publish(event);
    Meanwhile(random);
    if (random() % 8 == 0) Check(random);
    if (HasFatalFailure()) return;
  }
  Settle();
  Check(random);
  EXPECT_TRUE(index().ready());
}

INSTANTIATE_TEST_SUITE_P(Seeds, IndexPropertyTest, testing::Range<uint64_t>(0, 16));

TEST_F(IndexKeeperTest, IsSureOfEverybodyWhoIsSettled) {
  Publish(40);
  Open();
  Settle();
  EXPECT_TRUE(index().ready());
  EXPECT_EQ(index().customers(), 7u);
  EXPECT_EQ(index().unsure(), 0u);
  const auto none = [](absl::string_view) { return std::nullopt; };
  EXPECT_TRUE(pipeline_->ReadIndex(clock_.NowMicros(), 0, none)->unsure.empty());
}

TEST_F(IndexKeeperTest, IsDerivedFromTheStoreAtTheStart) {
  Publish(40);
  Open();
  Settle();
  Close();
  Open();
  EXPECT_FALSE(index().ready());
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
  Settle();
  EXPECT_TRUE(index().ready());
  EXPECT_EQ(index().customers(), 7u);
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
}

// Who changed far behind the log's end, and was not evaluated before another state took over.
TEST_F(IndexKeeperTest, FollowsTheGenerationThatTakesOver) {
  for (const int steps : {0, 3, 6, 50}) {
    Close();
    generations_ = std::make_unique<kit::ModelGenerations>();
    Publish(100);
    Open();
    for (int i = 0; i < steps; ++i) Step();
    pipeline_->CommitWaiting();
    Rebuild();
    EXPECT_EQ(generations_->serves(), 1);
    EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
    Settle();
    EXPECT_TRUE(index().ready());
    EXPECT_EQ(index().unsure(), 0u);
    EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
    // What changes now does so in the state that took over.
    Publish(kit::AnEvent(v1::KIND_COMPLAINT_RAISED).Of("c1").Id(next_++).At(kBegin).Key("C1"));
    Step();
    EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
    EXPECT_EQ(index().unsure(), 0u);
  }
}

TEST_F(IndexKeeperTest, WhoChangedFarBehindIsUnsureOnceAnotherGenerationTakesOver) {
  generations_ = std::make_unique<kit::ModelGenerations>();
  Publish(40);
  Open();
  Settle();
  // Later records are of another customer, so nothing else brings these to mind.
  for (int i = 0; i < 40; ++i) {
    const char* customer = i < 20 ? "c1" : "c2";
    Publish(kit::AnEvent(v1::KIND_COMPLAINT_RAISED)
                .Of(customer)
                .Id(next_++)
                .At(kBegin)
                .Key(absl::StrCat("C", i)));
  }
  Step();
  Step();
  EXPECT_FALSE(index().ready());
  if (task().IsCommitting()) pipeline_->CommitWaiting();
  Rebuild();
  EXPECT_EQ(generations_->serves(), 1);
  Settle();
  EXPECT_TRUE(index().ready());
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
}

TEST_F(IndexKeeperTest, IsSureOfNobodyOfWhomLinksAreSaid) {
  const auto linked = [&](v1::Kind kind, const char* own) {
    Publish(kit::AnEvent(kind)
                .Of(own)
                .Id(next_++)
                .At(kBegin)
                .Set("survivor", "c2")
                .Set("merged", "c1"));
    Settle();
  };
  const auto unsure = [&] {
    const auto none = [](absl::string_view) { return std::nullopt; };
    auto names = pipeline_->ReadIndex(clock_.NowMicros(), 0, none)->unsure;
    std::sort(names.begin(), names.end());
    return names;
  };
  Publish(40);
  Open();
  Settle();
  EXPECT_TRUE(unsure().empty());
  linked(v1::KIND_CUSTOMER_MERGED, "c1");
  EXPECT_EQ(unsure(), std::vector<std::string>({"c1"}));
  linked(v1::KIND_CUSTOMER_MERGED, "c2");
  EXPECT_EQ(unsure(), std::vector<std::string>({"c1", "c2"}));
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
  Close();
  Open();
  Settle();
  EXPECT_EQ(unsure(), std::vector<std::string>({"c1", "c2"}));
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
}

// Full batches came, so more was to be expected; now nothing can be.
TEST_F(IndexKeeperTest, IsReadyWhileTheLogIsOutOfReach) {
  Publish(100);
  Open();
  while (progress().applied < 50) Step();
  EXPECT_FALSE(index().ready());
  faulty_log_.SetReachable(absl::UnavailableError("the broker is gone"));
  Step();
  Step();
  EXPECT_TRUE(index().ready());
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
  faulty_log_.SetReachable(absl::OkStatus());
  Settle();
  EXPECT_EQ(progress().applied, 100);
  EXPECT_TRUE(index().ready());
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
}

TEST_F(IndexKeeperTest, IsReadyOnceThePartitionStandsStill) {
  Publish(100);
  Open();
  while (progress().applied < 50) Step();
  EXPECT_FALSE(index().ready());
  task().Halt(absl::DataLossError("ARCHIVE_GAP: what comes next is gone"));
  Step();
  Step();
  EXPECT_TRUE(index().ready());
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
}

TEST_F(IndexKeeperTest, FollowsTimeAlone) {
  Publish(kit::AnEvent(v1::KIND_COMPLAINT_RAISED).Of("ana").Id(1).At(kBegin).Key("C1"));
  Open();
  Settle();
  const auto owed = [&](v1::FollowUpStatus status) {
    const auto wants = [&](absl::string_view text) -> std::optional<store::WantedRows> {
      const auto name = FollowUpRowName::Parse(text);
      if (!name.has_value() || name->status != status) return std::nullopt;
      return store::WantedRows();
    };
    const auto sight = pipeline_->ReadIndex(clock_.NowMicros(), 10, wants).value();
    EXPECT_TRUE(sight.unsure.empty());
    return sight.rows.size();
  };
  const size_t due = owed(v1::FOLLOW_UP_STATUS_DUE);
  EXPECT_GT(due, 0u);
  EXPECT_EQ(owed(v1::FOLLOW_UP_STATUS_OVERDUE), 0u);
  clock_.Advance(10 * kMicrosPerDay);
  Settle();
  EXPECT_GT(owed(v1::FOLLOW_UP_STATUS_OVERDUE), 0u);
}

TEST_F(IndexKeeperTest, AClockThatIsSetBackMakesItDoubtAll) {
  Publish(40);
  Open();
  clock_.Advance(1000 * kMicrosPerDay);
  Settle();
  clock_.Advance(-900 * kMicrosPerDay);
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
  Step();
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
  Settle();
  EXPECT_EQ(index().unsure(), 0u);
  EXPECT_EQ(DifferenceAt(clock_.NowMicros()), "");
}

}  // namespace
}  // namespace rapport::pipeline
