// The front door and its folders: what is done about damage on disk.
#include "engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "engine/base/time.h"
#include "projections/catalog.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using ::rapport::kit::StatusIs;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kNow = 20'000 * kMicrosPerDay;

class EngineDamageTest : public testing::Test {
 protected:
  EngineDamageTest() : clock_(kNow), projection_(projections::StandardCatalog().value()) {}

  absl::Status Open() {
    engine_.reset();
    EngineOptions options;
    options.data_directory = folder_.path();
    options.partitions = 1;
    options.disk_reserve_permille = 0;
    // One commit, when it is asked for.
    options.partition.checkpoint_interval = absl::Hours(1);
    options.fatal = [this](const absl::Status& status) {
      absl::MutexLock lock(&mutex_);
      fatal_ = status;
    };
    options.alarm = [this](const std::string& alarm) {
      absl::MutexLock lock(&mutex_);
      alarms_.push_back(alarm);
    };
    options.delete_other_states = serves_;
    auto engine = Engine::Open(options, projection_.get(), &clock_);
    if (engine.ok()) engine_ = *std::move(engine);
    return engine.status();
  }

  void Publish(uint64_t from, uint64_t to) {
    for (uint64_t id = from; id < to; ++id) {
      const v1::Event event = kit::EventOf(
          kit::APurchase().Of(absl::StrCat("c", id % 50)).Id(id).OnDay(19'000).Worth(5, "EUR"));
      ASSERT_OK(
          log::AppendAndWait(engine_->log(), {event.customer_id(), event.SerializeAsString(), {}}));
    }
  }

  // The facts of all that was published, durable.
  std::string Facts() {
    Position end;
    end.next[0] = engine_->log().Range(0)->end;
    EXPECT_OK(engine_->pipeline().WaitFor(end, absl::Now() + absl::Seconds(60)));
    EXPECT_OK(engine_->pipeline().Checkpoint(absl::Now() + absl::Seconds(60)));
    const auto digests = engine_->pipeline().Digest(0, [](absl::string_view, const SetDigest&) {});
    EXPECT_OK(digests);
    return digests.ok() ? digests->facts.Hex() : "none";
  }

  std::string StatePath() const {
    return absl::StrCat(folder_.path(), "/state/", projection_->fold_digest().substr(0, 16), "-",
                        store::kStateFormat);
  }

  // Inverts a byte of each file of the state that is called so and has some size.
  void DamageState(const std::string& ending, uint64_t at_permille, uint64_t size_min) {
    int damaged = 0;
    for (const auto& entry : std::filesystem::directory_iterator(StatePath())) {
      const std::string name = entry.path().filename().string();
      if (name.find(ending) == std::string::npos || entry.file_size() < size_min) continue;
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      const auto at = static_cast<std::streamoff>(entry.file_size() * at_permille / 1000);
      file.seekg(at);
      const int byte = file.get();
      file.seekp(at);
      file.put(static_cast<char>(~byte));
      ++damaged;
    }
    ASSERT_GT(damaged, 0);
  }

  // True once damage has ended the process or set the state aside.
  bool AwaitDamage() {
    const auto is_met = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !fatal_.ok() || std::filesystem::exists(folder_.path() + "/state/damaged/CURRENT");
    };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&is_met), absl::Seconds(60));
  }
  std::vector<std::string> alarms() {
    absl::MutexLock lock(&mutex_);
    return alarms_;
  }
  absl::Status fatal() {
    absl::MutexLock lock(&mutex_);
    return fatal_;
  }

  kit::ScratchFolder folder_;
  // As `rapport serve` opens it; else as a question does.
  bool serves_ = false;
  ManualClock clock_;
  std::unique_ptr<fold::Projection> projection_;
  absl::Mutex mutex_;
  absl::Status fatal_;
  std::vector<std::string> alarms_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineDamageTest, AStateThatCannotBeOpenedIsSetAsideAndFoldedAgain) {
  ASSERT_OK(Open());
  Publish(1, 60);
  const std::string facts = Facts();
  engine_.reset();
  DamageState("MANIFEST", 100, 1);
  ASSERT_OK(Open());
  EXPECT_EQ(Facts(), facts);
  EXPECT_THAT(alarms(), Contains(HasSubstr("STATE_DAMAGED")));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/state/damaged/CURRENT"));
  EXPECT_OK(fatal());
  // Once is enough.
  alarms_.clear();
  ASSERT_OK(Open());
  EXPECT_THAT(alarms(), IsEmpty());
  EXPECT_EQ(Facts(), facts);
}

