// Power cuts under the echo: whenever they come, each event that concerns a second customer reaches
// it, and none does twice.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/event/kinds.h"
#include "engine/event/twin.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::AnEvent;
using kit::EngineWorld;
using kit::EventBuilder;

constexpr int kPairs = 60;

class EchoCrashTest : public testing::TestWithParam<uint64_t> {
 protected:
  // One act of the pair `number`: A refers B, B buys, A answers B. In a random order, some twice.
  void PublishOne(std::mt19937_64& random) {
    const uint64_t act = random() % (kPairs * 3);
    acts_.insert(act);
    const uint64_t number = act / 3;
    const std::string a = absl::StrCat("a", number), b = absl::StrCat("b", number);
    EventBuilder event = AnEvent(v1::KIND_PURCHASE_MADE);
    if (act % 3 == 0) {
      event = AnEvent(v1::KIND_REFERRAL_MADE).Of(a).Set("referral", "R").Set("referred", b);
    } else if (act % 3 == 1) {
      event.Of(b).Key("O").Worth(5, "EUR");
    } else {
      event = AnEvent(v1::KIND_COMMUNITY_ACTED).Of(a).Key("forum").Set("request", "Q");
      event.Set("form", v1::COMMUNITY_FORM_ANSWERED).Set("asker", b);
    }
    event.Id(1 + act).OnDay(20'000 + static_cast<int64_t>(act));
    world_.Publish(event);
  }

  // `customer Kind` -> the different ones that the log holds.
  std::map<std::string, std::set<std::string>> TwinsInLog() {
    std::map<std::string, std::set<std::string>> twins;
    for (Partition p = 0; p < world_.log().partitions(); ++p) {
      const auto reader = world_.log().NewReader(p, 0).value();
      const Offset end = world_.log().Range(p)->end;
      for (Offset next = 0; next < end;) {
        const RecordBatch batch = reader->Read(1000, absl::ZeroDuration()).value();
        next = batch.next;
        for (const RecordView& record : batch.records) {
          v1::Event event;
          EXPECT_TRUE(event.ParseFromString(std::string(record.value)));
          if (event.source() != event::kEchoSource) continue;
          twins[absl::StrCat(event.customer_id(), " ", event::FindKind(event.kind())->name)].insert(
              std::string(record.value));
        }
      }
    }
    return twins;
  }

  EngineWorld world_{3};
  // Each is 3 * pair + act.
  std::set<uint64_t> acts_;
};

TEST_P(EchoCrashTest, EachTwinReachesTheLogAndIsFoldedOnce) {
  std::mt19937_64 random(GetParam());
  world_.options().checkpoint_interval = absl::Milliseconds(static_cast<int64_t>(random() % 4));
  world_.options().batch_records_max = 1 + random() % 40;
  world_.echo() = true;
  ASSERT_OK(world_.Start());
  for (int life = 0; life < 6; ++life) {
    for (int i = 0; i < 40; ++i) PublishOne(random);
    // allow: sleep, because when the power is cut is what the seed decides
    absl::SleepFor(absl::Microseconds(random() % 8000));
    world_.Crash(random());
    ASSERT_OK(world_.Start());
  }
  ASSERT_OK(world_.AwaitEchoes());
  std::set<std::string> wanted;
  for (const uint64_t act : acts_) {
    const uint64_t number = act / 3;
    if (act % 3 == 0) wanted.insert(absl::StrCat("b", number, " ReferralReceived"));
    if (act % 3 == 2) wanted.insert(absl::StrCat("b", number, " QuestionAnswered"));
    if (act % 3 == 1 && acts_.contains(act - 1)) {
      wanted.insert(absl::StrCat("a", number, " ReferralConverted"));
    }
  }
  std::set<std::string> found;
  for (const auto& [name, contents] : TwinsInLog()) {
    found.insert(name);
    EXPECT_EQ(contents.size(), 1u) << name << " says two things";
  }
  EXPECT_EQ(found, wanted);
  const store::EventCounters counters = world_.pipeline().counters();
  EXPECT_EQ(counters.folded, static_cast<int64_t>(acts_.size() + wanted.size()));
  EXPECT_EQ(counters.conflicts, 0);
  EXPECT_EQ(counters.rejected, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EchoCrashTest, testing::Range<uint64_t>(1, 25));

}  // namespace
}  // namespace rapport::pipeline
