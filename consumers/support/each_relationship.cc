#include "consumers/support/each_relationship.h"

#include "engine/base/status_macros.h"

namespace rapport::support {

absl::StatusOr<Told> ForEachRelationship(const Engine& engine,
                                         const std::vector<std::string>& customers, bool must_know,
                                         const history::Viewpoint& viewpoint,
                                         const fold::EvaluateOptions& options,
                                         absl::FunctionRef<void(Relationship&)> visit) {
  Told told;
  for (const std::string& customer : customers) {
    if (told.contains(customer)) continue;
    RETURN_IF_ERROR(history::CheckInTime(viewpoint));
    auto relationship = engine.ReadRelationship(customer, viewpoint, options);
    if (absl::IsNotFound(relationship.status()) && !must_know) continue;
    RETURN_IF_ERROR(relationship.status());
    if (relationship->group.is_merged()) {
      told.insert(relationship->group.members.begin(), relationship->group.members.end());
    }
    visit(*relationship);
  }
  return told;
}

std::string IndexRulesOf(const history::Viewpoint& viewpoint) {
  return viewpoint.rules == nullptr ? "" : viewpoint.rules->digest();
}

}  // namespace rapport::support
