// BaseSummary: how many customers there are of each stage, score band, type, mode and flag, and how
// much is owed to them.
//
//   ASSIGN_OR_RETURN(BaseGroups groups, BaseGroups::Of(request));
//   RETURN_IF_ERROR(SummarizeAll(question, groups, response));
//   HideSmallGroups(response);
//
// Stages, flags and follow-ups of the present are rows of the engine's indexes: only whom the index
// is not sure of is evaluated. Scores, types and modes drift every day and have no rows: whoever
// asks for one of them has everybody evaluated. Both ways give the same answer. The past is walked,
// and so is the base under rules that fold otherwise; who had done nothing by then is not counted.
// base_counts.h counts.
//
// Threads: pure, any thread. Errors: those of each_relationship.h.
#pragma once

#include "absl/status/status.h"
#include "consumers/support/base_counts.h"
#include "consumers/support/each_relationship.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

// Fills in the groups and the number of customers.
absl::Status SummarizeAll(const BaseQuestion& question, const BaseGroups& groups,
                          v1::SummarizeBaseResponse& response);

}  // namespace rapport::support
