#include "consumers/support/base_list.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/model/index_row.h"

namespace rapport::support {
namespace {

// Of a walk no more lines are kept than twice those that the page needs, and so many.
constexpr size_t kCutAt = 1024;

template <typename Values, typename Value>
bool Contains(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// A filter without values lets all pass.
template <typename Values, typename Value>
bool Passes(const Values& values, const Value& value) {
  return values.empty() || Contains(values, value);
}

bool IsOwed(v1::FollowUpStatus status) {
  return status == v1::FOLLOW_UP_STATUS_DUE || status == v1::FOLLOW_UP_STATUS_OVERDUE;
}

// All but when it is due.
bool Asked(const v1::ListFollowUpsRequest& request, v1::FollowUpStatus status,
           const std::string& policy, const std::string& department) {
  const bool status_passes = request.statuses().empty()
                                 ? IsOwed(status)
                                 : Contains(request.statuses(), static_cast<int>(status));
  return status_passes && Passes(request.policies(), policy) &&
         Passes(request.departments(), department);
}

// Where a row stands in the list; when it is due is its key.
store::WantedRows OrderOf(v1::FollowUpOrder order, v1::FollowUpStatus status, uint32_t priority) {
  if (order == v1::FOLLOW_UP_ORDER_BY) return {0, priority, INT64_MAX};
  if (order == v1::FOLLOW_UP_ORDER_PRIORITY) return {priority, 0, INT64_MAX};
  // What needs doing first: of what is overdue the most urgent, then what is due soonest.
  const bool overdue = status == v1::FOLLOW_UP_STATUS_OVERDUE;
  return {overdue ? int64_t{priority} - (int64_t{1} << 32) : 0, priority, INT64_MAX};
}

store::SeenRow PlaceOf(v1::FollowUpOrder by, const std::string& customer,
                       const v1::FollowUp& follow_up) {
  const store::WantedRows order = OrderOf(by, follow_up.status(), follow_up.priority());
  return {order.group, follow_up.by_us(), order.weight, customer};
}

// One place of the list; those of the index are evaluated when they are shown.
struct Line {
  store::SeenRow place;
  std::optional<v1::CustomerFollowUp> entry;
};

bool ComesFirst(const Line& a, const Line& b) {
  if (a.place != b.place) return a.place < b.place;
  if (!a.entry.has_value() || !b.entry.has_value()) return false;
  return a.entry->follow_up().name() < b.entry->follow_up().name();
}

// Rows of an index say nothing of agents, nor of a customer's stage.
bool NeedsEvaluating(const v1::ListFollowUpsRequest& request) {
  return !request.assignees().empty() || !request.stages().empty();
}

bool IsDueWithin(const v1::ListFollowUpsRequest& request, int64_t by_us) {
  return (!request.has_due_to_us() || by_us <= request.due_to_us()) &&
         (!request.has_due_from_us() || by_us >= request.due_from_us());
}

// Adds what is owed of what is asked for.
void AddLines(const v1::ListFollowUpsRequest& request, const std::string& customer,
              v1::Standing& standing, std::vector<Line>& lines) {
  if (!Passes(request.stages(), static_cast<int>(standing.stage()))) return;
  for (v1::FollowUp& follow_up : *standing.mutable_follow_ups()) {
    if (!Asked(request, follow_up.status(), follow_up.policy(), follow_up.department())) continue;
    if (!Passes(request.assignees(), follow_up.assignee())) continue;
    if (!IsDueWithin(request, follow_up.by_us())) continue;
    Line line{PlaceOf(request.order(), customer, follow_up), v1::CustomerFollowUp()};
    line.entry->set_customer_id(customer);
    line.entry->set_stage(standing.stage());
    line.entry->set_score(standing.score());
    *line.entry->mutable_follow_up() = std::move(follow_up);
    lines.push_back(std::move(line));
  }
}

absl::StatusOr<Told> AddLinesOfEach(const BaseQuestion& question,
                                    const std::vector<std::string>& customers, bool must_know,
                                    const v1::ListFollowUpsRequest& request,
                                    std::vector<Line>& lines) {
  return ForEachRelationship(question, customers, must_know, BareStanding(/*follow_ups=*/true),
                             [&](const std::string& customer, v1::Standing& standing) {
                               AddLines(request, customer, standing, lines);
                             });
}

// The entries of lines [begin, end), which stand at one place and were not evaluated yet: the
// customer may have changed since the index was asked, and then they are as many as there are.
absl::Status ShowPlace(const BaseQuestion& question, const v1::ListFollowUpsRequest& request,
                       size_t begin, size_t end, std::vector<Line>& lines) {
  std::vector<Line> fresh;
  RETURN_IF_ERROR(
      AddLinesOfEach(question, {lines[begin].place.customer}, /*must_know=*/false, request, fresh)
          .status());
  std::erase_if(fresh, [&](const Line& line) { return line.place != lines[begin].place; });
  std::sort(fresh.begin(), fresh.end(), ComesFirst);
  for (size_t i = begin; i < end && i - begin < fresh.size(); ++i) {
    lines[i].entry = std::move(fresh[i - begin].entry);
  }
  return absl::OkStatus();
}

absl::StatusOr<FollowUpList> ListOf(const BaseQuestion& question,
                                    const v1::ListFollowUpsRequest& request, size_t begin,
                                    size_t size, size_t total, std::vector<Line> lines) {
  std::sort(lines.begin(), lines.end(), ComesFirst);
  FollowUpList list;
  list.total = total;
  const size_t end = std::min(lines.size(), begin + size);
  for (size_t from = 0, to = 0; from < end; from = to) {
    while (to < lines.size() && lines[to].place == lines[from].place) ++to;
    if (to <= begin) continue;
    if (!lines[from].entry.has_value()) {
      RETURN_IF_ERROR(ShowPlace(question, request, from, to, lines));
    }
    for (size_t i = std::max(from, begin); i < std::min(to, end); ++i) {
      if (lines[i].entry.has_value()) list.entries.push_back(*std::move(lines[i].entry));
    }
  }
  return list;
}

// Whoever has a row, and who may have one.
std::vector<std::string> CustomersOf(store::IndexSight sight) {
  std::vector<std::string> customers = std::move(sight.unsure);
  for (store::SeenRow& row : sight.rows) customers.push_back(std::move(row.customer));
  std::sort(customers.begin(), customers.end());
  customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
  return customers;
}

// Of everybody, walked: what stands on the page is evaluated once more to be shown.
absl::StatusOr<FollowUpList> FollowUpsOfWalk(const BaseQuestion& question,
                                             const v1::ListFollowUpsRequest& request, size_t begin,
                                             size_t size) {
  const size_t limit = begin + size;
  size_t total = 0;
  std::vector<store::SeenRow> rows;
  std::vector<Line> own;
  RETURN_IF_ERROR(WalkEach(question, BareStanding(/*follow_ups=*/true),
                           [&](const std::string& customer, v1::Standing& standing) {
                             own.clear();
                             AddLines(request, customer, standing, own);
                             total += own.size();
                             for (Line& line : own) rows.push_back(std::move(line.place));
                             if (rows.size() >= 2 * (limit + kCutAt)) store::CutRows(limit, rows);
                           }));
  store::CutRows(limit, rows);
  std::vector<Line> lines;
  for (store::SeenRow& row : rows) lines.push_back({std::move(row), std::nullopt});
  return ListOf(question, request, begin, size, total, std::move(lines));
}

}  // namespace

absl::StatusOr<FollowUpList> FollowUpsOf(const BaseQuestion& question,
                                         const std::vector<std::string>& customers, bool must_know,
                                         const v1::ListFollowUpsRequest& request, size_t begin,
                                         size_t size) {
  std::vector<Line> lines;
  RETURN_IF_ERROR(AddLinesOfEach(question, customers, must_know, request, lines).status());
  const size_t total = lines.size();
  return ListOf(question, request, begin, size, total, std::move(lines));
}

absl::StatusOr<FollowUpList> FollowUpsOfAll(const BaseQuestion& question,
                                            const v1::ListFollowUpsRequest& request, size_t begin,
                                            size_t size) {
  if (NeedsWalk(question)) return FollowUpsOfWalk(question.OfAWalk(), request, begin, size);
  const history::Viewpoint& viewpoint = question.viewpoint;
  const auto wants = [&](absl::string_view text) -> std::optional<store::WantedRows> {
    const std::optional<FollowUpRowName> name = FollowUpRowName::Parse(text);
    if (!name.has_value() || !Asked(request, name->status, name->policy, name->department)) {
      return std::nullopt;
    }
    store::WantedRows wanted = OrderOf(request.order(), name->status, name->priority);
    if (request.has_due_to_us()) wanted.key_max = request.due_to_us();
    return wanted;
  };
  // Whom the index names is evaluated where its rows do not tell all that is asked.
  const bool each = NeedsEvaluating(request);
  const bool all = each || request.has_due_from_us();
  ASSIGN_OR_RETURN(store::IndexSight sight, question.engine->pipeline().ReadIndex(
                                                viewpoint.as_of_us, all ? SIZE_MAX : begin + size,
                                                wants, IndexRulesOf(viewpoint)));
  ASSIGN_OR_RETURN(const bool is_walked, IsWalkCheaper(question, sight.unsure));
  if (is_walked) return FollowUpsOfWalk(question.OfAWalk(), request, begin, size);
  if (each) {
    const std::vector<std::string> named = CustomersOf(std::move(sight));
    return FollowUpsOf(question, named, /*must_know=*/false, request, begin, size);
  }
  std::vector<Line> lines;
  ASSIGN_OR_RETURN(const Told told,
                   AddLinesOfEach(question, sight.unsure, /*must_know=*/false, request, lines));
  size_t total = lines.size();
  if (request.has_due_from_us()) {
    std::erase_if(sight.rows, [&](const auto& row) { return row.key < request.due_from_us(); });
    total += sight.rows.size();
    sight.counts.clear();
  }
  for (const auto& [name, count] : sight.counts) total += static_cast<size_t>(count);
  // Who was merged since the index was asked stands there as he was alone.
  total -= std::erase_if(sight.rows, [&](const auto& row) { return told.contains(row.customer); });
  for (store::SeenRow& row : sight.rows) lines.push_back({std::move(row), std::nullopt});
  return ListOf(question, request, begin, size, total, std::move(lines));
}

}  // namespace rapport::support
