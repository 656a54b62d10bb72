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

absl::Status SummarizeWalk(const Engine& engine, const history::Viewpoint& viewpoint,
                           const BaseGroups& groups, v1::SummarizeBaseResponse& response) {
  ASSIGN_OR_RETURN(const auto walk, engine.WalkBase(viewpoint));
  const auto rules = viewpoint.rules == nullptr ? engine.rules() : viewpoint.rules;
  const fold::EvaluateOptions options = BareStanding(groups.has(v1::BASE_GROUP_FOLLOW_UP));
  const auto go_on = [&viewpoint](Partition, int64_t) { return history::CheckInTime(viewpoint); };
  BaseCounts counts;
  v1::Standing standing;
  RETURN_IF_ERROR(walk->ForEach(go_on, [&](const history::BaseCustomer& one) {
    standing.Clear();
    rules->Evaluate(one.survivor, one.facts, viewpoint.as_of_us, one.Options(options), standing);
    counts.Add(standing);
    return absl::OkStatus();
  }));
  counts.Write(groups, response);
  return absl::OkStatus();
}

}  // namespace

absl::Status SummarizeAll(const Engine& engine, const history::Viewpoint& viewpoint,
                          const BaseGroups& groups, v1::SummarizeBaseResponse& response) {
  if (!groups.AreLookedUp() || !engine.IsPresent(viewpoint)) {
    return SummarizeWalk(engine, viewpoint, groups, response);
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
