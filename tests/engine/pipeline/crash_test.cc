// Power cuts under the pipeline: what comes back is the fold of a prefix of the log, and after
// catching up the digests are those of a life without cuts.
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EngineWorld;

// A purchase, complaint step or outreach of one of a few customers, some of them doubled, some bad.
void PublishSome(EngineWorld& world, std::mt19937_64& random, uint64_t& next_id, int count) {
  for (int i = 0; i < count; ++i) {
    const bool again = next_id > 1 && random() % 8 == 0;
    const uint64_t id = again ? 1 + random() % (next_id - 1) : next_id++;
    // An id decides its event, so a second copy is a duplicate.
    const std::string customer = absl::StrCat("c", id % 17);
    const auto day = static_cast<int64_t>(20000 + id * 7919 % 90);
    if (random() % 50 == 0) world.PublishRaw(customer, "\xff\xff");
    switch (id % 3) {
      case 0:
        world.Publish(APurchase().Of(customer).Id(id).OnDay(day).Key("o").Worth(5, "EUR"));
        break;
      case 1:
        world.Publish(AnEvent(v1::KIND_COMPLAINT_RAISED).Of(customer).Id(id).OnDay(day).Key("k"));
        break;
      default:
        world.Publish(AnEvent(v1::KIND_OUTREACH_MADE)
                          .Of(customer)
                          .Id(id)
                          .OnDay(day)
                          .Key("u")
                          .Set("purpose", v1::OUTREACH_PURPOSE_CHECK));
    }
  }
}

class CrashTest : public testing::TestWithParam<uint64_t> {};

TEST_P(CrashTest, EveryPowerCutLeavesAPrefixAndNothingIsLostOrDoubled) {
  const uint64_t seed = GetParam();
  std::mt19937_64 random(seed);
  const int partitions = 1 + static_cast<int>(seed % 3);
  EngineWorld world(partitions);
  world.options().checkpoint_interval = absl::Milliseconds(static_cast<int64_t>(random() % 4));
  world.options().batch_records_max = 1 + random() % 40;
  world.options().memory_bytes = seed % 3 == 0 ? 1 : size_t{1} << 30;
  uint64_t next_id = 1;
  for (int life = 0; life < 4; ++life) {
    PublishSome(world, random, next_id, 150);
    ASSERT_OK(world.Start());
    PublishSome(world, random, next_id, 150);
    // allow: sleep, because when the power is cut is what the seed decides
    absl::SleepFor(absl::Microseconds(random() % 8000));
    world.Crash(random());
    ASSERT_OK(world.Start());
    for (Partition partition = 0; partition < partitions; ++partition) {
      const auto digests = world.DurableDigest(partition);
      ASSERT_OK(digests);
      EXPECT_EQ(digests->facts.Hex(), world.FactsOfPrefix(partition, digests->next))
          << "seed " << seed << ", life " << life << ", partition " << partition << " at "
          << digests->next;
    }
    ASSERT_OK(world.AwaitAll());
    world.Stop();
  }
  ASSERT_OK(world.Start());
  const kit::WorldDigests lived = world.Digests();
  const store::EventCounters counters = world.pipeline().counters();
  EXPECT_EQ(counters.archived, counters.folded + counters.duplicates + counters.conflicts +
                                   counters.rejected + counters.not_folded);
  EXPECT_EQ(counters.folded, static_cast<int64_t>(next_id - 1));
  world.Stop();
  world.LoseState();
  ASSERT_OK(world.Start());
  EXPECT_EQ(world.Digests(), lived) << "rebuilt from the archive, seed " << seed;
}

INSTANTIATE_TEST_SUITE_P(Seeds, CrashTest, testing::Range<uint64_t>(1, 13));

}  // namespace
}  // namespace rapport::pipeline
