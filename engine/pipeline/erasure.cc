#include "engine/pipeline/erasure.h"

#include <algorithm>

#include "engine/base/status_macros.h"
#include "engine/event/validator.h"
#include "engine/model/position.h"

namespace rapport::pipeline {
namespace {

// Field 4 of Event, as varint: 184. Few other records hold these three bytes, so few are parsed.
constexpr absl::string_view kKindBytes = "\x20\xB8\x01";
static_assert(v1::KIND_ERASURE_REQUESTED == 184);

absl::Status ApplyIn(Partition partition, Offset from, Offset end, log::Archive& archive,
                     event::KeyStore& keys, int64_t now_us) {
  event::Validator validator{event::ValidatorOptions{}};
  const auto cursor = archive.Scan(partition, from, end);
  while (cursor->Next()) {
    const RecordView& record = cursor->record();
    if (!MayAskErasure(record)) continue;
    if (validator.CheckEnvelope(record).has_value()) continue;
    const v1::Event& event = validator.envelope();
    if (!IsErasureRequest(event)) continue;
    RETURN_IF_ERROR(keys.Destroy(event.customer_id(), now_us).status());
  }
  return cursor->status();
}

}  // namespace

bool MayAskErasure(const RecordView& record) {
  return record.value.find(kKindBytes) != absl::string_view::npos;
}

absl::Status ApplyErasures(log::Archive& archive, event::KeyStore& keys, int64_t now_us) {
  RETURN_IF_ERROR(keys.status());
  // A mark of another log, or of none, says nothing about this one.
  const absl::StatusOr<Position> mark = Position::Parse(keys.ReadMark());
  const bool ours = mark.ok() && mark->log == archive.identity();
  Position seen;
  seen.log = archive.identity();
  for (Partition partition = 0; partition < archive.partitions(); ++partition) {
    const log::ArchiveEnd end = archive.End(partition);
    Offset from = end.start;
    if (ours && mark->next.contains(partition)) {
      from = std::max(from, mark->next.at(partition));
      // An archive that is shorter than it was is read whole.
      if (from > end.next) from = end.start;
    }
    RETURN_IF_ERROR(ApplyIn(partition, from, end.next, archive, keys, now_us));
    seen.next[partition] = end.next;
  }
  // Without it the next start looks at more.
  keys.WriteMark(seen.ToString()).IgnoreError();
  return absl::OkStatus();
}

}  // namespace rapport::pipeline
