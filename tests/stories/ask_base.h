// AskBase: `base score 300 12`: how many customers of the story there are of a group.
//
// Threads: one. Errors: as question.h.
#pragma once

#include <vector>

#include "tests/stories/question.h"

namespace rapport::stories {

// How a reader is told of customers with these standings.
v1::SummarizeBaseResponse Summarized(const std::vector<v1::Standing>& standings);

absl::Status AskBase(const Clause& clause, const View& view, Memory& memory);

}  // namespace rapport::stories
