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

history::BaseWalk::GoOn WhileAsked(const edge::Call& call) {
  return [&call](int64_t) { return edge::CheckAsked(call); };
}

void AddLine(const history::BaseCustomer& one, const fold::Projection& rules, int64_t as_of_us,
             v1::Standing& standing, BaseLines& lines) {
  standing.Clear();
  rules.Evaluate(one.survivor, one.facts, as_of_us, one.Options(Compared()), standing);
  lines.Add(one.survivor, standing);
}

absl::StatusOr<BaseLines> LinesOf(const Engine& engine, const edge::Call& call, const View& view) {
  ASSIGN_OR_RETURN(const auto walk, engine.WalkBase(view.viewpoint, view.folds));
  BaseLines lines;
  v1::Standing standing;
  RETURN_IF_ERROR(walk->ForEach(WhileAsked(call), [&](const history::BaseCustomer& one) {
    AddLine(one, *view.viewpoint.rules, view.viewpoint.as_of_us, standing, lines);
    return absl::OkStatus();
  }));
  return lines;
}

// Both of the same facts, which are walked once.
absl::Status LinesOfBoth(const Engine& engine, const edge::Call& call, const View& left,
                         const View& right, BaseLines& before, BaseLines& after) {
  ASSIGN_OR_RETURN(const auto walk, engine.WalkBase(left.viewpoint, left.folds));
  v1::Standing standing;
  return walk->ForEach(WhileAsked(call), [&](const history::BaseCustomer& one) {
    AddLine(one, *left.viewpoint.rules, left.viewpoint.as_of_us, standing, before);
    AddLine(one, *right.viewpoint.rules, left.viewpoint.as_of_us, standing, after);
    return absl::OkStatus();
  });
}

bool AreOfSameFacts(const View& left, const View& right) {
  return left.viewpoint.as_of_us == right.viewpoint.as_of_us &&
         left.viewpoint.known_at.next == right.viewpoint.known_at.next && left.folds == right.folds;
}

// Where either side is told by a position, or folds otherwise, both are of one: what comes while
// they are walked is no difference.
void Pin(const Engine& engine, View& left, View& right) {
  const bool is_told = !left.viewpoint.known_at.next.empty() ||
                       !right.viewpoint.known_at.next.empty() || left.folds != right.folds;
  if (!is_told) return;
  const Position applied = engine.pipeline().Applied();
  for (View* view : {&left, &right}) {
    view->viewpoint.known_at.log = applied.log;
    view->viewpoint.known_at.next.insert(applied.next.begin(), applied.next.end());
  }
}

// Whole, with what decided; nothing when it is not of the view.
absl::Status Show(const Engine& engine, const View& view, const std::string& customer,
                  v1::Standing* (v1::DifferenceSample::*mutable_standing)(),
                  v1::DifferenceSample& sample) {
  const fold::Projection& folds = view.folds == nullptr ? engine.projection() : *view.folds;
  const history::History history(&engine.archive(), &folds, &engine.pipeline());
  const history::RelationshipReader reader(&engine.archive(), &folds, &engine.pipeline(), &history);
  fold::EvaluateOptions options;
  options.next_change = false;
  absl::StatusOr<Relationship> read = reader.Read(customer, view.viewpoint, options);
  // Gone since it was walked.
  if (absl::IsNotFound(read.status())) return absl::OkStatus();
  RETURN_IF_ERROR(read.status());
  Relationship& one = *read;
  bool is_known = false;
  for (const std::string& member : one.group.members) {
    ASSIGN_OR_RETURN(const auto events, history.Events(member, view.viewpoint));
    is_known = is_known || !events.empty();
  }
  if (is_known && one.group.survivor == customer) {
    *(sample.*mutable_standing)() = std::move(one.standing);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CompareViews(const Engine& engine, const edge::Call& call, View left, View right,
                          const Shown& shown, v1::BaseDifference& difference) {
  BaseLines before, after;
  Pin(engine, left, right);
  *difference.mutable_left()->mutable_info() = edge::AnswerInfoOf(engine, left.viewpoint);
  *difference.mutable_right()->mutable_info() = edge::AnswerInfoOf(engine, right.viewpoint);
  if (AreOfSameFacts(left, right)) {
    RETURN_IF_ERROR(LinesOfBoth(engine, call, left, right, before, after));
  } else {
    ASSIGN_OR_RETURN(before, LinesOf(engine, call, left));
    ASSIGN_OR_RETURN(after, LinesOf(engine, call, right));
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
