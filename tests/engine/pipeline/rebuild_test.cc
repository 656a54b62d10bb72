// A rebuild beside what serves: it takes over with the same digests, no reader sees anything go
// back, and a crash at each of its steps leaves the old generation or the new.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/log/memory_log.h"
#include "engine/log/partitioner.h"
#include "engine/pipeline/pipeline.h"
#include "engine/store/keys.h"
#include "engine/table/model_table.h"
#include "projections/catalog.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/model_generations.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

constexpr LogIdentity kIdentity{7, 1};
constexpr int64_t kBegin = 1'767'225'600'000'000;
constexpr int kPartitions = 3;

using Phase = RebuildStatus::Phase;

class RebuildTest : public testing::Test {
 protected:
  RebuildTest() {
    options_.batch_records_max = 10;
    options_.ingest_rows_min = 20;
    options_.checkpoint_interval = absl::Milliseconds(5);
  }
  ~RebuildTest() override { Close(); }

  void Publish(int events) {
    for (int i = 0; i < events; ++i, ++next_) {
      const std::string customer = absl::StrCat("c", next_ % 40);
      // Every ninth is a copy of an earlier one.
      const uint64_t id = next_ % 9 == 0 ? next_ - 5 : next_;
      const v1::Event event = kit::EventOf(
          kit::APurchase().Of(absl::StrCat("c", id % 40)).Id(id).Key("o").Worth(1, "EUR"));
      log_.AppendTo(log::PartitionOf(event.customer_id(), kPartitions),
                    {event.customer_id(), event.SerializeAsString(), {}});
    }
  }

  absl::Status Open(bool threads = false) {
    table::TableOptions with_wal;
    with_wal.wal = true;
    archive_table_ = archive_disk_.Open(with_wal).value();
    archive_ = log::Archive::Open(archive_table_.get(), kPartitions, kIdentity, kBegin).value();
    PipelineParts parts;
    ASSIGN_OR_RETURN(parts.state, generations_.OpenServing());
    parts.log = &log_;
    parts.archive = archive_.get();
    parts.generations = &generations_;
    parts.projection = projection_.get();
    parts.clock = threads ? &SystemClock() : &clock_;
    parts.fatal = [this](const absl::Status&) { ++deaths_; };
    parts.may_write = [this] { return may_write_; };
    parts.threads = threads;
    parts.rebuild_threads = 2;
    ASSIGN_OR_RETURN(pipeline_, Pipeline::Open(parts, options_));
    return absl::OkStatus();
  }
  void Close() {
    pipeline_.reset();
    generations_.Close();
    archive_.reset();
    archive_table_.reset();
  }
  void CutPower(uint64_t seed) {
    generations_.Crash(seed);
    archive_disk_.Crash(seed);
    Close();
  }

  void Fold() {
    for (Partition p = 0; p < kPartitions; ++p) {
      while (pipeline_->progress(p).applied < log_.Range(p)->end) Step(p);
      Step(p);
      pipeline_->task(p).RequestCheckpoint();
      Step(p);
      pipeline_->CommitWaiting();
    }
  }
  void Step(Partition p) { pipeline_->task(p).Step(absl::ZeroDuration()); }
  // To its end.
  RebuildStatus Rebuild() {
    EXPECT_OK(pipeline_->StartRebuild());
    while (pipeline_->StepRebuild()) {
    }
    return pipeline_->rebuild();
  }
  std::string Digests() {
    std::string all;
    for (Partition p = 0; p < kPartitions; ++p) {
      const auto digests = pipeline_->Digest(p, [](absl::string_view, const SetDigest&) {}).value();
      absl::StrAppend(&all, digests.next, " ", digests.facts.Hex(), " ", digests.state.Hex(), "\n");
    }
    return all;
  }
  Offset Applied(Partition p) { return pipeline_->progress(p).applied; }

