// What whoever watches the process is told of a partition.
#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "tests/engine/pipeline/one_partition.h"

namespace rapport::pipeline {
namespace {

class WatchedPartitionTest : public OnePartition {};

int64_t TotalOf(const Durations& durations) {
  const Durations::Sight sight = durations.Look();
  return std::accumulate(sight.counts.begin(), sight.counts.end(), int64_t{0});
}

TEST_F(WatchedPartitionTest, WhatGoesIntoQuarantineIsCountedByReason) {
  Publish(3);
  PublishRaw("c1", "\x0a\xff");
  PublishRaw("c2", "\x0a\xff");
  Open();
  EXPECT_TRUE(pipeline_->quarantined().empty());
  FoldAll();
  const std::map<Reason, int64_t> quarantined = pipeline_->quarantined();
  EXPECT_EQ(quarantined, (std::map<Reason, int64_t>{{Reason::kPayloadMalformed, 2}}));
}

TEST_F(WatchedPartitionTest, LagIsHowManyAndSinceWhenAtMost) {
  Publish(10);
  clock_.Advance(7'000'000);
  Open();
  const auto lag = [this] { return pipeline_->Lags({log_.Range(0)->end})[0]; };
  EXPECT_EQ(lag().events, 10);
  EXPECT_EQ(lag().micros, 0) << "of what was there before it was looked at nothing is known";
  FoldAll();
  EXPECT_EQ(lag().events, 0);
  EXPECT_EQ(lag().micros, 0);
  clock_.Advance(60'000'000);
  Step();  // Sees that there is no more.
  clock_.Advance(2'000'000);
  Publish(25);
  clock_.Advance(1'000'000);
  EXPECT_EQ(lag().events, 25);
  EXPECT_EQ(lag().micros, 3'000'000) << "none was there when it was looked at last";
  while (progress().applied < 20) Step();
  EXPECT_GT(lag().events, 0);
  EXPECT_EQ(lag().micros, 1'000'000) << "none came before what was folded last";
  FoldAll();
  EXPECT_EQ(lag().micros, 0);
}

TEST_F(WatchedPartitionTest, FoldsAndCheckpointsAreTimed) {
  Publish(10);
  Open();
  FoldAll();
  EXPECT_EQ(TotalOf(pipeline_->durations().folds), 1);
  EXPECT_EQ(TotalOf(pipeline_->durations().checkpoints), 1);
}

}  // namespace
}  // namespace rapport::pipeline
