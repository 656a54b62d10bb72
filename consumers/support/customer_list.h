// CustomerList: the customers that a filter lets pass, in an order.
//
// Customers that were merged stand there once, under the survivor's id. Stages and flags are rows
// of the engine's indexes: of a filter that names one, only those who have the rarest row are
// evaluated, and whom the index is not sure of; a list of one stage or flag by customer id
// evaluates only its page. All other lists evaluate everybody. A known position, rules that fold
// otherwise, and the past, are walked: of those who had done something by then. The answers are the
// same.
//
// Threads: pure, any thread. Errors: those of each_relationship.h; INVALID_ARGUMENT (FIELD_INVALID)
// for an order that is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "consumers/support/base_filter.h"
#include "consumers/support/each_relationship.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

struct ListOrder {
  enum class By { kCustomer, kScore, kNextChange, kLastSeen };
  By by = By::kCustomer;
  bool descending = false;

  // `score_milli desc`; empty = by customer.
  static absl::StatusOr<ListOrder> Parse(absl::string_view text);
};

// Where a customer stands in a list.
struct ListPlace {
  // What the list is ordered by; nullopt stands last, and where that is the customer.
  std::optional<int64_t> key;
  std::string customer;

  // `734000:ana`, `-:ana`.
  std::string ToString() const;
  static std::optional<ListPlace> Parse(absl::string_view text);
};

// Up to `size` entries, those behind a place. So each customer to whom nothing happens stands on
// one page, whoever comes, goes or moves in between.
struct ListPage {
  std::optional<ListPlace> after;
  size_t size = 50;
  // About as many stand before it.
  size_t begin = 0;
};

struct CustomerList {
  std::vector<v1::ListedRelationship> entries;
  // Where the page ends; nullopt = nothing stands behind it.
  std::optional<ListPlace> end;
  // How long the whole list is.
  size_t total = 0;
};

absl::StatusOr<CustomerList> CustomersOfAll(const BaseQuestion& question, const BaseFilter& filter,
                                            const ListOrder& order, const ListPage& page);
// The same among these customers, each evaluated, with whom they are one.
absl::StatusOr<CustomerList> CustomersOf(const BaseQuestion& question,
                                         const std::vector<std::string>& customers,
                                         const BaseFilter& filter, const ListOrder& order,
                                         const ListPage& page);

}  // namespace rapport::support
