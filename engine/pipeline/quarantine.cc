#include "engine/pipeline/quarantine.h"

#include "absl/strings/str_cat.h"
#include "engine/event/text.h"
#include "engine/log/partitioner.h"
#include "engine/store/keys.h"

namespace rapport::pipeline {
namespace {

// A later version or a correction may fold a record with such a rejection.
bool MayBeFolded(Reason reason) {
  switch (reason) {
    case Reason::kKeyEmpty:
    case Reason::kKeyMismatch:
    case Reason::kPartitionWrong:
    case Reason::kFrameUnknown:
    case Reason::kEventIdConflict:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::string NameOf(const ValidEvent& event) {
  return event.customer_id.empty() ? store::AnonymousName(event.id)
                                   : std::string(event.customer_id);
}

std::string NameOf(const store::QuarantineEntry& entry) {
  if (!entry.customer_id.empty()) return entry.customer_id;
  if (entry.event_id.empty()) return "";
  return store::AnonymousName(EventId::FromText(entry.event_id));
}

store::QuarantineEntry EntryOf(const RecordView& record, const Rejection& rejection,
                               const v1::Event& envelope) {
  store::QuarantineEntry entry;
  entry.partition = record.partition;
  entry.offset = record.offset;
  entry.append_time_us = record.append_time_us;
  entry.rejection = rejection;
  entry.customer_id = envelope.customer_id();
  entry.event_id = envelope.event_id();
  entry.source = envelope.source();
  return entry;
}

bool LeavesIncomplete(const RecordView& record, const Rejection& rejection,
                      const v1::Event& envelope, int partitions) {
  return MayBeFolded(rejection.reason) && event::IsCustomerId(record.key) &&
         envelope.customer_id() == record.key &&
         log::PartitionOf(record.key, partitions) == record.partition;
}

Rejection ConflictWith(Offset first) {
  return {Reason::kEventIdConflict, "event_id",
          absl::StrCat("another event of this customer has this id, at offset ", first,
                       "; the first one stands. Publish with a new id")};
}

Rejection CrashedFold(uint32_t deaths) {
  return {Reason::kCrashedFold, "",
          absl::StrCat("folding it ended the process ", deaths,
                       " times; after an upgrade: rapport quarantine retry --reason CRASHED_FOLD")};
}

}  // namespace rapport::pipeline
