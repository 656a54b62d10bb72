// BaseWalk: the whole base at a viewpoint, each relationship once.
//
//   const BaseWalk base(parts, viewpoint);
//   RETURN_IF_ERROR(base.ForEach(go_on, [&](const BaseCustomer& one) {
//     rules.Evaluate(one.survivor, one.facts, viewpoint.as_of_us, one.Options(wanted), standing);
//     ...
//   }));
//
// Says of each customer what History says. The present is read from the facts that are resident or
// stored, unless they were folded otherwise. The past is folded anew in one pass over the archive,
// each event once and in the order of the log; only who has taken events back, put them right or
// was merged is read event by event. Any projection may fold the past: under other fold rules it is
// what a rebuild would give, and nothing is stored. Who had done nothing by then is not of the
// base.
//
// Order: by partition, then by the bytes of ids; those who are one come where the first of them
// stands. Of the past, the next partitions are folded, one a core, while one is visited.
//
// Threads:   one; `go_on` is called on several at once.
// Ownership: borrows all parts.
// Errors:    those of the archive and of History; what `go_on` and `visit` say.
// Memory:    facts of a partition a core, and one; of the present, the ids of everybody.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "engine/fold/projection.h"
#include "engine/history/history.h"
#include "engine/history/partition_fold.h"
#include "engine/log/archive.h"
#include "engine/store/reader.h"

namespace rapport::history {

// One relationship of the base, good while it is shown.
struct BaseCustomer {
  // Whose relationship it is: of merged customers the survivor's.
  absl::string_view survivor;
  // Who are one, when they are several; else empty.
  absl::Span<const std::string> members;
  const void* facts = nullptr;
  // Records in quarantine, of all members.
  uint32_t quarantined = 0;
  // A member's partition has lost events.
  bool lost = false;

  // `wanted` with what is amiss.
  fold::EvaluateOptions Options(fold::EvaluateOptions wanted) const {
    wanted.quarantined = quarantined > 0;
    wanted.lost = lost;
    return wanted;
  }
};

struct BaseWalkParts {
  log::Archive* archive = nullptr;
  // What folds.
  const fold::Projection* projection = nullptr;
  const store::Reader* reader = nullptr;
  // A partition's records in quarantine, ascending by offset.
  std::function<absl::StatusOr<std::vector<store::QuarantineEntry>>(Partition)> quarantine;
  // How many customers a partition has.
  std::function<int64_t(Partition)> customers;
};

class BaseWalk {
 public:
  // Told now and then how much of a partition was done since it was last asked: places of the log
  // that were passed, of the present customers read. What is not OK ends the walk.
  using GoOn = std::function<absl::Status(Partition partition, int64_t done)>;
  using Visit = absl::FunctionRef<absl::Status(const BaseCustomer&)>;

  // A viewpoint whose known_at names no partition is the present: what is applied while the walk
  // goes on. REQUIRES: else it names every partition, and all before it is applied.
  BaseWalk(BaseWalkParts parts, Viewpoint viewpoint);

  const Viewpoint& viewpoint() const { return viewpoint_; }
  // How much there is to do, by partition, in what GoOn is told.
  std::vector<int64_t> Total() const;

  absl::Status ForEach(const GoOn& go_on, Visit visit) const;
  // The same of each customer by himself, also of those who are one with others, as a state keeps
  // them. REQUIRES: the past.
  absl::Status ForEachAlone(const GoOn& go_on, Visit visit) const;

 private:
  using Told = absl::flat_hash_set<std::string>;
  using ByHistory = absl::FunctionRef<absl::Status(const std::string& customer)>;
  using Folded = absl::StatusOr<std::unique_ptr<PartitionFold>>;

  absl::Status ForEachNow(const GoOn& go_on, Visit visit) const;
  absl::Status VisitNow(const std::string& customer, Told& told, Visit visit) const;
  // Folds each partition and hands it over, in their order.
  absl::Status ForEachFold(
      const GoOn& go_on,
      absl::FunctionRef<absl::Status(Partition, const PartitionFold&)> take) const;
  Folded FoldPartition(Partition partition, const GoOn& go_on) const;
  // `by_history` is called with those who are not folded whole.
  absl::Status VisitPartition(Partition partition, const PartitionFold& fold, const GoOn& go_on,
                              ByHistory by_history, Visit visit) const;
  // Reads a customer, and who is one with it, event by event.
  absl::Status VisitByHistory(const std::string& customer, Told& told, Visit visit) const;
  absl::Status VisitGroup(const Group& group, Visit visit) const;
  absl::StatusOr<uint32_t> QuarantinedOf(absl::string_view customer_id) const;
  bool HasLost(Partition partition) const;

  const BaseWalkParts parts_;
  const Viewpoint viewpoint_;
  const History history_;
};

}  // namespace rapport::history
