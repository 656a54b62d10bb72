// RunBacktest: the answer of Backtest, from the history that the engine keeps.
//
// The base is walked twice: at the cut, for who had bought and what is said of him, and at the end
// of the horizon, for who has bought since. Under other rules whose facts are others it is walked
// once more. All walks are of one position.
//
// Threads: any. Errors: TIME_OUT_OF_RANGE for a cut or horizon that history does not cover, with
//          what it does; those of WriteBacktest and Engine::WalkBase; CANCELLED and
//          DEADLINE_EXCEEDED as of edge::CheckAsked.
#pragma once

#include <memory>

#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/backtest.pb.h"

namespace rapport::analytics {

struct BacktestOrder {
  // The cut. Has rules, as viewpoints of edge::ViewpointOf do.
  history::Viewpoint cut;
  int64_t horizon_us = 0;
  // Null = no other rules.
  std::shared_ptr<const fold::Projection> other_rules;
};

// INVALID_ARGUMENT when the request's cut and horizon cannot be answered by any history at
// `now_us`.
absl::Status CheckSpan(const v1::BacktestRequest& request, int64_t now_us);

absl::Status RunBacktest(const Engine& engine, const edge::Call& call, BacktestOrder order,
                         v1::Backtest& backtest);

}  // namespace rapport::analytics
