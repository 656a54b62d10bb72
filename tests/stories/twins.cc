#include "tests/stories/twins.h"

#include <utility>

#include "engine/base/status_macros.h"
#include "engine/event/kinds.h"
#include "engine/event/twin.h"

namespace rapport::stories {
namespace {

constexpr size_t kReadMax = 1000;

// Adds the twins of one partition.
absl::Status AddTwins(log::Log& log, Partition partition, std::vector<EventLine>& twins) {
  ASSIGN_OR_RETURN(const log::OffsetRange range, log.Range(partition));
  ASSIGN_OR_RETURN(const auto reader, log.NewReader(partition, range.start));
  for (Offset next = range.start; next < range.end;) {
    ASSIGN_OR_RETURN(const RecordBatch batch, reader->Read(kReadMax, absl::ZeroDuration()));
    next = batch.next;
    for (const RecordView& record : batch.records) {
      EventLine line;
      // What is no event is the story's own affair.
      if (!line.event.ParseFromArray(record.value.data(), static_cast<int>(record.value.size())) ||
          line.event.source() != event::kEchoSource) {
        continue;
      }
      line.occurred_us = line.event.occurred_at_us();
      line.kind = std::string(event::FindKind(line.event.kind())->name);
      line.key = KeyOfPayload(line.event);
      twins.push_back(std::move(line));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<EventLine>> ReadTwins(log::Log& log) {
  std::vector<EventLine> twins;
  for (Partition partition = 0; partition < log.partitions(); ++partition) {
    RETURN_IF_ERROR(AddTwins(log, partition, twins));
  }
  return twins;
}

}  // namespace rapport::stories
