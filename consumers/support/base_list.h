// BaseList: what is owed to all customers, through the engine's indexes.
//
// Customers that were merged stand there once, under the survivor's id. Rows of the index say how
// many there are and who is shown; only those are evaluated, and whom the index is not sure of, as
// it is of nobody who was ever merged. A known position, rules that fold otherwise, and a moment
// that most have done something since, are walked: indexes know the present log only. The answers
// are exactly those of evaluating everybody.
//
// Threads: pure, any thread. Errors: those of each_relationship.h.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "consumers/support/each_relationship.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

// What is owed to everybody, or to one, as the request asks.
struct FollowUpList {
  // Entries [begin, begin + size) of the whole list.
  std::vector<v1::CustomerFollowUp> entries;
  // How long it is.
  size_t total = 0;
};

absl::StatusOr<FollowUpList> FollowUpsOfAll(const BaseQuestion& question,
                                            const v1::ListFollowUpsRequest& request, size_t begin,
                                            size_t size);
// The same of these customers alone, each evaluated, with whom they are one. Those of whom nothing
// is known are left out unless `must_know`.
absl::StatusOr<FollowUpList> FollowUpsOf(const BaseQuestion& question,
                                         const std::vector<std::string>& customers, bool must_know,
                                         const v1::ListFollowUpsRequest& request, size_t begin,
                                         size_t size);

}  // namespace rapport::support
