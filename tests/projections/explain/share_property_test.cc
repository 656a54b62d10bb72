// Shares of random histories: what the parts of events weigh is what the rings read, and nothing of
// a line is lost.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "projections/facts/fold.h"
#include "projections/facts/merge.h"
#include "projections/facts/names.h"
#include "projections/facts/ring.h"
#include "projections/loyalty/share.h"
#include "tests/kit/standard_rules.h"
#include "tests/projections/facts/random_event.h"

namespace rapport::explain {
namespace {

using facts::EventPart;
using facts::Facts;
using facts::Ring;

const kit::StandardRules& Rules() { return kit::WithOwnKinds(); }

struct History {
  Facts facts;
  std::vector<EventPart> parts;
};

History HistoryOf(uint64_t seed, size_t events) {
  std::mt19937_64 random(seed);
  std::vector<kit::EventBuilder> all = facts::RandomEvents(random, events);
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.View().moment() < b.View().moment(); });
  History history;
  for (const kit::EventBuilder& event : all) {
    EventPart& part = history.parts.emplace_back();
    part.moment = event.View().moment();
    facts::Fold(part.facts, event.View(), Rules().fold);
    facts::Fold(history.facts, event.View(), Rules().fold);
  }
  return history;
}

// The ring's value on `day` by the specification, from what its events weigh.
int64_t ReadFromWeights(const History& history, const Ring& whole, int64_t day) {
  const int64_t half_life = Rules().fold.half_life(whole.name);
  std::map<int64_t, uint128> by_epoch;
  for (const EventPart& part : history.parts) {
    const Ring ring = part.facts.rings.Find(whole.name);
    if (ring.buckets.empty()) continue;
    by_epoch[ring.buckets[0].epoch] += facts::RingWeight(ring, whole);
  }
  uint128 sum = 0;
  for (const auto& [epoch, weight] : by_epoch) {
    const int64_t behind = whole.top() - epoch;
    if (behind >= facts::kRingEpochs) {
      EXPECT_EQ(weight, 0u) << "what was dropped weighs";
      continue;
    }
    const uint128 bucket = weight >> (facts::kRingEpochs - 1 - behind);
    sum += bucket >> std::min<int64_t>(63, day / half_life - epoch);
  }
  const auto place = static_cast<uint32_t>(day % half_life * 1024 / half_life);
  return static_cast<int64_t>(sum / Pow2(place));
}

TEST(SharePropertyTest, WeightsOfEventsAddUpToWhatEveryRingReads) {
  int rings = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const History history = HistoryOf(seed, 1 + seed % 80);
    const int64_t newest = facts::DayOf(history.facts.newest_at_us);
    for (const int64_t day : {newest, newest + 40, newest + 400}) {
      for (const Ring ring : history.facts.rings) {
        const int64_t read = RingRead(ring, Rules().fold.half_life(ring.name), day, 1);
        ASSERT_EQ(ReadFromWeights(history, ring, day), read)
            << "seed " << seed << ", " << NameOf(ring.name) << ", day " << day;
        rings += read > 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(rings, 3'000) << "the histories say too little";
}

TEST(SharePropertyTest, PartsOfEventsMergedAreTheFacts) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const History history = HistoryOf(seed, 60);
    Facts merged;
    for (const EventPart& part : history.parts) {
      facts::Merge(merged, part.facts, Rules().fold);
    }
    ASSERT_EQ(facts::BytesOf(merged), facts::BytesOf(history.facts)) << "seed " << seed;
  }
}

TEST(SharePropertyTest, SharesOfEventsAddUpToEveryLineAndLinesToTheScore) {
  std::array<int, loyalty::kLines> moved{};
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const History history = HistoryOf(seed, 1 + seed % 120);
    const int64_t as_of_us =
        history.facts.newest_at_us + static_cast<int64_t>(seed) * 86'400'000'000;
    const facts::Reading reading =
        facts::Read(history.facts, as_of_us, Rules().fold, Rules().evaluate);
    const loyalty::ScoreLines score = loyalty::Score(reading, Rules().evaluate);
    const loyalty::Shares shares = loyalty::ShareOut(score, reading, history.facts, history.parts,
                                                     Rules().fold, Rules().evaluate);
    for (int line = 0; line < loyalty::kLines; ++line) {
      int64_t sum = shares.unshared[line];
      int64_t of_events = 0;
      for (const loyalty::EventShares& event : shares.events) of_events += event.milli[line];
      ASSERT_EQ(sum + of_events, score.milli[line]) << "seed " << seed << ", line " << line + 1;
      ASSERT_TRUE(sum == 0 || of_events == 0) << "a line is split in part";
      moved[line] += of_events != 0 ? 1 : 0;
    }
  }
  for (int line = 0; line < loyalty::kLines - 1; ++line) {
    EXPECT_GT(moved[line], 20) << "line " << line + 1 << " was hardly ever split";
  }
  EXPECT_EQ(moved[v1::SCORE_LINE_LIMIT - 1], 0) << "LIMIT is no event's";
}

}  // namespace
}  // namespace rapport::explain
