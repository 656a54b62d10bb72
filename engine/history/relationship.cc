#include "engine/history/relationship.h"

#include "engine/base/status_macros.h"

namespace rapport::history {

absl::StatusOr<Relationship> RelationshipReader::Read(absl::string_view customer_id,
                                                      const Viewpoint& viewpoint,
                                                      fold::EvaluateOptions options,
                                                      bool with_facts) const {
  const fold::Projection& rules = RulesOf(viewpoint, *projection_);
  Relationship relationship;
  options.lost = HasLost(customer_id);
  bool past = !viewpoint.known_at.next.empty();
  bool alone = false;
  RETURN_IF_ERROR(reader_->Read(customer_id, [&](const store::CustomerView& view) {
    // What was known at a position may have been taken back since.
    alone = view.links->empty() && !(past && view.has_revisions);
    if (!alone) return;
    relationship.quarantined = view.quarantined;
    options.quarantined = view.quarantined > 0;
    past =
        past || !FoldAlike(*view.folds, rules) || viewpoint.as_of_us < rules.NewestAt(view.facts);
    if (past) return;
    rules.Evaluate(customer_id, view.facts, viewpoint.as_of_us, options, relationship.standing);
    relationship.profile = rules.ProfileOf(view.facts);
    if (with_facts) rules.Encode(view.facts, /*with_offsets=*/true, relationship.facts);
  }));
  if (alone) {
    relationship.group = {std::string(customer_id), {std::string(customer_id)}};
  } else {
    ASSIGN_OR_RETURN(relationship.group, history_->GroupOf(customer_id, viewpoint));
    RETURN_IF_ERROR(ReadGroup(viewpoint, options, with_facts, relationship));
    return relationship;
  }
  if (past) {
    RETURN_IF_ERROR(
        history_->Evaluate(relationship.group, viewpoint, options, relationship.standing,
                           with_facts ? &relationship.facts : nullptr, &relationship.profile));
  }
  return relationship;
}

absl::Status RelationshipReader::ReadGroup(const Viewpoint& viewpoint,
                                           fold::EvaluateOptions options, bool with_facts,
                                           Relationship& relationship) const {
  const fold::Projection& rules = RulesOf(viewpoint, *projection_);
  PastFacts sum(&rules);
  bool past = !viewpoint.known_at.next.empty();
  options.lost = false;
  for (const std::string& member : relationship.group.members) {
    RETURN_IF_ERROR(reader_->Read(member, [&](const store::CustomerView& view) {
      relationship.quarantined += view.quarantined;
      past = past || !FoldAlike(*view.folds, rules);
      if (!past) sum.Add(view.facts);
    }));
    options.lost = options.lost || HasLost(member);
  }
  options.quarantined = relationship.quarantined > 0;
  if (past || viewpoint.as_of_us < rules.NewestAt(sum.get())) {
    return history_->Evaluate(relationship.group, viewpoint, options, relationship.standing,
                              with_facts ? &relationship.facts : nullptr, &relationship.profile);
  }
  rules.Evaluate(relationship.group.survivor, sum.get(), viewpoint.as_of_us, options,
                 relationship.standing);
  relationship.profile = rules.ProfileOf(sum.get());
  if (with_facts) rules.Encode(sum.get(), /*with_offsets=*/true, relationship.facts);
  return absl::OkStatus();
}

absl::StatusOr<ExplainedRelationship> RelationshipReader::Explain(
    absl::string_view customer_id, const Viewpoint& viewpoint,
    absl::Span<const v1::ExplainSubject> subjects) const {
  ExplainedRelationship explained;
  ASSIGN_OR_RETURN(explained.group, history_->GroupOf(customer_id, viewpoint));
  fold::EvaluateOptions options;
  RETURN_IF_ERROR(FindAmiss(explained.group, explained.quarantined, options));
  RETURN_IF_ERROR(
      history_->Explain(explained.group, viewpoint, options, subjects, explained.explanation));
  return explained;
}

absl::StatusOr<RelationshipOverTime> RelationshipReader::Standings(absl::string_view customer_id,
                                                                   const Viewpoint& viewpoint,
                                                                   const StandingsSpan& span,
                                                                   const GoOn& go_on) const {
  RelationshipOverTime over_time;
  ASSIGN_OR_RETURN(over_time.group, history_->GroupOf(customer_id, viewpoint));
  fold::EvaluateOptions options;
  RETURN_IF_ERROR(FindAmiss(over_time.group, over_time.quarantined, options));
  ASSIGN_OR_RETURN(over_time.rows,
                   history_->Standings(over_time.group, viewpoint, options, span, go_on));
  return over_time;
}

absl::Status RelationshipReader::FindAmiss(const Group& group, uint32_t& quarantined,
                                           fold::EvaluateOptions& options) const {
  for (const std::string& member : group.members) {
    RETURN_IF_ERROR(reader_->Read(
        member, [&](const store::CustomerView& view) { quarantined += view.quarantined; }));
    options.lost = options.lost || HasLost(member);
  }
  options.quarantined = quarantined > 0;
  return absl::OkStatus();
}

bool RelationshipReader::HasLost(absl::string_view member) const {
  return archive_->End(reader_->PartitionOfCustomer(member)).complete_from > 0;
}

}  // namespace rapport::history
