// Deduplicator tells whether an event was here before: exactly, for ever, mostly without reading.
//
// An id greater than every id the customer ever had is new. Otherwise all tags of the customer are
// made resident, and no match means new. Only a matching tag reads the archive to compare.
//
// Threads:   the partition's thread. Ownership: borrows archive and store.
// Errors:    those of archive and store; the partition must stop.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "engine/event/validator.h"
#include "engine/log/archive.h"
#include "engine/model/valid_event.h"
#include "engine/store/resident_table.h"
#include "engine/store/state_store.h"

namespace rapport::pipeline {

// What an event is to what its customer has.
enum class Novelty {
  kNew,
  // The same id and content: counted, nothing else.
  kDuplicate,
  // The same id, other content: the first in the log stands.
  kConflict,
};

// A verdict, and the first record of that id if there is one.
struct Earlier {
  Novelty novelty = Novelty::kNew;
  Offset offset = 0;
  int64_t append_time_us = 0;
};

// Compares `event` with the archived records at `touches` whose tag is its own.
absl::StatusOr<Earlier> FindEarlier(const ValidEvent& event,
                                    const std::vector<store::Touch>& touches, log::Archive& archive,
                                    event::Validator& scratch);

class Deduplicator {
 public:
  Deduplicator(log::Archive* archive, const store::StateStore* store);

  // REQUIRES: `slot` is the slot of the event's customer.
  absl::StatusOr<Earlier> Check(const ValidEvent& event, store::Slot& slot);

 private:
  log::Archive* const archive_;
  const store::StateStore* const store_;
  event::Validator scratch_;
};

}  // namespace rapport::pipeline
