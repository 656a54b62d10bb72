#include "engine/pipeline/revised_fold.h"

#include <optional>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/event/link.h"
#include "engine/fold/facts_memory.h"

namespace rapport::pipeline {
namespace {

// Records read at once: each may keep a block of the archive in memory.
constexpr size_t kReadMax = 128;

std::vector<Offset> OffsetsOf(absl::Span<const store::Touch> touches) {
  std::vector<Offset> offsets;
  offsets.reserve(touches.size());
  for (const store::Touch& touch : touches) offsets.push_back(touch.offset);
  return offsets;
}

}  // namespace

bool CountsAsFolded(const fold::Projection& projection, v1::Kind kind) {
  return projection.Folds(kind) || event::IsRevision(kind) || event::IsLink(kind) ||
         kind == v1::KIND_ALIAS_LINKED;
}

absl::Status ForEachRecord(log::Archive& archive, Partition partition,
                           absl::Span<const Offset> offsets, Breadcrumbs* breadcrumbs,
                           absl::FunctionRef<absl::Status(const RecordView&)> visit) {
  const Offset end = archive.End(partition).next;
  while (!offsets.empty()) {
    const auto some = offsets.subspan(0, kReadMax);
    auto offset = some.begin();
    for (const auto& batch : archive.ReadMany(partition, some)) {
      const Offset wanted = *offset++;
      if (absl::IsNotFound(batch.status())) return log::NotWhereFolded(partition, wanted, end);
      RETURN_IF_ERROR(batch.status());
      const RecordView& record = batch->records.at(0);
      std::optional<Breadcrumbs::Record> crumb;
      if (breadcrumbs != nullptr) crumb.emplace(*breadcrumbs, partition, record.offset);
      RETURN_IF_ERROR(visit(record));
    }
    offsets.remove_prefix(some.size());
  }
  return absl::OkStatus();
}

RevisedFold::RevisedFold(Partition partition, const fold::Projection* projection,
                         log::Archive* archive, Breadcrumbs* breadcrumbs)
    : partition_(partition),
      projection_(projection),
      archive_(archive),
      breadcrumbs_(breadcrumbs),
      validator_(event::ValidatorOptions{}),
      scratch_(event::ValidatorOptions{}) {}

absl::StatusOr<RevisedFold::Folded> RevisedFold::Fold(absl::string_view customer_id,
                                                      absl::Span<const store::Touch> touches,
                                                      absl::Span<const store::Touch> revisions) {
  ASSIGN_OR_RETURN(std::vector<event::Revision> all, ReadRevisions(customer_id, revisions));
  const event::Revisions known(std::move(all));
  fold::FactsMemory facts(*projection_);
  Work work{customer_id, known, facts.get()};
  auto touch = touches.begin();
  RETURN_IF_ERROR(
      ForEachRecord(*archive_, partition_, OffsetsOf(touches), breadcrumbs_,
                    [&](const RecordView& record) { return Add(record, touch++->tag, work); }));
  projection_->Encode(facts.get(), /*with_offsets=*/true, work.folded.facts);
  return std::move(work.folded);
}

absl::StatusOr<const ValidEvent*> RevisedFold::Find(absl::string_view customer_id,
                                                    absl::Span<const store::Touch> touches,
                                                    absl::Span<const store::Touch> revisions,
                                                    const EventId& id) {
  ASSIGN_OR_RETURN(std::vector<event::Revision> all, ReadRevisions(customer_id, revisions));
  const event::Revisions known(std::move(all));
  for (const store::Touch& touch : touches) {
    if (touch.tag != id.Tag()) continue;
    ASSIGN_OR_RETURN(const RecordBatch batch, archive_->Read(partition_, touch.offset));
    if (validator_.CheckEnvelope(batch.records.at(0)).has_value()) {
      return log::OfAnotherHistory(partition_, touch.offset, customer_id);
    }
    const ValidEvent& event = validator_.event();
    if (event.id != id) continue;
    const event::Ruling ruling = known.RulingOn(event.id, event.moment(), event.kind);
    if (ruling.fate == event::Ruling::Fate::kRetracted) return nullptr;
    if (ruling.fate == event::Ruling::Fate::kCorrected) {
      if (event::IsRevision(event.kind)) return nullptr;
      RETURN_IF_ERROR(Correct(*ruling.by));
    } else if (validator_.CheckPayload().has_value()) {
      return log::OfAnotherHistory(partition_, touch.offset, customer_id);
    }
    return &validator_.event();
  }
  return nullptr;
}

absl::Status RevisedFold::Visit(absl::string_view customer_id,
                                absl::Span<const store::Touch> touches,
                                absl::FunctionRef<void(const ValidEvent&)> visit) {
  return ForEachRecord(*archive_, partition_, OffsetsOf(touches), breadcrumbs_,
                       [&](const RecordView& record) {
                         if (validator_.CheckEnvelope(record).has_value() ||
                             validator_.event().customer_id != customer_id ||
                             validator_.CheckPayload().has_value()) {
                           return log::OfAnotherHistory(partition_, record.offset, customer_id);
                         }
                         visit(validator_.event());
                         return absl::OkStatus();
                       });
}

absl::StatusOr<std::vector<event::Revision>> RevisedFold::ReadRevisions(
    absl::string_view customer_id, absl::Span<const store::Touch> revisions) {
  std::vector<event::Revision> all;
  all.reserve(revisions.size());
  RETURN_IF_ERROR(ForEachRecord(
      *archive_, partition_, OffsetsOf(revisions), breadcrumbs_, [&](const RecordView& record) {
        if (scratch_.CheckEnvelope(record).has_value() ||
            scratch_.event().customer_id != customer_id ||
            !event::IsRevision(scratch_.event().kind) || scratch_.CheckPayload().has_value()) {
          return log::OfAnotherHistory(partition_, record.offset, customer_id);
        }
        all.push_back(event::RevisionOf(scratch_.event()));
        return absl::OkStatus();
      }));
  return all;
}

absl::Status RevisedFold::Add(const RecordView& record, uint32_t tag, Work& work) {
  const bool is_good = !validator_.CheckEnvelope(record).has_value();
  const ValidEvent& event = validator_.event();
  if (!is_good || event.customer_id != work.customer_id || event.id.Tag() != tag) {
    return log::OfAnotherHistory(partition_, record.offset, work.customer_id);
  }
  Folded& folded = work.folded;
  event::AddErasure(*event.envelope, folded.links);
  event::AddErasure(*event.envelope, folded.aliases);
  const event::Ruling ruling = work.revisions.RulingOn(event.id, event.moment(), event.kind);
  if (ruling.fate == event::Ruling::Fate::kRetracted || event::IsRevision(event.kind)) {
    return absl::OkStatus();
  }
  if (ruling.fate == event::Ruling::Fate::kCorrected) {
    RETURN_IF_ERROR(Correct(*ruling.by));
  } else if (validator_.CheckPayload().has_value()) {
    return log::OfAnotherHistory(partition_, record.offset, work.customer_id);
  }
  event::AddLink(event, folded.links);
  event::AddAlias(event, folded.aliases);
  if (projection_->Folds(event.kind)) projection_->Fold(work.facts, event);
  return absl::OkStatus();
}

absl::Status RevisedFold::Correct(const event::Revision& by) {
  ASSIGN_OR_RETURN(const RecordBatch batch, archive_->Read(partition_, by.offset));
  if (scratch_.CheckEnvelope(batch.records.at(0)).has_value()) {
    return log::OfAnotherHistory(partition_, by.offset);
  }
  const ValidEvent& old = validator_.event();
  const Offset offset = old.offset;
  const auto rejection = validator_.Adopt(event::InPlaceOf(*old.envelope, scratch_.envelope()),
                                          partition_, offset, old.append_time_us);
  return rejection.has_value() ? log::OfAnotherHistory(partition_, by.offset) : absl::OkStatus();
}

}  // namespace rapport::pipeline
