// Numbers that a story asks for: points of the score and of its lines, shares, days.
//
//   loyalty < before          friction -180 because case C1          share reactive 500
//
// Threads: pure. Errors: as in question.h.
#pragma once

#include <string>

#include "tests/stories/question.h"

namespace rapport::stories {

// `loyalty`, `friction`, `purchase` (days) and so on.
bool IsQuantity(const std::string& word);

// Compares with `<`, `>`, `<=`, `>=`, `=`; without a sign the written digits must be right.
absl::Status AskNumber(const Clause& clause, const View& view, Memory& memory);

// `remember loyalty as before`.
absl::Status Remember(const Clause& clause, const View& view, Memory& memory);

}  // namespace rapport::stories
