// AskBase: `base score 300 12`: how many customers of the story there are of a group.
//
// Threads: one. Errors: as question.h.
#pragma once

#include "tests/stories/question.h"

namespace rapport::stories {

absl::Status AskBase(const Clause& clause, const View& view, Memory& memory);

}  // namespace rapport::stories
