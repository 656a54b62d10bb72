// CapsuleWorld: an engine's world whose customers are put into capsules.
//
//   CapsuleWorld world;
//   world.Publish(APurchase().Of("ana").Id(1));
//   EXPECT_TRUE(world.Replayed(world.CapsuleOf("ana").value()).same());
//
// Threads: one. Ownership: owns everything.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/time.h"
#include "engine/capsule/capsule.h"
#include "engine/capsule/replay.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport::capsule {

inline constexpr int kPartitions = 4;
inline constexpr int64_t kDay = 20'000;

inline int64_t At(int64_t day) { return day * kMicrosPerDay; }

class CapsuleWorld : public kit::EngineWorld {
 public:
  CapsuleWorld() : kit::EngineWorld(kPartitions) { EXPECT_OK(Start()); }

  void PublishWith(const std::string& key, const std::string& value,
                   std::vector<std::pair<std::string, std::string>> headers) {
    log().Append({key, value, std::move(headers)}, [](const auto& done) { EXPECT_OK(done); });
  }

  // Of what is in the log by now.
  absl::StatusOr<v1::Capsule> CapsuleOf(const std::string& customer,
                                        int64_t as_of_us = At(kDay + 100),
                                        const Position& known_at = {}) {
    EXPECT_OK(AwaitAll());
    EXPECT_OK(pipeline().Checkpoint(absl::Now() + absl::Seconds(30)));
    history::Viewpoint viewpoint;
    viewpoint.as_of_us = as_of_us;
    viewpoint.known_at = pipeline().Durable();
    for (const auto& [partition, next] : known_at.next) viewpoint.known_at.next[partition] = next;
    viewpoint.rules = {std::shared_ptr<void>(), &projection()};
    const history::History history = History();
    return MakeCapsule({&archive(), &pipeline(), &history, &projection()}, customer, viewpoint,
                       {"the rules", "1.2.3"});
  }

  v1::CapsuleReplay Replayed(const v1::Capsule& capsule) {
    EXPECT_OK(CheckCapsule(capsule));
    absl::StatusOr<v1::CapsuleReplay> replay = ReplayCapsule(capsule, projection());
    EXPECT_OK(replay);
    return *std::move(replay);
  }
};

// What differs, a line each.
inline std::string Differences(const v1::CapsuleReplay& replay) {
  std::string text;
  for (const v1::CapsuleDifference& difference : replay.differences()) {
    absl::StrAppend(&text, difference.field(), ": ", difference.expected(), " -> ",
                    difference.got(), "\n");
  }
  return text;
}

}  // namespace rapport::capsule
