#include "consumers/support/each_relationship.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"

namespace rapport::support {
namespace {

// So many customers are looked at to tell how many have done something since.
constexpr size_t kLookedAt = 256;
// To read one customer's events costs about as much as to fold so many records in a walk.
constexpr size_t kRecordsOfARead = 100;

// Still to be told of; by their ids.
using Rest = absl::flat_hash_set<std::string>;

// Takes those who are visited out of `rest`. Gives the viewpoint of the walk.
absl::StatusOr<history::Viewpoint> Walk(const BaseQuestion& question,
                                        const fold::EvaluateOptions& options, Rest& rest,
                                        VisitStanding visit) {
  ASSIGN_OR_RETURN(const edge::Turns::Turn turn, question.walks->Take(*question.call));
  const auto rules = question.rules();
  history::Viewpoint viewpoint = question.viewpoint;
  viewpoint.rules = rules;
  ASSIGN_OR_RETURN(const auto walk, question.engine->WalkBase(std::move(viewpoint)));
  std::string survivor;
  v1::Standing standing;
  RETURN_IF_ERROR(
      walk->ForEach(edge::WhileAsked(*question.call), [&](const history::BaseCustomer& one) {
        survivor.assign(one.survivor.data(), one.survivor.size());
        rest.erase(survivor);
        for (const std::string& member : one.members) rest.erase(member);
        standing.Clear();
        rules->Evaluate(survivor, one.facts, question.viewpoint.as_of_us, one.Options(options),
                        standing);
        visit(survivor, standing);
        return absl::OkStatus();
      }));
  return walk->viewpoint();
}

// Those who had done nothing by the moment of the walk: nobody's events are read but of the few who
// may be one with others.
absl::Status VisitRest(const BaseQuestion& question, const Rest& rest,
                       const fold::EvaluateOptions& options, VisitStanding visit) {
  const fold::Projection& rules = *question.viewpoint.rules;
  const history::PastFacts nothing(&rules);
  const pipeline::Pipeline& pipeline = question.engine->pipeline();
  const Position complete = question.engine->CompleteFrom();
  std::vector<std::string> others;
  v1::Standing standing;
  for (const std::string& customer : rest) {
    RETURN_IF_ERROR(edge::CheckAsked(*question.call));
    fold::EvaluateOptions own = options;
    bool alone = false;
    const absl::Status read = pipeline.Read(customer, [&](const store::CustomerView& view) {
      alone = view.links->empty() && !view.has_revisions;
      own.quarantined = view.quarantined > 0;
    });
    // Gone since the ids were told.
    if (absl::IsNotFound(read)) continue;
    RETURN_IF_ERROR(read);
    if (!alone) {
      others.push_back(customer);
      continue;
    }
    own.lost = complete.next.contains(pipeline.PartitionOfCustomer(customer));
    standing.Clear();
    rules.Evaluate(customer, nothing.get(), question.viewpoint.as_of_us, own, standing);
    visit(customer, standing);
  }
  return ForEachRelationship(question, others, /*must_know=*/false, options, visit).status();
}

}  // namespace

absl::StatusOr<Told> ForEachRelationship(const BaseQuestion& question,
                                         const std::vector<std::string>& customers, bool must_know,
                                         const fold::EvaluateOptions& options,
                                         VisitStanding visit) {
  Told told;
  for (const std::string& customer : customers) {
    if (told.contains(customer)) continue;
    if (question.call->cancelled()) return edge::CallerLeft();
    RETURN_IF_ERROR(history::CheckInTime(question.viewpoint));
    auto relationship = question.engine->ReadRelationship(customer, question.viewpoint, options);
    if (absl::IsNotFound(relationship.status()) && !must_know) continue;
    RETURN_IF_ERROR(relationship.status());
    if (relationship->group.is_merged()) {
      told.insert(relationship->group.members.begin(), relationship->group.members.end());
    }
    visit(relationship->group.survivor, relationship->standing);
  }
  return told;
}

bool NeedsWalk(const BaseQuestion& question) {
  return !question.viewpoint.known_at.next.empty() ||
         !fold::FoldAlike(*question.engine->pipeline().folds(), *question.rules());
}

absl::StatusOr<bool> IsWalkCheaper(const BaseQuestion& question,
                                   const std::vector<std::string>& customers) {
  if (question.engine->IsPresent(question.viewpoint)) return false;
  const auto rules = question.rules();
  const size_t step = customers.size() / kLookedAt + 1;
  size_t looked_at = 0;
  size_t to_read = 0;
  for (size_t i = 0; i < customers.size(); i += step, ++looked_at) {
    const absl::Status read =
        question.engine->pipeline().Read(customers[i], [&](const store::CustomerView& view) {
          // Of other rules since they were asked for: told by the archive, too.
          to_read += !fold::FoldAlike(*view.folds, *rules) ||
                     rules->NewestAt(view.facts) > question.viewpoint.as_of_us;
        });
    if (!absl::IsNotFound(read)) RETURN_IF_ERROR(read);
  }
  if (to_read == 0) return false;
  const log::Archive& archive = question.engine->archive();
  size_t records = 0;
  for (Partition partition = 0; partition < archive.partitions(); ++partition) {
    records += static_cast<size_t>(archive.End(partition).next);
  }
  return to_read * customers.size() / looked_at * kRecordsOfARead > records;
}

absl::Status WalkEach(const BaseQuestion& question, const fold::EvaluateOptions& options,
                      VisitStanding visit) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, question.engine->pipeline().CustomerIds());
  Rest rest(std::make_move_iterator(ids.begin()), std::make_move_iterator(ids.end()));
  BaseQuestion walked = question;
  ASSIGN_OR_RETURN(walked.viewpoint, Walk(question, options, rest, visit));
  return VisitRest(walked, rest, options, visit);
}

absl::Status WalkEachThere(const BaseQuestion& question, const fold::EvaluateOptions& options,
                           VisitStanding visit) {
  Rest nobody;
  return Walk(question, options, nobody, visit).status();
}

std::string IndexRulesOf(const history::Viewpoint& viewpoint) {
  return viewpoint.rules == nullptr ? "" : viewpoint.rules->digest();
}

}  // namespace rapport::support
