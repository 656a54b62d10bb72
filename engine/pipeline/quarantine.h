// What the quarantine keeps of a record, said once for folding and for refolding.
//
// Threads: pure.
#pragma once

#include <string>

#include "engine/model/record.h"
#include "engine/model/rejection.h"
#include "engine/model/valid_event.h"
#include "engine/store/state_store.h"
#include "rapport/v1/event.pb.h"

namespace rapport::pipeline {

// The name that an event is filed under: its customer's id, or an AnonymousName.
std::string NameOf(const ValidEvent& event);
// The same of a quarantined record, as far as it tells; else empty.
std::string NameOf(const store::QuarantineEntry& entry);

// `envelope` is what the validator could read.
store::QuarantineEntry EntryOf(const RecordView& record, const Rejection& rejection,
                               const v1::Event& envelope);

// Whether the record was meant for the customer of its key, whose history is incomplete without it.
// What stands under a key that can be no customer of this partition may be anything.
bool LeavesIncomplete(const RecordView& record, const Rejection& rejection,
                      const v1::Event& envelope, int partitions);

// The event at `first` has the same id and other content.
Rejection ConflictWith(Offset first);
// Folding the record ended the process so often.
Rejection CrashedFold(uint32_t deaths);

}  // namespace rapport::pipeline
