// IndexDifference: whether looking everybody up in the indexes says what evaluating everybody says.
//
//   EXPECT_EQ(kit::IndexDifference(pipeline, history, projection, as_of_us), "");
//
// Threads: one; nothing is folded meanwhile.
#pragma once

#include <string>

#include "engine/history/history.h"
#include "engine/pipeline/pipeline.h"

namespace rapport::kit {

// The first difference in words; empty = there is none.
std::string IndexDifference(const pipeline::Pipeline& pipeline, const history::History& history,
                            const fold::Projection& projection, int64_t as_of_us);

}  // namespace rapport::kit
