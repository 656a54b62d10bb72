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
// Lines of the score that a word stands for, none of another word; `sentiment` is the good and the
// bad.
std::vector<v1::ScoreLine> LinesOf(const std::string& word);

// True when the number is as `written`: equal as far as digits are written, the rest cut off.
bool EqualsAsWritten(int64_t is, const std::string& written, int64_t expected);

bool IsQuantity(const std::string& word);

// Compares with `<`, `>`, `<=`, `>=`, `=`; without a sign the written digits must be right.
absl::Status AskNumber(const Clause& clause, const View& view, Memory& memory);

// `remember loyalty as before`.
absl::Status Remember(const Clause& clause, const View& view, Memory& memory);

}  // namespace rapport::stories
