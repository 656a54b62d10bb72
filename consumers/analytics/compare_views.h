// CompareViews: the answers of Diff and WhatIf.
//
// Threads: any. Errors: those of Engine::WalkBase and of a walk; CANCELLED when the caller has
//          left; DEADLINE_EXCEEDED (DEADLINE_PASSED) when he waits no longer.
#pragma once

#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/difference.pb.h"

namespace rapport::analytics {

// One view of the base.
struct View {
  // Has rules, as those of edge::ViewpointOf do.
  history::Viewpoint viewpoint;
  // What folds; null = the engine's own. Outlives the call.
  const fold::Projection* folds = nullptr;
};

// How much is shown.
struct Shown {
  size_t samples = 0;
  size_t customer_ids = 0;
};

absl::Status CompareViews(const Engine& engine, const edge::Call& call, View left, View right,
                          const Shown& shown, v1::BaseDifference& difference);

}  // namespace rapport::analytics
