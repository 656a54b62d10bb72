// Questions about reports and insights: a table, a row by its first words, columns and values.
//
//   report channels PHONE touches 3 wait 200      report referrals per_1000_transactions 30
//   insight needs delivery heard 3                no report proof ana
//
// Without a row it is the total. Threads: pure. Errors: as in question.h.
#pragma once

#include "tests/stories/question.h"

namespace rapport::stories {

absl::Status AskReport(const Clause& clause, const View& view, Memory& memory);

}  // namespace rapport::stories
