// FillRebuild: how a rebuild is, as answers tell it.
//
// Threads: pure.
#pragma once

#include "engine/engine.h"
#include "rapport/v1/operation.pb.h"

namespace rapport::operations {

// At `now_us`, which its pace is of while it goes on. Rules that `rebuild` names stay named.
void FillRebuild(const pipeline::RebuildStatus& status, int64_t now_us, v1::Rebuild& rebuild);

}  // namespace rapport::operations
