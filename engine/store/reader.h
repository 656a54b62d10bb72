// Reader: read views of the present for those who look at history or answer questions.
//
// The pipeline implements it over resident slots and the state store.
//
// Threads:   all methods from any thread; they never wait behind a batch.
// Lifetime:  what a visitor is shown ends with its call.
// Errors:    NOT_FOUND (CUSTOMER_UNKNOWN) for a customer of whom nothing was ever folded.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/model/aliases.h"
#include "engine/model/ids.h"
#include "engine/model/links.h"
#include "engine/model/position.h"
#include "engine/store/state_store.h"
#include "engine/store/touch_list.h"

namespace rapport::fold {
class Projection;
}

namespace rapport::store {

// One customer at this moment.
struct CustomerView {
  const void* facts = nullptr;
  // Whose facts they are; never null. Rules that fold otherwise cannot read them.
  const fold::Projection* folds = nullptr;
  uint32_t quarantined = 0;
  uint32_t touches = 0;
  Offset folded_to = -1;
  // Whether any of the touches takes back or puts right another event.
  bool has_revisions = false;
  // Never null while it is shown.
  const Links* links = nullptr;
  const Aliases* aliases = nullptr;
};

class Reader {
 public:
  virtual ~Reader() = default;

  virtual Partition PartitionOfCustomer(absl::string_view customer_id) const = 0;

  // Shows one customer.
  virtual absl::Status Read(absl::string_view customer_id,
                            absl::FunctionRef<void(const CustomerView&)> visit) const = 0;

  // Where the customer's events stand, ascending by offset.
  virtual absl::StatusOr<std::vector<Touch>> Touches(absl::string_view customer_id) const = 0;

  // Ids of all customers of whom something was folded, in no order.
  virtual absl::StatusOr<std::vector<std::string>> CustomerIds() const = 0;

  // How far events are applied: what a read can see at least.
  virtual Position Applied() const = 0;
};

}  // namespace rapport::store
