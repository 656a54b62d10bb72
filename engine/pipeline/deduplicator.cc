#include "engine/pipeline/deduplicator.h"

#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::pipeline {

absl::StatusOr<Earlier> FindEarlier(const ValidEvent& event,
                                    const std::vector<store::Touch>& touches, log::Archive& archive,
                                    event::Validator& scratch) {
  for (const store::Touch& touch : touches) {
    if (touch.tag != event.id.Tag()) continue;
    const Offset end = archive.End(event.partition).next;
    const absl::StatusOr<RecordBatch> read = archive.Read(event.partition, touch.offset);
    if (absl::IsNotFound(read.status())) {
      return log::NotWhereFolded(event.partition, touch.offset, end, event.customer_id);
    }
    ASSIGN_OR_RETURN(const RecordBatch batch, read);
    RAPPORT_CHECK(batch.records.size() == 1) << "offset " << touch.offset;
    const bool is_good = !scratch.CheckEnvelope(batch.records[0]).has_value();
    if (!is_good || scratch.event().customer_id != event.customer_id ||
        scratch.event().id.Tag() != touch.tag) {
      return log::OfAnotherHistory(event.partition, touch.offset, event.customer_id);
    }
    if (scratch.event().id != event.id) continue;
    return Earlier{
        event::SameContent(event, scratch.event()) ? Novelty::kDuplicate : Novelty::kConflict,
        touch.offset, batch.records[0].append_time_us};
  }
  return Earlier{};
}

Deduplicator::Deduplicator(log::Archive* archive, const store::StateStore* store)
    : archive_(archive), store_(store), scratch_(event::ValidatorOptions{}) {}

absl::StatusOr<Earlier> Deduplicator::Check(const ValidEvent& event, store::Slot& slot) {
  if (slot.touches.size() == 0 || event.id > slot.greatest_id) return Earlier{};
  std::vector<store::Touch> touches;
  if (!slot.touches.AllTagsResident()) {
    ASSIGN_OR_RETURN(
        touches, store_->ReadChunks(event.partition, slot.name(), slot.touches.first_unsaved()));
    store::SlotLock lock(slot);
    slot.touches.LoadTags(touches);
  }
  if (!slot.touches.HasTag(event.id.Tag())) return Earlier{};
  if (touches.empty()) {
    ASSIGN_OR_RETURN(
        touches, store_->ReadChunks(event.partition, slot.name(), slot.touches.first_unsaved()));
  }
  for (const std::string& chunk : slot.touches.unsaved()) {
    RAPPORT_CHECK(store::DecodeTouches(chunk, touches));
  }
  RAPPORT_CHECK(store::DecodeTouches(slot.touches.tail(), touches));
  return FindEarlier(event, touches, *archive_, scratch_);
}

}  // namespace rapport::pipeline
