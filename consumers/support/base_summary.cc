#include "consumers/support/base_summary.h"

#include "engine/base/status_macros.h"
#include "engine/model/index_row.h"

namespace rapport::support {
namespace {

absl::Status SummarizeWalk(const BaseQuestion& question, const BaseGroups& groups,
                           v1::SummarizeBaseResponse& response) {
  BaseCounts counts;
  RETURN_IF_ERROR(WalkEachThere(
      question.OfAWalk(), BareStanding(groups.has(v1::BASE_GROUP_FOLLOW_UP)),
      [&counts](const std::string&, const v1::Standing& standing) { counts.Add(standing); }));
  counts.Write(groups, response);
  return absl::OkStatus();
}

}  // namespace

absl::Status SummarizeAll(const BaseQuestion& question, const BaseGroups& groups,
                          v1::SummarizeBaseResponse& response) {
  const history::Viewpoint& viewpoint = question.viewpoint;
  if (!groups.AreLookedUp() || !question.engine->IsPresent(viewpoint) || NeedsWalk(question)) {
    return SummarizeWalk(question, groups, response);
  }
  const auto all = [](absl::string_view) { return store::WantedRows(); };
  ASSIGN_OR_RETURN(const store::IndexSight sight,
                   question.engine->pipeline().ReadIndex(viewpoint.as_of_us, /*limit=*/0, all,
                                                         IndexRulesOf(viewpoint)));
  BaseCounts counts;
  const auto add = [&counts](const std::string&, const v1::Standing& one) { counts.Add(one); };
  RETURN_IF_ERROR(ForEachRelationship(question, sight.unsure, /*must_know=*/false,
                                      BareStanding(groups.has(v1::BASE_GROUP_FOLLOW_UP)), add)
                      .status());
  for (const auto& [text, count] : sight.counts) {
    if (const auto stage = StageOfRowName(text)) counts.AddStage(*stage, count);
    if (const auto flag = FlagOfRowName(text)) counts.AddFlag(*flag, count);
    if (const auto name = FollowUpRowName::Parse(text)) {
      counts.AddFollowUps(name->policy, name->status, count);
    }
  }
  counts.Write(groups, response);
  return absl::OkStatus();
}

}  // namespace rapport::support