  ManualClock clock_{kBegin};
  log::MemoryLog log_{kPartitions, kIdentity, &clock_};
  std::unique_ptr<fold::Projection> projection_ = projections::StandardCatalog().value();
  table::ModelDisk archive_disk_;
  kit::ModelGenerations generations_;
  PartitionOptions options_;
  absl::Status may_write_;
  std::atomic<int> deaths_{0};
  uint64_t next_ = 100;
  std::unique_ptr<table::Table> archive_table_;
  std::unique_ptr<log::Archive> archive_;
  std::unique_ptr<Pipeline> pipeline_;
};

TEST_F(RebuildTest, TakesOverWithTheSameDigestsAndTheOldOneIsGone) {
  Publish(500);
  ASSERT_OK(Open());
  Fold();
  const std::string before = Digests();
  const RebuildStatus rebuilt = Rebuild();
  EXPECT_EQ(rebuilt.phase, Phase::kDone) << rebuilt.cause;
  EXPECT_EQ(rebuilt.done, 500);
  EXPECT_EQ(rebuilt.total, 500);
  EXPECT_EQ(Digests(), before);
  EXPECT_EQ(generations_.serves(), 1);
  EXPECT_EQ(generations_.count(), 1u);
  // It goes on, and the next start finds it.
  Publish(100);
  Fold();
  const std::string after = Digests();
  EXPECT_NE(after, before);
  Close();
  ASSERT_OK(Open());
  EXPECT_EQ(Digests(), after);
}

std::unique_ptr<fold::Projection> RulesThatFoldOtherwise() {
  return projections::Catalog(absl::StrReplaceAll(projections::StandardRulesText(),
                                                  {{"half_life_days: 364", "half_life_days: 100"}}),
                              "others")
      .value();
}

TEST_F(RebuildTest, ByOtherRulesItHoldsWhatAStoreOfThoseHolds) {
  const std::shared_ptr<const fold::Projection> others = RulesThatFoldOtherwise();
  Publish(400);
  ASSERT_OK(Open());
  Fold();
  const std::string before = Digests();
  Position agreed;
  int switches = 0;
  RebuildOrder order;
  order.rules = others;
  order.before_switch = [&](const Position& position) {
    EXPECT_EQ(Digests(), before) << "nobody is shown them yet";
    agreed = position;
    return absl::OkStatus();
  };
  order.after_switch = [&] { ++switches; };
  ASSERT_OK(pipeline_->StartRebuild(order));
  EXPECT_EQ(pipeline_->rebuild().rules_digest, others->digest());
  while (pipeline_->StepRebuild()) {
  }
  EXPECT_EQ(pipeline_->rebuild().phase, Phase::kDone) << pipeline_->rebuild().cause;
  EXPECT_EQ(switches, 1);
  EXPECT_EQ(agreed.ToString(), pipeline_->Applied().ToString());
  EXPECT_EQ(pipeline_->folds(), others);
  // Also what comes later.
  Publish(100);
  Fold();
  const std::string lived = Digests();
  EXPECT_NE(lived, before);
  Close();
  generations_.Replace(std::make_unique<table::ModelDisk>());
  projection_ = RulesThatFoldOtherwise();
  ASSERT_OK(Open());
  Fold();
  EXPECT_EQ(Digests(), lived) << "folded from the beginning by those rules";
}

