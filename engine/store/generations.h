// Generations is the seam over where the generations of a state lie: the one that serves, and while
// there is a rebuild the one that is to take its place.
//
//   ASSIGN_OR_RETURN(table::Table* table, generations->Begin(fold_digest));
//   ... the state is built in it, and is level with the one that serves ...
//   RETURN_IF_ERROR(generations->Switch(nullptr));
//   generations->Leave(old_table);
//
// Threads:   any; one call at a time but for Leave.
// Ownership: owns the tables it gives. It must outlive whoever uses them.
// Errors:    Begin: RESOURCE_EXHAUSTED, INTERNAL; nothing has changed then. Switch: any error;
//            among generations of one fold digest which of the two the next start opens is not
//            known then, so the process must end.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/table/table.h"

namespace rapport::store {

class Generations {
 public:
  virtual ~Generations() = default;

  // An empty table beside the one that serves, for facts of this fold digest. REQUIRES: the one it
  // gave before was left, or took over.
  virtual absl::StatusOr<table::Table*> Begin(const std::string& fold_digest) = 0;

  // From now on the next start that folds by that digest opens what Begin gave last; durable when
  // it returns. `agree`, which may be empty, is called once it would, for whoever says by which
  // digest the next start folds: when he does not, the one before goes on serving.
  virtual absl::Status Switch(const std::function<absl::Status()>& agree) = 0;

  // Nobody uses this table any more, and no start will: closes it and deletes what it held.
  virtual void Leave(table::Table* table) = 0;
};

}  // namespace rapport::store