TEST_F(EngineDamageTest, DamageInRowsIsMetWhenTheyAreReadAndAllIsFoldedAgain) {
  ASSERT_OK(Open());
  Publish(1, 1000);
  const std::string facts = Facts();
  engine_.reset();
  DamageState(".sst", 200, 8000);
  ASSERT_OK(Open());
  // The indexes read all rows: mostly when the state serves already, which ends the process; now
  // and then while it is being opened, which sets it aside at once.
  ASSERT_TRUE(AwaitDamage());
  if (!fatal().ok()) {
    EXPECT_THAT(fatal(), StatusIs(absl::StatusCode::kDataLoss, StatePath()));
    EXPECT_THAT(alarms(), Contains(HasSubstr("The next start sets the state aside")));
    EXPECT_FALSE(engine_->pipeline().Digest(0, [](absl::string_view, const SetDigest&) {}).ok());
    ASSERT_OK(Open());
  }
  EXPECT_EQ(Facts(), facts);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/state/damaged"));
}

TEST_F(EngineDamageTest, AStateThatEndsTheProcessWhenItIsOpenedIsSetAsideTheFourthTime) {
  ASSERT_OK(Open());
  Publish(1, 60);
  const std::string facts = Facts();
  engine_.reset();
  // What three starts leave that did not come to their end.
  std::ofstream(StatePath() + ".opening") << "3";
  ASSERT_OK(Open());
  EXPECT_THAT(alarms(), Contains(HasSubstr("the last 3 starts ended")));
  EXPECT_EQ(Facts(), facts);
  EXPECT_FALSE(std::filesystem::exists(StatePath() + ".opening"));
}

TEST_F(EngineDamageTest, AStateOfOtherRulesStaysUntilTheOneThatServesIsWhole) {
  ASSERT_OK(Open());
  Publish(1, 60);
  const std::string facts = Facts();
  const std::string before = StatePath();
  engine_.reset();
  std::string rules(projections::StandardRulesText());
  rules.replace(rules.find("half_life_days: 364"), 19, "half_life_days: 365");
  projection_ = projections::Catalog(rules, "other.textproto").value();
  ASSERT_OK(Open());
  EXPECT_NE(Facts(), facts);
  EXPECT_NE(StatePath(), before);
  ASSERT_OK(Open());
  EXPECT_TRUE(std::filesystem::exists(before + "/CURRENT")) << "a question deletes nothing";
  const std::string after = StatePath();
  // While it is open it may write files behind who removes them.
  engine_.reset();
  std::filesystem::remove_all(after);
  serves_ = true;
  ASSERT_OK(Open());
  EXPECT_TRUE(std::filesystem::exists(before + "/CURRENT")) << "the new one is not whole yet";
  Facts();
  ASSERT_OK(Open());
  EXPECT_FALSE(std::filesystem::exists(before));
}

TEST_F(EngineDamageTest, ADamagedArchiveIsRefusedAndTheStateKept) {
  ASSERT_OK(Open());
  Publish(1, 60);
  Facts();
  engine_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path() + "/archive")) {
    if (entry.path().extension() != ".log" || entry.file_size() < 1000) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(500);
    file.put('\x7f');
  }
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "/archive/"));
  EXPECT_TRUE(std::filesystem::exists(StatePath() + "/CURRENT"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/state/damaged"));
}

}  // namespace
}  // namespace rapport
