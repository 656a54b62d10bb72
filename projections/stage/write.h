// Writing stage, flags and outlook into a standing, bare or with receipts.
//
//   StageState state = course.At(day);
//   WriteStage(course, day, state, /*receipts=*/true, standing);
//   WriteOutlook(course, standing);
//
// Threads: pure. Errors: none.
#pragma once

#include "projections/stage/course.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::stage {

// Sets stage, stage_reason, stage_rule, purchase_days, last_act_day and, with `flags`, flags.
// Without receipts stage_rule and flags have their names only. `state` may carry FLAG_INCOMPLETE on
// top.
void WriteStage(const Course& course, int64_t day, const facts::StageState& state, bool receipts,
                v1::Standing& standing, bool flags = true);

// Sets outlook, for the day of the reading.
void WriteOutlook(const Course& course, v1::Standing& standing);

// RISING, STEADY or FALLING from the third purchase day on, else unspecified.
v1::Trend TrendOf(const facts::Facts& facts, const facts::Reading& reading,
                  const facts::EvaluateRules& rules);

// The numbers, events and words behind the stage and behind one flag that holds.
void WriteStageReceipt(const Course& course, int64_t day, const facts::StageState& state,
                       v1::Receipt& receipt);
void WriteFlagReceipt(const Course& course, int64_t day, v1::Flag flag, v1::Receipt& receipt);

}  // namespace rapport::stage