TEST_F(RebuildTest, OneThatIsCancelledHasChangedNothing) {
  Publish(300);
  ASSERT_OK(Open());
  Fold();
  const std::string before = Digests();
  EXPECT_FALSE(pipeline_->CancelRebuild()) << "nothing is under way";
  std::vector<RebuildStatus> ended;
  RebuildOrder order;
  order.ended = [&](const RebuildStatus& status) {
    EXPECT_FALSE(pipeline_->rebuild().IsUnderWay()) << "another one could begin";
    ended.push_back(status);
  };
  ASSERT_OK(pipeline_->StartRebuild(order));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(pipeline_->StepRebuild());
  const RebuildStatus amid = pipeline_->rebuild();
  ASSERT_EQ(amid.partitions.size(), static_cast<size_t>(kPartitions));
  int64_t done = 0, total = 0;
  for (const auto& one : amid.partitions) {
    done += one.done;
    total += one.total;
  }
  EXPECT_EQ(done, amid.done);
  EXPECT_EQ(total, amid.total);
  EXPECT_TRUE(pipeline_->CancelRebuild());
  while (pipeline_->StepRebuild()) {
  }
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].phase, Phase::kCancelled);
  EXPECT_EQ(pipeline_->rebuild().phase, Phase::kCancelled);
  EXPECT_EQ(Digests(), before);
  EXPECT_EQ(generations_.serves(), 0);
  EXPECT_EQ(generations_.count(), 1u) << "what was folded is gone";
  EXPECT_EQ(Rebuild().phase, Phase::kDone);
  EXPECT_EQ(Digests(), before);
}

