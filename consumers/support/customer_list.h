// CustomerList: the customers that a filter lets pass, in an order.
//
// Customers that were merged stand there once, under the survivor's id. Stages and flags are rows
// of the engine's indexes: of a filter that names one, only those who have the rarest row are
// evaluated, and whom the index is not sure of; a list of one stage or flag by customer id
// evaluates only its page. All other lists evaluate everybody. The answers are the same.
//
// Threads: pure, any thread. Errors: those of reading customers; DEADLINE_EXCEEDED
// (DEADLINE_PASSED); INVALID_ARGUMENT (FIELD_INVALID) for an order that is none.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "consumers/support/base_filter.h"
#include "engine/engine.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

struct ListOrder {
  enum class By { kCustomer, kScore, kNextChange, kLastSeen };
  By by = By::kCustomer;
  bool descending = false;

  // `score_milli desc`; empty = by customer.
  static absl::StatusOr<ListOrder> Parse(absl::string_view text);
};

struct CustomerList {
  // Entries [begin, begin + size) of the whole list.
  std::vector<v1::ListedRelationship> entries;
  // How long it is.
  size_t total = 0;
};

// REQUIRES: the viewpoint is of all that is known.
absl::StatusOr<CustomerList> CustomersOfAll(const Engine& engine, const BaseFilter& filter,
                                            const ListOrder& order,
                                            const history::Viewpoint& viewpoint, size_t begin,
                                            size_t size);
// The same among these customers, each evaluated, with whom they are one.
absl::StatusOr<CustomerList> CustomersOf(const Engine& engine,
                                         const std::vector<std::string>& customers,
                                         const BaseFilter& filter, const ListOrder& order,
                                         const history::Viewpoint& viewpoint, size_t begin,
                                         size_t size);

}  // namespace rapport::support
