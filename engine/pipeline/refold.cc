#include "engine/pipeline/refold.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/log/partitioner.h"
#include "engine/pipeline/erasure.h"
#include "engine/pipeline/quarantine.h"
#include "engine/store/keys.h"

namespace rapport::pipeline {

// What grows while a customer's records are judged.
struct Refolder::Work {
  std::map<EventId, First> first;
  // Those of `anew`, in a form to go through.
  std::vector<store::Touch> touches;
  Replacement anew;
};

Refolder::Refolder(const RefoldParts& parts, const Verdicts* verdicts)
    : parts_(parts),
      verdicts_(verdicts),
      validator_(event::ValidatorOptions{parts.partitions, &log::PartitionOf}),
      fold_(parts.partition, parts.projection, parts.archive, parts.breadcrumbs) {}

absl::Status Refolder::ForEach(absl::Span<const Offset> offsets,
                               absl::FunctionRef<void(const RecordView&)> visit) {
  return ForEachRecord(*parts_.archive, parts_.partition, offsets, parts_.breadcrumbs,
                       [&](const RecordView& record) {
                         visit(record);
                         return absl::OkStatus();
                       });
}

std::optional<Rejection> Refolder::CheckEnvelope(const RecordView& record) {
  if (!verdicts_->IsCrashed(record.offset)) return validator_.CheckEnvelope(record);
  validator_.SalvageOnly(record);
  return CrashedFold(verdicts_->crashed().at(record.offset));
}

absl::StatusOr<Judgement> Refolder::Judge(Offset offset) {
  Judgement judgement;
  RETURN_IF_ERROR(ForEach({offset}, [&](const RecordView& record) {
    std::optional<Rejection> rejection = CheckEnvelope(record);
    if (!rejection.has_value()) {
      judgement.name = NameOf(validator_.event());
      rejection = validator_.CheckPayload();
    }
    if (rejection.has_value()) judgement.entry = EntryOf(record, *rejection, validator_.envelope());
  }));
  return judgement;
}

absl::StatusOr<Refolded> Refolder::Refold(absl::string_view name,
                                          absl::Span<const Offset> offsets) {
  Work work;
  Refolded refolded;
  RETURN_IF_ERROR(ForEach(offsets, [&](const RecordView& record) {
    refolded.outcomes.push_back(Add(record, name, work));
  }));
  if (store::IsAnonymous(name)) work.touches.clear();
  ASSIGN_OR_RETURN(RevisedFold::Folded folded,
                   fold_.Fold(name, work.touches, work.anew.touches.revisions()));
  work.anew.facts = std::move(folded.facts);
  work.anew.links = std::move(folded.links);
  work.anew.aliases = std::move(folded.aliases);
  refolded.anew = std::move(work.anew);
  return refolded;
}

// The same steps as Folder's, over what this customer has so far.
Outcome Refolder::Add(const RecordView& record, absl::string_view name, Work& work) {
  if (const auto rejection = CheckEnvelope(record)) {
    return Quarantine(record, name, *rejection, work);
  }
  const ValidEvent& event = validator_.event();
  const bool anonymous = event.customer_id.empty();
  Outcome outcome{record.offset,
                  Fate::kFolded,
                  anonymous || CountsAsFolded(*parts_.projection, event.kind),
                  !event.clear_fields.empty(),
                  IsErasureRequest(*event.envelope),
                  /*is_exact=*/false,
                  event.id};
  if (NameOf(event) != name) {
    outcome.fate = Fate::kElsewhere;
    return outcome;
  }
  First here{record.offset, event::ContentOf(event)};
  if (const auto first = work.first.find(event.id); first != work.first.end()) {
    if (event::SameContent(here.content, first->second.content)) {
      outcome.fate = Fate::kDuplicate;
      outcome.is_exact = here.content == first->second.content;
      return outcome;
    }
    return Quarantine(record, name, ConflictWith(first->second.offset), work);
  }
  if (const auto rejection = validator_.CheckPayload()) {
    return Quarantine(record, name, *rejection, work);
  }
  work.first.emplace(event.id, std::move(here));
  work.anew.touches.Append(record.offset, event.id.Tag());
  work.touches.push_back({record.offset, event.id.Tag()});
  if (!anonymous && event::IsRevision(event.kind)) {
    work.anew.touches.NoteRevision(record.offset, event::RevisionOf(event).target.Tag());
  }
  work.anew.greatest_id = std::max(work.anew.greatest_id, event.id);
  work.anew.folded_to = record.offset;
  if (!outcome.folds) outcome.fate = Fate::kNotFolded;
  return outcome;
}

Outcome Refolder::Quarantine(const RecordView& record, absl::string_view name,
                             const Rejection& rejection, Work& work) {
  const v1::Event& envelope = validator_.envelope();
  work.anew.quarantined +=
      record.key == name && LeavesIncomplete(record, rejection, envelope, parts_.partitions) ? 1
                                                                                             : 0;
  work.anew.quarantine.push_back(EntryOf(record, rejection, envelope));
  Outcome outcome{record.offset, Fate::kRejected};
  outcome.clear_text = !validator_.event().clear_fields.empty();
  if (rejection.reason == Reason::kEventIdConflict) outcome.fate = Fate::kConflict;
  if (!envelope.event_id().empty()) outcome.id = EventId::FromText(envelope.event_id());
  outcome.folds = store::IsAnonymous(name) || CountsAsFolded(*parts_.projection, envelope.kind());
  return outcome;
}

absl::StatusOr<std::map<std::string, std::set<Offset>>> Refolder::FindCopies(
    const DisplacedByName& displaced, Offset to) {
  std::map<std::string, std::set<Offset>> copies;
  Offset from = to;
  for (const auto& [name, events] : displaced) {
    for (const auto& [id, offset] : events) from = std::min(from, offset + 1);
  }
  if (from >= to) return copies;
  const auto is_copy = [&](absl::string_view name, const EventId& id, Offset offset) {
    const auto events = displaced.find(name);
    if (events == displaced.end()) return false;
    const auto event = events->second.find(id);
    return event != events->second.end() && event->second < offset;
  };
  const auto cursor = parts_.archive->Scan(parts_.partition, from, to);
  while (cursor->Next()) {
    const RecordView& record = cursor->record();
    // The key of a good record is its customer, or the event's id.
    if (!displaced.contains(record.key)) {
      const EventId id = EventId::FromText(record.key);
      if (!is_copy(store::AnonymousName(id), id, record.offset)) continue;
    }
    if (verdicts_->IsCrashed(record.offset) || validator_.CheckEnvelope(record).has_value()) {
      continue;
    }
    const std::string name = NameOf(validator_.event());
    if (is_copy(name, validator_.event().id, record.offset)) copies[name].insert(record.offset);
  }
  RETURN_IF_ERROR(cursor->status());
  return copies;
}

}  // namespace rapport::pipeline