TEST_F(RebuildTest, WhoDoesNotAgreeKeepsWhatServes) {
  Publish(200);
  ASSERT_OK(Open());
  Fold();
  const std::string before = Digests();
  const auto serves = pipeline_->folds();
  RebuildOrder order;
  order.rules = RulesThatFoldOtherwise();
  order.before_switch = [](const Position&) { return absl::AbortedError("ETAG_MISMATCH: no"); };
  order.after_switch = [] { FAIL() << "nothing was switched"; };
  ASSERT_OK(pipeline_->StartRebuild(order));
  while (pipeline_->StepRebuild()) {
  }
  EXPECT_EQ(pipeline_->rebuild().phase, Phase::kFailed);
  EXPECT_THAT(pipeline_->rebuild().cause,
              kit::StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_EQ(deaths_, 0);
  EXPECT_EQ(pipeline_->folds(), serves);
  EXPECT_EQ(Digests(), before);
  EXPECT_EQ(generations_.count(), 1u) << "what was folded is gone";
  EXPECT_EQ(Rebuild().phase, Phase::kDone) << "as always";
  EXPECT_EQ(Digests(), before);
}

TEST_F(RebuildTest, FoldsWhatCameMeanwhileBeforeItTakesOver) {
  Publish(300);
  ASSERT_OK(Open());
  Fold();
  ASSERT_OK(pipeline_->StartRebuild());
  for (int i = 0; pipeline_->StepRebuild(); ++i) {
    Publish(7);
    Step(i % kPartitions);
    if (i % 5 == 0) pipeline_->CommitWaiting();
  }
  EXPECT_EQ(pipeline_->rebuild().phase, Phase::kDone) << pipeline_->rebuild().cause;
  Fold();
  const std::string lived = Digests();
  ASSERT_EQ(Rebuild().phase, Phase::kDone);
  EXPECT_EQ(Digests(), lived);
}

TEST_F(RebuildTest, RepeatsAsOftenAsItIsAskedFor) {
  Publish(200);
  ASSERT_OK(Open());
  Fold();
  const std::string before = Digests();
  for (int i = 1; i <= 4; ++i) {
    ASSERT_EQ(Rebuild().phase, Phase::kDone);
    EXPECT_EQ(generations_.serves(), i);
    EXPECT_EQ(generations_.count(), 1u);
  }
  EXPECT_EQ(Digests(), before);
}

TEST_F(RebuildTest, OnlyOneIsUnderWayAtATime) {
  Publish(50);
  ASSERT_OK(Open());
  Fold();
  ASSERT_OK(pipeline_->StartRebuild());
  EXPECT_THAT(pipeline_->StartRebuild(),
              kit::StatusIs(absl::StatusCode::kFailedPrecondition, "REBUILD_RUNS"));
}

TEST_F(RebuildTest, ADifferentStateIsKeptAndTheCustomerIsNamed) {
  Publish(200);
  ASSERT_OK(Open());
  Fold();
  // A customer's row that no fold has made.
  const Partition p = log::PartitionOf("c7", kPartitions);
  table::Table& table = pipeline_->task(p).generation()->state->table();
  std::string row = table.Get(store::CustomerKey(p, "c7")).value();
  row.back() = static_cast<char>(row.back() ^ 1);
  table::WriteBatch batch;
  batch.Put(store::CustomerKey(p, "c7"), row);
  ASSERT_OK(table.Write(batch, table::Durability::kBuffered));
  const RebuildStatus rebuilt = Rebuild();
  EXPECT_EQ(rebuilt.phase, Phase::kFailed);
  EXPECT_THAT(rebuilt.cause,
              kit::StatusIs(absl::StatusCode::kFailedPrecondition, "REBUILD_DIFFERS"));
  EXPECT_THAT(std::string(rebuilt.cause.message()), testing::HasSubstr("customer c7;"));
  EXPECT_EQ(generations_.serves(), 0);
  EXPECT_EQ(generations_.count(), 1u);
  Publish(10);
  Fold();
}

TEST_F(RebuildTest, AWriteThatFailsInTheNewOneLeavesTheOldOneAtWork) {
  Publish(200);
  ASSERT_OK(Open());
  Fold();
  generations_.FailNextAt(4);
  const RebuildStatus rebuilt = Rebuild();
  EXPECT_EQ(rebuilt.phase, Phase::kFailed);
  EXPECT_EQ(deaths_, 0);
  EXPECT_EQ(generations_.count(), 1u);
  ASSERT_EQ(Rebuild().phase, Phase::kDone);
}

TEST_F(RebuildTest, AFullDiskEndsIt) {
  Publish(200);
  ASSERT_OK(Open());
  Fold();
  ASSERT_OK(pipeline_->StartRebuild());
  EXPECT_TRUE(pipeline_->StepRebuild());
  may_write_ = absl::ResourceExhaustedError("DISK_LOW: of the test");
  while (pipeline_->StepRebuild()) {
  }
  EXPECT_THAT(pipeline_->rebuild().cause,
              kit::StatusIs(absl::StatusCode::kResourceExhausted, "DISK_LOW"));
  EXPECT_THAT(pipeline_->StartRebuild(),
              kit::StatusIs(absl::StatusCode::kResourceExhausted, "DISK_LOW"));
  EXPECT_EQ(generations_.count(), 1u);
}

TEST_F(RebuildTest, IsGivenUpWhenTheEngineEnds) {
  Publish(200);
  ASSERT_OK(Open());
  Fold();
  ASSERT_OK(pipeline_->StartRebuild());
  EXPECT_TRUE(pipeline_->StepRebuild());
  EXPECT_EQ(generations_.count(), 2u);
  Close();
  EXPECT_EQ(generations_.count(), 1u);
  EXPECT_EQ(generations_.serves(), 0);
}

// Every change of the pointer's files fails once, and power goes: what comes back is one of the two
// and as far as anybody was shown.
TEST_F(RebuildTest, ACrashAtEachStepOfTheSwitchLeavesTheOldOrTheNewAtTheSamePosition) {
  Publish(120);
  ASSERT_OK(Open());
  Fold();
  int olds = 0, news = 0;
  for (int64_t n = 1; n <= 4; ++n) {
    for (uint64_t seed = 0; seed < 8; ++seed) {
      Publish(11);
      Fold();
      const std::string shown = Digests();
      const int64_t served = generations_.serves();
      generations_.files().CutAt(n);
      EXPECT_EQ(Rebuild().phase, Phase::kFailed);
      EXPECT_EQ(deaths_.exchange(0), 1) << "nobody knows what the next start opens";
      CutPower(seed);
      ASSERT_OK(Open());
      EXPECT_EQ(Digests(), shown) << "call " << n << ", seed " << seed;
      (generations_.serves() == served ? olds : news) += 1;
      EXPECT_EQ(generations_.count(), 1u);
    }
  }
  EXPECT_GT(olds, 0);
  EXPECT_GT(news, 0);
}

TEST_F(RebuildTest, APowerCutRightBehindTheSwitchLosesNothing) {
  Publish(120);
  ASSERT_OK(Open());
  Fold();
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Publish(11);
    Fold();
    const std::string shown = Digests();
    ASSERT_EQ(Rebuild().phase, Phase::kDone);
    CutPower(seed);
    ASSERT_OK(Open());
    EXPECT_EQ(Digests(), shown);
    EXPECT_EQ(generations_.serves(), static_cast<int64_t>(seed) + 1);
  }
}

