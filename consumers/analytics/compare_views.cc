#include "consumers/analytics/compare_views.h"

#include <utility>

#include "consumers/analytics/base_difference.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"

namespace rapport::analytics {
namespace {

fold::EvaluateOptions Compared() {
  fold::EvaluateOptions options;
  options.next_change = false;
  options.receipts = false;
  return options;
}

void AddLine(const history::BaseCustomer& one, const fold::Projection& rules, int64_t as_of_us,
             v1::Standing& standing, BaseLines& lines) {
  standing.Clear();
  rules.Evaluate(one.survivor, one.facts, as_of_us, one.Options(Compared()), standing);
  lines.Add(one.survivor, standing);
}

absl::StatusOr<BaseLines> LinesOf(const history::BaseWalk& walk, const edge::Call& call,
                                  const history::Viewpoint& view) {
  BaseLines lines;
  v1::Standing standing;
  RETURN_IF_ERROR(walk.ForEach(edge::WhileAsked(call), [&](const history::BaseCustomer& one) {
    AddLine(one, *view.rules, view.as_of_us, standing, lines);
    return absl::OkStatus();
  }));
  return lines;
}

// Both of the same facts, which are walked once.
absl::Status LinesOfBoth(const Engine& engine, const edge::Call& call,
                         const history::Viewpoint& left, const history::Viewpoint& right,
                         BaseLines& before, BaseLines& after) {
  ASSIGN_OR_RETURN(const auto walk, engine.WalkBase(left));
  call.Expect(walk->Total());
  v1::Standing standing;
  return walk->ForEach(edge::WhileAsked(call), [&](const history::BaseCustomer& one) {
    AddLine(one, *left.rules, left.as_of_us, standing, before);
    AddLine(one, *right.rules, left.as_of_us, standing, after);
    return absl::OkStatus();
  });
}

bool AreOfSameFacts(const history::Viewpoint& left, const history::Viewpoint& right) {
  return left.as_of_us == right.as_of_us && left.known_at.next == right.known_at.next &&
         fold::FoldAlike(*left.rules, *right.rules);
}

// Where either side is told by a position, or both fold otherwise, both are of one: what comes
// while they are walked is no difference.
void Pin(const Engine& engine, history::Viewpoint& left, history::Viewpoint& right) {
  const bool is_told = !left.known_at.next.empty() || !right.known_at.next.empty() ||
                       !fold::FoldAlike(*left.rules, *right.rules);
  if (!is_told) return;
  const Position applied = engine.pipeline().Applied();
  for (history::Viewpoint* view : {&left, &right}) {
    view->known_at.log = applied.log;
    view->known_at.next.insert(applied.next.begin(), applied.next.end());
  }
}

// Whole, with what decided; nothing when it is not of the view.
absl::Status Show(const Engine& engine, const history::Viewpoint& view, const std::string& customer,
                  v1::Standing* (v1::DifferenceSample::*mutable_standing)(),
                  v1::DifferenceSample& sample) {
  fold::EvaluateOptions options;
  options.next_change = false;
  absl::StatusOr<Relationship> read = engine.ReadRelationship(customer, view, options);
  // Gone since it was walked.
  if (absl::IsNotFound(read.status())) return absl::OkStatus();
  RETURN_IF_ERROR(read.status());
  Relationship& one = *read;
  bool is_known = false;
  for (const std::string& member : one.group.members) {
    ASSIGN_OR_RETURN(const auto events, engine.history().Events(member, view));
    is_known = is_known || !events.empty();
  }
  if (is_known && one.group.survivor == customer) {
    *(sample.*mutable_standing)() = std::move(one.standing);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CompareViews(const Engine& engine, const edge::Call& call, history::Viewpoint left,
                          history::Viewpoint right, const Shown& shown,
                          v1::BaseDifference& difference) {
  BaseLines before, after;
  Pin(engine, left, right);
  *difference.mutable_left()->mutable_info() = edge::AnswerInfoOf(engine, left);
  *difference.mutable_right()->mutable_info() = edge::AnswerInfoOf(engine, right);
  if (AreOfSameFacts(left, right)) {
    RETURN_IF_ERROR(LinesOfBoth(engine, call, left, right, before, after));
  } else {
    ASSIGN_OR_RETURN(const auto left_walk, engine.WalkBase(left));
    ASSIGN_OR_RETURN(const auto right_walk, engine.WalkBase(right));
    call.Expect(left_walk->Total());
    call.Expect(right_walk->Total());
    ASSIGN_OR_RETURN(before, LinesOf(*left_walk, call, left));
    ASSIGN_OR_RETURN(after, LinesOf(*right_walk, call, right));
  }
  const BaseDifference found(std::move(before), std::move(after));
  found.Write(shown.customer_ids, difference);
  for (const std::string& customer : found.Samples(shown.samples)) {
    v1::DifferenceSample& sample = *difference.add_samples();
    sample.set_customer_id(customer);
    RETURN_IF_ERROR(Show(engine, left, customer, &v1::DifferenceSample::mutable_left, sample));
    RETURN_IF_ERROR(Show(engine, right, customer, &v1::DifferenceSample::mutable_right, sample));
  }
  return absl::OkStatus();
}

}  // namespace rapport::analytics
