// Other rules take over while the engine serves: an answer is all of one set, lists say what
// evaluating everybody says, and facts stay what they are.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/base/time.h"
#include "engine/engine.h"
#include "engine/model/index_row.h"
#include "projections/catalog.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;
constexpr int kCustomers = 40;
constexpr int64_t kNow = 20'000 * kMicrosPerDay;

std::shared_ptr<const fold::Projection> RulesWith(const std::string& from, const std::string& to) {
  return projections::Catalog(absl::StrReplaceAll(projections::StandardRulesText(), {{from, to}}),
                              "other")
      .value();
}
// Everybody whose last act is older than a day is DORMANT.
std::shared_ptr<const fold::Projection> Impatient() {
  return RulesWith("first_purchase_silence_days: 182", "first_purchase_silence_days: 1");
}

class RulesSwapTest : public testing::Test {
 protected:
  RulesSwapTest() {
    Open(projection_);
    for (int i = 0; i < kCustomers; ++i) {
      const v1::Event event = kit::EventOf(kit::APurchase()
                                               .Of(absl::StrCat("c", i))
                                               .Id(static_cast<uint64_t>(i) + 1)
                                               .OnDay(20'000 - 5 - i)
                                               .Worth(5, "EUR"));
      EXPECT_OK(
          log::AppendAndWait(engine_->log(), {event.customer_id(), event.SerializeAsString(), {}}));
    }
    AwaitAll();
    AwaitIndexes();
  }

  void Open(std::shared_ptr<const fold::Projection> rules) {
    EngineOptions options;
    options.data_directory = folder_.path();
    options.partitions = 2;
    options.disk_reserve_permille = 0;
    opened_with_ = std::move(rules);
    engine_ = Engine::Open(options, opened_with_.get(), &clock_).value();
  }
  // As a start by those rules, which has folded all that there is.
  void Reopen(std::shared_ptr<const fold::Projection> rules) {
    engine_.reset();
    Open(std::move(rules));
    AwaitAll();
  }
  void AwaitAll() {
    Position end;
    for (Partition p = 0; p < 2; ++p) end.next[p] = engine_->log().Range(p)->end;
    EXPECT_OK(engine_->pipeline().WaitFor(end, absl::Now() + absl::Seconds(60)));
  }

  void AwaitIndexes() {
    while (engine_->pipeline().IndexesReady() < 2) std::this_thread::yield();
  }
  history::Viewpoint Now() {
    history::Viewpoint viewpoint;
    viewpoint.as_of_us = kNow;
    viewpoint.rules = engine_->rules();
    return viewpoint;
  }
  v1::Stage StageOf(const std::string& customer, const history::Viewpoint& viewpoint) {
    const auto read = engine_->ReadRelationship(customer, viewpoint, {});
    EXPECT_OK(read.status());
    return read.ok() ? read->standing.stage() : v1::STAGE_UNSPECIFIED;
  }
  // Customers per stage as the index has it, those that it is not sure of evaluated.
  std::map<v1::Stage, int64_t> Stages(const history::Viewpoint& viewpoint,
                                      size_t* unsure = nullptr) {
    const auto all = [](absl::string_view) { return store::WantedRows(); };
    const auto sight = engine_->pipeline().ReadIndex(kNow, 0, all, viewpoint.rules->digest());
    EXPECT_OK(sight.status());
    std::map<v1::Stage, int64_t> stages;
    for (const auto& [name, count] : sight->counts) {
      if (const auto stage = StageOfRowName(name); stage.has_value() && count > 0) {
        stages[*stage] += count;
      }
    }
    for (const std::string& customer : sight->unsure) ++stages[StageOf(customer, viewpoint)];
    if (unsure != nullptr) *unsure = sight->unsure.size();
    return stages;
  }

  // Digest of all facts, made durable.
  std::string Facts() {
    EXPECT_OK(engine_->pipeline().Checkpoint(absl::Now() + absl::Seconds(60)));
    SetDigest all;
    for (Partition p = 0; p < 2; ++p) {
      all.Add(engine_->pipeline().Digest(p, [](absl::string_view, const SetDigest&) {})->facts);
    }
    return all.Hex();
  }
  std::string FolderOf(const fold::Projection& rules) const {
    return absl::StrCat(folder_.path(), "/state/", store::StateFolder::NameOf(rules.fold_digest()));
  }

  kit::ScratchFolder folder_;
  ManualClock clock_{kNow};
  std::shared_ptr<const fold::Projection> projection_ = projections::StandardCatalog().value();
  std::shared_ptr<const fold::Projection> opened_with_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(RulesSwapTest, WhatIsAskedAfterIsAnsweredByTheOthersAndWhatWasBegunByTheOnesBefore) {
  const history::Viewpoint before = Now();
  EXPECT_EQ(StageOf("c1", before), v1::STAGE_EXPLORATION);
  ASSERT_OK(engine_->Activate(Impatient()));
  EXPECT_EQ(StageOf("c1", Now()), v1::STAGE_DISSOLUTION);
  EXPECT_EQ(StageOf("c1", before), v1::STAGE_EXPLORATION);
  EXPECT_EQ(StageOf("c1", {kNow, {}}), v1::STAGE_DISSOLUTION) << "without rules: the active ones";
}

TEST_F(RulesSwapTest, ListsEvaluateEverybodyUntilTheIndexesAreOfTheOthers) {
  const history::Viewpoint before = Now();
  size_t unsure = 1;
  EXPECT_EQ(Stages(before, &unsure),
            (std::map<v1::Stage, int64_t>{{v1::STAGE_EXPLORATION, kCustomers}}));
  EXPECT_EQ(unsure, 0u);
  ASSERT_OK(engine_->Activate(Impatient()));
  const std::map<v1::Stage, int64_t> wanted = {{v1::STAGE_DISSOLUTION, kCustomers}};
  EXPECT_EQ(Stages(Now()), wanted);
  while (Stages(Now(), &unsure) == wanted && unsure > 0) std::this_thread::yield();
  EXPECT_EQ(Stages(Now(), &unsure), wanted);
  EXPECT_EQ(unsure, 0u) << "looked up again";
  // Who still answers by the old ones evaluates everybody, and is right.
  EXPECT_EQ(Stages(before, &unsure),
            (std::map<v1::Stage, int64_t>{{v1::STAGE_EXPLORATION, kCustomers}}));
  EXPECT_EQ(unsure, static_cast<size_t>(kCustomers));
}

TEST_F(RulesSwapTest, RulesThatFoldOtherwiseAreRefusedAndNothingChanges) {
  const std::string facts = engine_->ReadRelationship("c1", Now(), {}, true)->facts;
  const auto rules = engine_->rules();
  EXPECT_THAT(engine_->Activate(RulesWith("half_life_days: 364", "half_life_days: 365")),
              StatusIs(absl::StatusCode::kFailedPrecondition, "RULES_NEED_REFOLD: "));
  EXPECT_EQ(engine_->rules(), rules);
  EXPECT_EQ(engine_->ReadRelationship("c1", Now(), {}, true)->facts, facts);
  EXPECT_EQ(engine_->pipeline().IndexesReady(), 2);
}

std::shared_ptr<const fold::Projection> Forgetful() {
  return RulesWith("half_life_days: 364", "half_life_days: 20");
}

TEST_F(RulesSwapTest, RulesThatFoldOtherwiseAnswerFromTheArchiveBeforeTheyAreActive) {
  history::Viewpoint forgetful = Now();
  forgetful.rules = Forgetful();
  const auto named = engine_->ReadRelationship("c9", forgetful, {}, true);
  ASSERT_OK(named.status());
  EXPECT_NE(named->facts, engine_->ReadRelationship("c9", Now(), {}, true)->facts);
  // What an engine says that was opened with them.
  Reopen(Forgetful());
  const auto of_theirs = engine_->ReadRelationship("c9", Now(), {}, true);
  EXPECT_EQ(named->facts, of_theirs->facts);
  EXPECT_EQ(named->standing.SerializeAsString(), of_theirs->standing.SerializeAsString());
}

TEST_F(RulesSwapTest, FactsFoldedAnewTakeOverWithTheirRules) {
  const history::Viewpoint before = Now();
  const auto was = engine_->ReadRelationship("c9", before, {}, true).value();
  const auto forgetful = Forgetful();
  Position agreed;
  ASSERT_OK(engine_->StartRefold(forgetful, [&](const Position& position) {
    agreed = position;
    EXPECT_EQ(engine_->rules()->digest(), before.rules->digest()) << "not yet";
    return absl::OkStatus();
  }));
  EXPECT_THAT(engine_->StartRefold(forgetful, nullptr),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REBUILD_RUNS"));
  while (engine_->pipeline().rebuild().IsUnderWay()) std::this_thread::yield();
  ASSERT_OK(engine_->pipeline().rebuild().cause);
  EXPECT_EQ(engine_->rules(), forgetful);
  EXPECT_EQ(agreed.ToString(), engine_->pipeline().Applied().ToString());
  const auto is = engine_->ReadRelationship("c9", Now(), {}, true).value();
  EXPECT_NE(is.facts, was.facts);
  // Who began before ends as he began.
  const auto still = engine_->ReadRelationship("c9", before, {}, true).value();
  EXPECT_EQ(still.facts, was.facts);
  EXPECT_EQ(still.standing.SerializeAsString(), was.standing.SerializeAsString());
  const std::map<v1::Stage, int64_t> wanted = Stages(Now());
  AwaitIndexes();
  size_t unsure = 1;
  EXPECT_EQ(Stages(Now(), &unsure), wanted);
  EXPECT_EQ(unsure, 0u) << "looked up again";
  // The next start, by those rules, finds them folded.
  const std::string digest = Facts();
  Reopen(forgetful);
  EXPECT_EQ(Facts(), digest);
  EXPECT_FALSE(std::filesystem::exists(FolderOf(*before.rules)));
  EXPECT_TRUE(std::filesystem::exists(FolderOf(*forgetful) + ".1"));
  EXPECT_FALSE(std::filesystem::exists(FolderOf(*forgetful))) << "a new one was begun";
}

TEST_F(RulesSwapTest, WhereNobodyAgreesNothingChanges) {
  const std::string facts = Facts();
  const auto rules = engine_->rules();
  for (const auto& others : {Forgetful(), RulesWith("half_life_days: 364", "half_life_days: 9")}) {
    ASSERT_OK(engine_->StartRefold(
        others, [](const Position&) { return absl::AbortedError("ETAG_MISMATCH: no"); }));
    while (engine_->pipeline().rebuild().IsUnderWay()) std::this_thread::yield();
    EXPECT_THAT(engine_->pipeline().rebuild().cause,
                StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
    EXPECT_EQ(engine_->rules(), rules);
    EXPECT_EQ(Facts(), facts);
  }
  // The state can still be rebuilt, and is still found.
  ASSERT_OK(engine_->StartRebuild());
  while (engine_->pipeline().rebuild().IsUnderWay()) std::this_thread::yield();
  ASSERT_OK(engine_->pipeline().rebuild().cause);
  EXPECT_EQ(Facts(), facts);
  Reopen(rules);
  EXPECT_EQ(Facts(), facts);
}

TEST_F(RulesSwapTest, ReadersAndEventsGoOnWhileFactsAreFoldedAnewThereAndBack) {
  const std::shared_ptr<const fold::Projection> sets[] = {Forgetful(), engine_->rules()};
  std::map<std::string, std::string> wanted;
  for (const auto& rules : sets) {
    history::Viewpoint viewpoint = Now();
    viewpoint.rules = rules;
    wanted[rules->digest()] = engine_->ReadRelationship("c9", viewpoint, {}, true)->facts;
  }
  ASSERT_NE(wanted[sets[0]->digest()], wanted[sets[1]->digest()]);
  std::atomic<bool> done = false;
  std::atomic<int> answers = 0;
  std::thread reader([&] {
    while (!done && !testing::Test::HasFailure()) {
      const history::Viewpoint viewpoint = Now();
      const auto read = engine_->ReadRelationship("c9", viewpoint, {}, true);
      EXPECT_OK(read.status());
      EXPECT_EQ(read->facts, wanted[viewpoint.rules->digest()]);
      const auto stages = Stages(viewpoint);
      EXPECT_TRUE(stages.contains(v1::STAGE_EXPLORATION));
      ++answers;
    }
  });
  std::atomic<int> published = 0;
  std::thread publisher([&] {
    while (!done) {
      const int i = published++;
      const v1::Event event = kit::EventOf(kit::APurchase()
                                               .Of(absl::StrCat("n", i % 7))
                                               .Id(static_cast<uint64_t>(1'000 + i))
                                               .OnDay(19'990)
                                               .Worth(5, "EUR"));
      EXPECT_OK(
          log::AppendAndWait(engine_->log(), {event.customer_id(), event.SerializeAsString(), {}}));
    }
  });
  for (int i = 0; i < 6 || answers < 50; ++i) {
    ASSERT_OK(engine_->StartRefold(sets[i % 2], [](const Position&) { return absl::OkStatus(); }));
    while (engine_->pipeline().rebuild().IsUnderWay()) std::this_thread::yield();
    ASSERT_OK(engine_->pipeline().rebuild().cause);
  }
  done = true;
  reader.join();
  publisher.join();
  EXPECT_GT(published, 0);
  // All of it once, by the rules that answer.
  AwaitAll();
  const std::string lived = Facts();
  const auto rules = engine_->rules();
  engine_.reset();
  std::filesystem::remove_all(folder_.path() + "/state");
  Reopen(rules);
  EXPECT_EQ(Facts(), lived);
}

TEST_F(RulesSwapTest, ReadersGoOnWhileRulesChangeAndEachAnswerIsOfOneSet) {
  const std::shared_ptr<const fold::Projection> sets[] = {Impatient(), engine_->rules()};
  const std::string impatient = sets[0]->evaluate_digest();
  std::atomic<bool> done = false;
  std::atomic<int> answers = 0;
  const auto read = [&] {
    while (!done && !testing::Test::HasFailure()) {
      const history::Viewpoint viewpoint = Now();
      const v1::Stage wanted = viewpoint.rules->evaluate_digest() == impatient
                                   ? v1::STAGE_DISSOLUTION
                                   : v1::STAGE_EXPLORATION;
      EXPECT_EQ(Stages(viewpoint), (std::map<v1::Stage, int64_t>{{wanted, kCustomers}}));
      ++answers;
    }
  };
  std::thread first(read), second(read);
  for (int i = 0; i < 200 || answers < 200; ++i) {
    ASSERT_OK(engine_->Activate(sets[i % 2]));
    std::this_thread::yield();
  }
  done = true;
  first.join();
  second.join();
}

}  // namespace
}  // namespace rapport
