// What a story asks about follow-ups.
//
//   owed complaint_resolve by 2024-03-06 10:00 because case C1
//   done answer with QuestionAnswered Q1        suppressed lead_ask by OPEN_CASE
//   not owed win_back                           no follow-up greeting
//
// `owed` is due or overdue. Narrowed by: `for KEY`, `opened`, `from`, `by`, `until` and a moment,
// `to DEPARTMENT`, `assigned AGENT`, `through CHANNEL`, `priority N`, `carrying [N] NAME KEY` (what
// it shows, exactly N times), `outranked [by POLICY]` (what took the last place of the budget), and
// last `with KIND [KEY]`, what closed it. Without `for` or `because`, `done` also says that none of
// the policy is owed any more.
//
// Threads: pure. Errors: as in question.h.
#pragma once

#include "tests/stories/question.h"

namespace rapport::stories {

absl::Status AskFollowUp(const Clause& clause, const View& view, Memory& memory);

}  // namespace rapport::stories
