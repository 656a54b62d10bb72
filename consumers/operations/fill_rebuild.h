// FillRebuild: how a rebuild is, as answers tell it.
//
// Threads: pure.
#pragma once

#include "engine/engine.h"
#include "rapport/v1/operations.pb.h"

namespace rapport::operations {

void FillRebuild(const pipeline::RebuildStatus& status, v1::Rebuild& rebuild);

}  // namespace rapport::operations
