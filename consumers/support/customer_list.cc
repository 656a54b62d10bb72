#include "consumers/support/customer_list.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/status_macros.h"
#include "engine/model/index_row.h"

namespace rapport::support {
namespace {

using What = FilterCondition::What;
using By = ListOrder::By;

bool ComesFirst(const ListOrder& order, const ListPlace& a, const ListPlace& b) {
  if (order.by != By::kCustomer && a.key != b.key) {
    if (!a.key.has_value() || !b.key.has_value()) return a.key.has_value();
    return order.descending ? *a.key > *b.key : *a.key < *b.key;
  }
  if (order.by == By::kCustomer && order.descending) return a.customer > b.customer;
  return a.customer < b.customer;
}

std::optional<int64_t> KeyOf(const ListOrder& order, const v1::Standing& standing) {
  switch (order.by) {
    case By::kScore:
      return standing.score_milli();
    case By::kNextChange:
      if (standing.has_next_change_at_us()) return standing.next_change_at_us();
      break;
    case By::kLastSeen:
      if (standing.has_last_act_day()) return standing.last_act_day();
      break;
    case By::kCustomer:
      break;
  }
  return std::nullopt;
}

// What it takes to tell whether a customer is in the list, and where.
fold::EvaluateOptions OptionsOf(const BaseFilter& filter, const ListOrder& order) {
  fold::EvaluateOptions options = BareStanding();
  options.metrics = filter.NeedsMetrics();
  options.next_change = order.by == By::kNextChange;
  return options;
}

absl::StatusOr<Told> AddPlaces(const BaseQuestion& question,
                               const std::vector<std::string>& customers, const BaseFilter& filter,
                               const ListOrder& order, std::vector<ListPlace>& places) {
  return ForEachRelationship(question, customers, /*must_know=*/false, OptionsOf(filter, order),
                             [&](const std::string& customer, const v1::Standing& standing) {
                               if (!filter.Matches(standing)) return;
                               places.push_back({KeyOf(order, standing), customer});
                             });
}

v1::ListedRelationship EntryOf(const std::string& customer, const v1::Standing& standing) {
  v1::ListedRelationship entry;
  entry.set_customer_id(customer);
  entry.set_stage(standing.stage());
  entry.set_score(standing.score());
  entry.set_score_milli(standing.score_milli());
  for (const v1::FlagState& flag : standing.flags()) entry.add_flags(flag.flag());
  entry.set_primary_type(standing.primary_type());
  entry.set_owner(standing.metrics().owner().agent());
  if (standing.has_last_act_day()) entry.set_last_act_day(standing.last_act_day());
  if (standing.has_next_change_at_us()) {
    entry.set_next_change_at_us(standing.next_change_at_us());
  }
  return entry;
}

// The page of the places, whose customers are shown as they are.
absl::StatusOr<CustomerList> PageOf(const BaseQuestion& question, const BaseFilter& filter,
                                    const ListOrder& order, const ListPage& page, size_t total,
                                    std::vector<ListPlace> places) {
  const auto comes_first = [&order](const ListPlace& a, const ListPlace& b) {
    return ComesFirst(order, a, b);
  };
  std::sort(places.begin(), places.end(), comes_first);
  fold::EvaluateOptions options = BareStanding();
  options.metrics = true;
  options.next_change = true;
  CustomerList list;
  list.total = total;
  std::vector<std::string> shown;
  auto place = places.begin();
  if (page.after.has_value()) {
    place = std::upper_bound(places.begin(), places.end(), *page.after, comes_first);
  }
  for (; place != places.end() && shown.size() < page.size; ++place) {
    shown.push_back(place->customer);
  }
  if (place != places.end() && place != places.begin()) list.end = *std::prev(place);
  const auto add = [&](const std::string& customer, const v1::Standing& standing) {
    // Who has changed since the list was made may not belong to it any more.
    if (filter.Matches(standing)) list.entries.push_back(EntryOf(customer, standing));
  };
  RETURN_IF_ERROR(ForEachRelationship(question, shown, /*must_know=*/false, options, add).status());
  return list;
}

// Of everybody, walked: only who stands on the page is told in full.
absl::StatusOr<CustomerList> CustomersOfWalk(const BaseQuestion& question, const BaseFilter& filter,
                                             const ListOrder& order, const ListPage& page) {
  std::vector<ListPlace> places;
  RETURN_IF_ERROR(WalkEachThere(question, OptionsOf(filter, order),
                                [&](const std::string& customer, const v1::Standing& standing) {
                                  if (!filter.Matches(standing)) return;
                                  places.push_back({KeyOf(order, standing), customer});
                                }));
  const size_t total = places.size();
  return PageOf(question, filter, order, page, total, std::move(places));
}

// Name of the index rows of exactly those of whom the condition holds; empty = there are none.
std::string RowNameOf(const FilterCondition& condition) {
  if (condition.what == What::kStage) {
    return StageRowName(static_cast<v1::Stage>(condition.number));
  }
  // The engine adds it: no rows.
  if (condition.what != What::kFlag || condition.number == v1::FLAG_INCOMPLETE) return "";
  return FlagRowName(static_cast<v1::Flag>(condition.number));
}

std::vector<std::string> RowNamesOf(const BaseFilter& filter) {
  std::vector<std::string> names;
  for (const FilterCondition& condition : filter.conditions()) {
    std::string name = RowNameOf(condition);
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

absl::StatusOr<store::IndexSight> RowsNamed(const BaseQuestion& question, const std::string& name,
                                            size_t limit) {
  // Everybody is in one stage.
  const auto wants = [&name](absl::string_view text) -> std::optional<store::WantedRows> {
    const bool wanted = name.empty() ? StageOfRowName(text).has_value() : text == name;
    return wanted ? std::optional(store::WantedRows()) : std::nullopt;
  };
  return question.engine->pipeline().ReadIndex(question.viewpoint.as_of_us, limit, wants,
                                               IndexRulesOf(question.viewpoint));
}

// The name of fewest customers.
absl::StatusOr<std::string> RarestOf(const BaseQuestion& question,
                                     const std::vector<std::string>& names) {
  if (names.size() == 1) return names[0];
  const auto wants = [&names](absl::string_view text) -> std::optional<store::WantedRows> {
    if (std::find(names.begin(), names.end(), text) == names.end()) return std::nullopt;
    return store::WantedRows();
  };
  ASSIGN_OR_RETURN(const store::IndexSight sight,
                   question.engine->pipeline().ReadIndex(question.viewpoint.as_of_us, /*limit=*/0,
                                                         wants, IndexRulesOf(question.viewpoint)));
  const auto count = [&sight](const std::string& name) {
    const auto found = sight.counts.find(name);
    return found == sight.counts.end() ? 0 : found->second;
  };
  return *std::min_element(names.begin(), names.end(),
                           [&](const auto& a, const auto& b) { return count(a) < count(b); });
}

size_t CountBehind(const std::optional<ListPlace>& place, const std::vector<store::SeenRow>& rows) {
  if (!place.has_value()) return rows.size();
  return static_cast<size_t>(std::count_if(rows.begin(), rows.end(), [&place](const auto& row) {
    return row.customer > place->customer;
  }));
}

// Of one row's customers, or of everybody, by customer id: the index knows all but whom it is not
// sure of.
absl::StatusOr<CustomerList> LookedUp(const BaseQuestion& question, const BaseFilter& filter,
                                      const std::string& name, const ListOrder& order,
                                      const ListPage& page, size_t limit) {
  ASSIGN_OR_RETURN(store::IndexSight sight, RowsNamed(question, name, limit));
  std::vector<ListPlace> places;
  ASSIGN_OR_RETURN(const Told told, AddPlaces(question, sight.unsure, filter, order, places));
  size_t total = places.size();
  for (const auto& [row_name, count] : sight.counts) total += static_cast<size_t>(count);
  const bool is_cut = sight.rows.size() >= limit;
  // Who was merged since the index was asked stands there as he was alone.
  total -= std::erase_if(sight.rows, [&](const auto& row) { return told.contains(row.customer); });
  // Whoever came before the page since the one before, or was merged, takes a place of the limit.
  if (is_cut && CountBehind(page.after, sight.rows) <= page.size) {
    return LookedUp(question, filter, name, order, page, SIZE_MAX);
  }
  for (store::SeenRow& row : sight.rows) places.push_back({std::nullopt, std::move(row.customer)});
  return PageOf(question, filter, order, page, total, std::move(places));
}

}  // namespace

std::string ListPlace::ToString() const {
  return absl::StrCat(key.has_value() ? absl::StrCat(*key) : "-", ":", customer);
}

std::optional<ListPlace> ListPlace::Parse(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos) return std::nullopt;
  ListPlace place;
  int64_t key = 0;
  if (absl::SimpleAtoi(text.substr(0, colon), &key)) {
    place.key = key;
  } else if (text.substr(0, colon) != "-") {
    return std::nullopt;
  }
  place.customer = std::string(text.substr(colon + 1));
  return place;
}

absl::StatusOr<ListOrder> ListOrder::Parse(absl::string_view text) {
  std::vector<absl::string_view> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  ListOrder order;
  order.descending = words.size() == 2 && words[1] == "desc";
  const bool wrong_end = words.size() > 2 || (words.size() == 2 && !order.descending);
  const absl::string_view by = words.empty() ? "customer_id" : words[0];
  constexpr std::pair<absl::string_view, By> kNames[] = {{"customer_id", By::kCustomer},
                                                         {"score_milli", By::kScore},
                                                         {"next_change_at", By::kNextChange},
                                                         {"last_seen", By::kLastSeen}};
  for (const auto& [name, value] : kNames) {
    if (by != name || wrong_end) continue;
    order.by = value;
    return order;
  }
  return absl::InvalidArgumentError(
      "FIELD_INVALID: order_by: must be customer_id, score_milli, next_change_at or last_seen, "
      "with ` desc` behind it for the other way round");
}

absl::StatusOr<CustomerList> CustomersOf(const BaseQuestion& question,
                                         const std::vector<std::string>& customers,
                                         const BaseFilter& filter, const ListOrder& order,
                                         const ListPage& page) {
  std::vector<ListPlace> places;
  RETURN_IF_ERROR(AddPlaces(question, customers, filter, order, places).status());
  const size_t total = places.size();
  return PageOf(question, filter, order, page, total, std::move(places));
}

absl::StatusOr<CustomerList> CustomersOfAll(const BaseQuestion& question, const BaseFilter& filter,
                                            const ListOrder& order, const ListPage& page) {
  // Who had done nothing by then is not of the base of then, as facts at hand do not tell.
  const bool is_present = question.is_of_now || question.engine->IsPresent(question.viewpoint);
  if (NeedsWalk(question) || !is_present) {
    return CustomersOfWalk(question.OfAWalk(), filter, order, page);
  }
  const std::vector<std::string> names = RowNamesOf(filter);
  const bool index_tells_all = names.size() == filter.conditions().size() && names.size() <= 1;
  if (index_tells_all && order.by == By::kCustomer) {
    // One more than is shown says whether there are more.
    const size_t limit = order.descending ? SIZE_MAX : page.begin + page.size + 1;
    return LookedUp(question, filter, names.empty() ? "" : names[0], order, page, limit);
  }
  if (names.empty()) {
    ASSIGN_OR_RETURN(const auto customers, question.engine->pipeline().CustomerIds());
    return CustomersOf(question, customers, filter, order, page);
  }
  ASSIGN_OR_RETURN(const std::string rarest, RarestOf(question, names));
  ASSIGN_OR_RETURN(store::IndexSight sight, RowsNamed(question, rarest, SIZE_MAX));
  std::vector<std::string> candidates = std::move(sight.unsure);
  for (store::SeenRow& row : sight.rows) candidates.push_back(std::move(row.customer));
  return CustomersOf(question, candidates, filter, order, page);
}

}  // namespace rapport::support
