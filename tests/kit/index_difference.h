// IndexDifference: whether looking everybody up in the indexes says what evaluating everybody says.
//
//   EXPECT_EQ(kit::IndexDifference(pipeline, reader, as_of_us), "");
//
// Threads: one; nothing is folded meanwhile.
#pragma once

#include <string>

#include "engine/history/relationship.h"
#include "engine/pipeline/pipeline.h"

namespace rapport::kit {

// The first difference in words; empty = there is none.
std::string IndexDifference(const pipeline::Pipeline& pipeline,
                            const history::RelationshipReader& reader, int64_t as_of_us);

}  // namespace rapport::kit
