// Other rules take over while the engine serves: an answer is all of one set, lists say what
// evaluating everybody says, and facts stay what they are.
#include <gtest/gtest.h>

#include <atomic>
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
    EngineOptions options;
    options.data_directory = folder_.path();
    options.partitions = 2;
    options.disk_reserve_permille = 0;
    engine_ = Engine::Open(options, projection_.get(), &clock_).value();
    for (int i = 0; i < kCustomers; ++i) {
      const v1::Event event = kit::EventOf(kit::APurchase()
                                               .Of(absl::StrCat("c", i))
                                               .Id(static_cast<uint64_t>(i) + 1)
                                               .OnDay(20'000 - 5 - i)
                                               .Worth(5, "EUR"));
      EXPECT_OK(
          log::AppendAndWait(engine_->log(), {event.customer_id(), event.SerializeAsString(), {}}));
    }
    Position end;
    for (Partition p = 0; p < 2; ++p) end.next[p] = engine_->log().Range(p)->end;
    EXPECT_OK(engine_->pipeline().WaitFor(end, absl::Now() + absl::Seconds(60)));
    AwaitIndexes();
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
    const auto sight =
        engine_->pipeline().ReadIndex(kNow, 0, all, viewpoint.rules->evaluate_digest());
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

  kit::ScratchFolder folder_;
  ManualClock clock_{kNow};
  std::unique_ptr<fold::Projection> projection_ = projections::StandardCatalog().value();
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