// Threads: publishers, readers and two rebuilds in a row.
TEST_F(RebuildTest, ReadersNeverSeeAnythingGoBackWhileItTakesOver) {
  options_.memory_bytes = 1;  // Rows are read from the tables, too.
  Publish(2000);
  ASSERT_OK(Open(/*threads=*/true));
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([this, reader, &done] {
      std::vector<uint32_t> seen(40, 0);
      std::vector<Offset> applied(kPartitions, 0), durable(kPartitions, 0);
      for (size_t i = static_cast<size_t>(reader); !done; ++i) {
        uint32_t touches = 0;
        const size_t c = i % 40;
        const std::string customer = absl::StrCat("c", c);
        const absl::Status read = pipeline_->Read(
            customer, [&](const store::CustomerView& view) { touches = view.touches; });
        EXPECT_TRUE(read.ok() || absl::IsNotFound(read)) << read;
        EXPECT_GE(touches, seen[c]) << customer;
        seen[c] = touches;
        const auto list = pipeline_->Touches(customer);
        EXPECT_TRUE(!list.ok() || list->size() >= touches) << customer;
        for (Partition p = 0; p < kPartitions; ++p) {
          const PartitionProgress progress = pipeline_->progress(p);
          EXPECT_GE(progress.applied, applied[static_cast<size_t>(p)]);
          EXPECT_GE(progress.durable, durable[static_cast<size_t>(p)]);
          applied[static_cast<size_t>(p)] = progress.applied;
          durable[static_cast<size_t>(p)] = progress.durable;
        }
      }
    });
  }
  for (int rebuild = 0; rebuild < 3; ++rebuild) {
    ASSERT_OK(pipeline_->StartRebuild());
    const absl::Time until = absl::Now() + absl::Seconds(60);
    while (pipeline_->rebuild().IsUnderWay() && absl::Now() < until) {
      Publish(20);
      std::this_thread::yield();
    }
    EXPECT_EQ(pipeline_->rebuild().phase, Phase::kDone) << pipeline_->rebuild().cause;
  }
  Position end;
  for (Partition p = 0; p < kPartitions; ++p) end.next[p] = log_.Range(p)->end;
  ASSERT_OK(pipeline_->WaitFor(end, absl::Now() + absl::Seconds(60)));
  done = true;
  for (std::thread& reader : readers) reader.join();
  ASSERT_OK(pipeline_->Checkpoint(absl::Now() + absl::Seconds(60)));
  EXPECT_EQ(generations_.serves(), 3);
  EXPECT_EQ(generations_.count(), 1u);
  const std::string lived = Digests();
  Close();
  ASSERT_OK(Open());
  EXPECT_EQ(Digests(), lived);
  ASSERT_EQ(Rebuild().phase, Phase::kDone);
  EXPECT_EQ(Digests(), lived);
  EXPECT_EQ(deaths_, 0);
}

TEST_F(RebuildTest, AnEngineThatEndsAmidItsSwitchEndsAtOnce) {
  Publish(3000);
  for (int i = 0; i < 10; ++i) {
    ASSERT_OK(Open(/*threads=*/true));
    ASSERT_OK(pipeline_->StartRebuild());
    const int64_t enough = 300 * i;
    while (pipeline_->rebuild().IsUnderWay() && pipeline_->rebuild().done < enough) {
      std::this_thread::yield();
    }
    Close();
    EXPECT_EQ(generations_.count(), 1u);
  }
  EXPECT_EQ(deaths_, 0);
}

}  // namespace
}  // namespace rapport::pipeline
