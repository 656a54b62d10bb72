#include "consumers/support/base_summary.h"

#include "consumers/support/each_relationship.h"
#include "engine/base/status_macros.h"
#include "engine/model/index_row.h"

namespace rapport::support {
namespace {

absl::Status AddEach(const Engine& engine, const std::vector<std::string>& customers,
                     const history::Viewpoint& viewpoint, const BaseGroups& groups,
                     BaseCounts& counts) {
  const auto add = [&counts](const Relationship& one) { counts.Add(one.standing); };
  return ForEachRelationship(engine, customers, /*must_know=*/false, viewpoint,
                             BareStanding(groups.has(v1::BASE_GROUP_FOLLOW_UP)), add)
      .status();
}

}  // namespace

absl::Status SummarizeEach(const Engine& engine, const std::vector<std::string>& customers,
                           const history::Viewpoint& viewpoint, const BaseGroups& groups,
                           v1::SummarizeBaseResponse& response) {
  BaseCounts counts;
  RETURN_IF_ERROR(AddEach(engine, customers, viewpoint, groups, counts));
  counts.Write(groups, response);
  return absl::OkStatus();
}

absl::Status SummarizeAll(const Engine& engine, const history::Viewpoint& viewpoint,
                          const BaseGroups& groups, v1::SummarizeBaseResponse& response) {
  if (!viewpoint.known_at.next.empty() || !groups.AreLookedUp()) {
    ASSIGN_OR_RETURN(const auto customers, engine.pipeline().CustomerIds());
    return SummarizeEach(engine, customers, viewpoint, groups, response);
  }
  const auto all = [](absl::string_view) { return store::WantedRows(); };
  ASSIGN_OR_RETURN(
      const store::IndexSight sight,
      engine.pipeline().ReadIndex(viewpoint.as_of_us, /*limit=*/0, all, IndexRulesOf(viewpoint)));
  BaseCounts counts;
  RETURN_IF_ERROR(AddEach(engine, sight.unsure, viewpoint, groups, counts));
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
