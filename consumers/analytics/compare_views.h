// CompareViews: the answers of Diff and WhatIf.
//
// Threads: any. Errors: those of Engine::WalkBase and of a walk; CANCELLED when the caller has
//          left; DEADLINE_EXCEEDED (DEADLINE_PASSED) when he waits no longer.
#pragma once

#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/difference.pb.h"

namespace rapport::analytics {

// How much is shown.
struct Shown {
  size_t samples = 0;
  size_t customer_ids = 0;
};

// REQUIRES: both viewpoints have rules, as those of edge::ViewpointOf do.
absl::Status CompareViews(const Engine& engine, const edge::Call& call, history::Viewpoint left,
                          history::Viewpoint right, const Shown& shown,
                          v1::BaseDifference& difference);

}  // namespace rapport::analytics
