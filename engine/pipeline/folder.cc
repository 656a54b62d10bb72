#include "engine/pipeline/folder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/leading_bytes.h"
#include "engine/base/status_macros.h"
#include "engine/event/link.h"
#include "engine/log/partitioner.h"
#include "engine/pipeline/erasure.h"
#include "engine/pipeline/quarantine.h"
#include "engine/store/customer_row.h"
#include "engine/store/keys.h"

namespace rapport::pipeline {
namespace {

// So many records are brought into the cache together: enough to wait for memory once and not for
// each, few enough that they are still there when they are folded.
constexpr size_t kWindow = 32;

absl::Status AheadOfPosition(Partition partition, Offset folded_to, Offset next) {
  return absl::DataLossError(absl::StrCat(
      "STATE_DAMAGED: partition ", partition, " holds a customer folded to ", folded_to,
      ", its position is ", next, "; delete the folder `state`, it is rebuilt from the archive"));
}

void SetFacts(const fold::Projection& projection, absl::string_view encoded, store::Slot& slot) {
  projection.Destroy(slot.facts());
  projection.Construct(slot.facts());
  RAPPORT_CHECK_OK(projection.Decode(encoded, slot.facts()));
}

struct NamePlace {
  LeadingBytes leading;
  store::Slot* slot;
};

// Sorts by the bytes of the names, as keys are.
void SortByName(std::vector<store::Slot*>& slots, const store::ResidentTable& table) {
  std::vector<NamePlace> places(slots.size());
  for (size_t i = 0; i < slots.size(); ++i) {
    if (i + kWindow < slots.size()) table.Prefetch(*slots[i + kWindow]);
    places[i] = {LeadingBytes(slots[i]->name()), slots[i]};
  }
  std::sort(places.begin(), places.end(), [](const NamePlace& a, const NamePlace& b) {
    if (a.leading != b.leading) return a.leading < b.leading;
    return a.slot->name() < b.slot->name();
  });
  for (size_t i = 0; i < slots.size(); ++i) slots[i] = places[i].slot;
}

}  // namespace

store::FactsType FactsTypeOf(const fold::Projection& projection) {
  store::FactsType type;
  type.size = projection.size();
  RAPPORT_CHECK(projection.align() <= 8) << projection.align();
  type.construct = [&projection](void* facts) { projection.Construct(facts); };
  type.destroy = [&projection](void* facts) { projection.Destroy(facts); };
  type.memory_bytes = [&projection](const void* facts) { return projection.MemoryBytes(facts); };
  return type;
}

Folder::Folder(Partition partition, int partitions, const fold::Projection* projection,
               log::Archive* archive, const store::StateStore* store,
               const store::PartitionState& state, OnErasure on_erasure)
    : partition_(partition),
      partitions_(partitions),
      projection_(projection),
      store_(store),
      validator_(event::ValidatorOptions{partitions, &log::PartitionOf}),
      deduplicator_(archive, store),
      revised_fold_(partition, projection, archive, nullptr),
      second_fold_(partition, projection, archive, nullptr),
      table_(FactsTypeOf(*projection), /*holds_all=*/state.next == 0),
      state_(state),
      cut_next_(state.next),
      on_erasure_(std::move(on_erasure)) {}

absl::Status Folder::Apply(const RecordBatch& batch) {
  const absl::Status applied = ApplyRecords(batch);
  const absl::Status refolded = RefoldRevised();
  is_stuck_ = is_stuck_ || !refolded.ok();
  return applied.ok() ? refolded : applied;
}

absl::Status Folder::RefoldRevised() {
  const std::vector<store::Slot*> revised = std::exchange(revised_, {});
  // While their facts are those before the batch.
  for (auto& [place, late] : std::exchange(late_, {})) {
    RETURN_IF_ERROR(EchoLate(*revised[place], late));
  }
  for (store::Slot* slot : revised) RETURN_IF_ERROR(Refold(*slot));
  return absl::OkStatus();
}

absl::Status Folder::Refold(store::Slot& slot) {
  ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, TouchesOf(slot.name()));
  ASSIGN_OR_RETURN(RevisedFold::Folded folded,
                   revised_fold_.Fold(slot.name(), touches, slot.touches.revisions()));
  store::SlotLock lock(slot);
  SetFacts(*projection_, folded.facts, slot);
  slot.links = std::move(folded.links);
  slot.aliases = std::move(folded.aliases);
  return absl::OkStatus();
}

absl::Status Folder::ApplyRecords(const RecordBatch& batch) {
  RAPPORT_CHECK(batch.first == state_.next)
      << "partition " << partition_ << ": " << batch.first << " does not follow " << state_.next;
  RETURN_IF_ERROR(LoadMissing(batch));
  const absl::Span<const RecordView> records(batch.records);
  for (size_t from = 0; from < records.size(); from += kWindow) {
    RETURN_IF_ERROR(ApplyWindow(records.subspan(from, kWindow)));
  }
  state_.next = batch.next;
  return absl::OkStatus();
}

absl::Status Folder::ApplyWindow(absl::Span<const RecordView> records) {
  uint32_t hashes[kWindow];
  BringNear(records, hashes);
  for (size_t i = 0; i < records.size(); ++i) {
    const RecordView& record = records[i];
    RETURN_IF_ERROR(ApplyRecord(record, hashes[i]));
    // Position, chain and counters move with the facts: after an error a cut is still a prefix.
    ++state_.counters.archived;
    state_.chain = log::ChainNext(state_.chain, record.offset, log::RecordCrc(record));
    state_.next = record.offset + 1;
  }
  return absl::OkStatus();
}

// Each pass asks for what the one before has brought, for all records, so that they wait together.
void Folder::BringNear(absl::Span<const RecordView> records, uint32_t* hashes) const {
  for (size_t i = 0; i < records.size(); ++i) {
    hashes[i] = store::ResidentTable::Hash(records[i].key);
    table_.Prefetch(hashes[i]);
  }
  const store::Slot* slots[kWindow];
  size_t count = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    if (const store::Slot* slot = table_.Likely(hashes[i])) slots[count++] = slot;
  }
  BringNear(absl::MakeConstSpan(slots, count));
}

void Folder::BringNear(absl::Span<const store::Slot* const> slots) const {
  for (int step = 0; step < fold::Projection::kPrefetchSteps; ++step) {
    for (const store::Slot* slot : slots) {
      projection_->Prefetch(slot->facts(), step);
      if (step == 0) slot->touches.Prefetch();
    }
  }
}

// Reads the customers of a batch that are not resident in one sorted pass.
absl::Status Folder::LoadMissing(const RecordBatch& batch) {
  if (table_.HoldsAll()) return absl::OkStatus();
  std::vector<std::string> missing;
  for (size_t from = 0; from < batch.records.size(); from += kWindow) {
    uint32_t hashes[kWindow];
    const auto records = absl::MakeConstSpan(batch.records).subspan(from, kWindow);
    for (size_t i = 0; i < records.size(); ++i) {
      hashes[i] = store::ResidentTable::Hash(records[i].key);
      table_.Prefetch(hashes[i]);
    }
    for (size_t i = 0; i < records.size(); ++i) table_.Likely(hashes[i]);
    for (size_t i = 0; i < records.size(); ++i) {
      if (table_.Find(records[i].key, hashes[i]) == nullptr) missing.emplace_back(records[i].key);
    }
  }
  if (missing.empty()) return absl::OkStatus();
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  const auto rows = store_->ReadCustomers(partition_, missing);
  for (size_t i = 0; i < missing.size(); ++i) {
    if (absl::IsNotFound(rows[i].status())) continue;
    RETURN_IF_ERROR(rows[i].status());
    RETURN_IF_ERROR(LoadRow(missing[i], store::ResidentTable::Hash(missing[i]), *rows[i]));
  }
  return absl::OkStatus();
}

absl::Status Folder::LoadRow(absl::string_view name, uint32_t hash, absl::string_view bytes) {
  ASSIGN_OR_RETURN(const store::CustomerRow row, store::CustomerRow::Parse(bytes));
  // Rows and position are committed in one. So no record can come that a customer has already: what
  // is below the position is not read again, and what he has is below it.
  if (row.folded_to >= state_.next) return AheadOfPosition(partition_, row.folded_to, state_.next);
  return table_.InsertFilled(name, hash, [&](store::Slot& slot) {
    slot.folded_to = row.folded_to;
    slot.greatest_id = row.greatest_id;
    slot.quarantined = row.quarantined;
    slot.touches = store::TouchList::FromRow(row.chunks, row.tail, row.tail_size, row.revisions);
    RAPPORT_CHECK(Links::Decode(row.links, slot.links)) << "a row that was checked";
    RAPPORT_CHECK(Aliases::Decode(row.aliases, slot.aliases)) << "a row that was checked";
    return projection_->Decode(row.facts, slot.facts());
  });
}

absl::StatusOr<store::Slot*> Folder::FindOrLoad(absl::string_view name, uint32_t hash) {
  if (store::Slot* slot = table_.Find(name, hash); slot != nullptr) return slot;
  // LoadMissing has looked for the keys of this batch; what is filed under another name has not
  // been looked for yet.
  if (!store::IsAnonymous(name) || table_.HoldsAll()) return nullptr;
  return Load(name, hash);
}

absl::StatusOr<store::Slot*> Folder::Load(absl::string_view name, uint32_t hash) {
  if (store::Slot* slot = table_.Find(name, hash); slot != nullptr) return slot;
  const std::vector<std::string> names = {std::string(name)};
  const auto rows = store_->ReadCustomers(partition_, names);
  if (absl::IsNotFound(rows[0].status())) return nullptr;
  RETURN_IF_ERROR(rows[0].status());
  RETURN_IF_ERROR(LoadRow(name, hash, *rows[0]));
  return table_.Find(name, hash);
}

absl::Status Folder::ApplyRecord(const RecordView& record, uint32_t key_hash) {
  if (verdicts_.IsCrashed(record.offset)) {
    NoteErasure(record);
    validator_.SalvageOnly(record);
    return Quarantine(record, CrashedFold(verdicts_.crashed().at(record.offset)));
  }
  if (const auto rejection = validator_.CheckEnvelope(record))
    return Quarantine(record, *rejection);
  TellOfErasure(validator_.envelope());
  const ValidEvent& event = validator_.event();
  if (event.customer_id.empty()) {
    const std::string name = NameOf(event);
    return ApplyValid(record, name, store::ResidentTable::Hash(name));
  }
  // The customer is the key.
  return ApplyValid(record, event.customer_id, key_hash);
}

absl::Status Folder::ApplyValid(const RecordView& record, absl::string_view name, uint32_t hash) {
  const ValidEvent& event = validator_.event();
  ASSIGN_OR_RETURN(store::Slot * slot, FindOrLoad(name, hash));
  if (slot != nullptr) {
    RAPPORT_CHECK(record.offset > slot->folded_to)
        << "partition " << partition_ << ": offset " << record.offset << " was folded before";
    ASSIGN_OR_RETURN(const Earlier earlier, deduplicator_.Check(event, *slot));
    if (earlier.novelty == Novelty::kDuplicate) {
      ++state_.counters.duplicates;
      return absl::OkStatus();
    }
    if (earlier.novelty == Novelty::kConflict) {
      return Quarantine(record, ConflictWith(earlier.offset));
    }
  }
  if (const auto rejection = validator_.CheckPayload()) return Quarantine(record, *rejection);
  const bool revises = !event.customer_id.empty() && event::IsRevision(event.kind);
  const bool folds = !event.customer_id.empty() && CountsAsFolded(*projection_, event.kind);
  const bool was_introduced = IsIntroduced(event, slot);
  if (slot == nullptr) slot = table_.Insert(name, hash);
  state_.customers += slot->touches.size() == 0 && !event.customer_id.empty();
  const uint32_t target = revises ? event::RevisionOf(event).target.Tag() : 0;
  // A revision of what has not come changes nothing yet.
  const bool aims = revises && (!slot->touches.AllTagsResident() || slot->touches.HasTag(target));
  const bool waits = std::find(revised_.begin(), revised_.end(), slot) != revised_.end();
  const bool is_revised = waits || aims || slot->touches.IsRevised(event.id.Tag());
  if (is_revised && !waits) revised_.push_back(slot);
  {
    store::SlotLock lock(*slot);
    if (!event.customer_id.empty() && !is_revised) FoldInto(*slot, event);
    slot->touches.Append(record.offset, event.id.Tag());
    if (revises) slot->touches.NoteRevision(record.offset, target);
    slot->greatest_id = std::max(slot->greatest_id, event.id);
    slot->folded_to = record.offset;
  }
  table_.MarkDirty(slot);
  state_.counters.folded += folds || event.customer_id.empty();
  state_.counters.not_folded += !folds && !event.customer_id.empty();
  state_.counters.anonymous += event.customer_id.empty();
  state_.counters.clear_text += !event.clear_fields.empty();
  return Echo(event, was_introduced, is_revised, *slot);
}

// Adds what a new event of the slot's customer says, which no revision is about.
void Folder::FoldInto(store::Slot& slot, const ValidEvent& event) const {
  if (projection_->Folds(event.kind)) projection_->Fold(slot.facts(), event);
  event::AddLink(event, slot.links);
  event::AddAlias(event, slot.aliases);
  event::AddErasure(*event.envelope, slot.links);
  event::AddErasure(*event.envelope, slot.aliases);
}

void Folder::NoteErasure(const RecordView& record) {
  if (!on_erasure_ || !MayAskErasure(record)) return;
  if (validator_.CheckEnvelope(record).has_value()) return;
  TellOfErasure(validator_.envelope());
}

void Folder::TellOfErasure(const v1::Event& event) {
  if (on_erasure_ && IsErasureRequest(event)) on_erasure_(event.customer_id());
}

absl::Status Folder::Quarantine(const RecordView& record, const Rejection& rejection) {
  const v1::Event& envelope = validator_.envelope();
  if (LeavesIncomplete(record, rejection, envelope, partitions_)) {
    const uint32_t hash = store::ResidentTable::Hash(record.key);
    ASSIGN_OR_RETURN(store::Slot * slot, FindOrLoad(record.key, hash));
    if (slot == nullptr) slot = table_.Insert(record.key, hash);
    {
      store::SlotLock lock(*slot);
      ++slot->quarantined;
    }
    table_.MarkDirty(slot);
  }
  const bool conflict = rejection.reason == Reason::kEventIdConflict;
  (conflict ? state_.counters.conflicts : state_.counters.rejected) += 1;
  ++quarantined_[rejection.reason];
  quarantine_.push_back(EntryOf(record, rejection, envelope));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<store::Touch>> Folder::TouchesOf(absl::string_view name) {
  std::vector<store::Touch> touches;
  ASSIGN_OR_RETURN(const store::Slot* slot, Load(name, store::ResidentTable::Hash(name)));
  if (slot == nullptr) return touches;
  ASSIGN_OR_RETURN(touches, store_->ReadChunks(partition_, name, slot->touches.first_unsaved()));
  for (const std::string& chunk : slot->touches.unsaved()) {
    RAPPORT_CHECK(store::DecodeTouches(chunk, touches)) << "partition " << partition_;
  }
  RAPPORT_CHECK(store::DecodeTouches(slot->touches.tail(), touches)) << "partition " << partition_;
  if (const store::Touch* back = store::FirstGoingBack(touches)) {
    return log::OfAnotherHistory(partition_, back->offset, name);
  }
  return touches;
}

absl::Status Folder::Replace(absl::string_view name, Replacement anew) {
  RETURN_IF_ERROR(ReplaceSlot(name, anew));
  // Behind the slot and before the commit, so that who sees the number and reads on finds either
  // the slot as it is now, or its row.
  table_.NoteReplaced();
  if (anew.asks_erasure && on_erasure_) on_erasure_(std::string(name));
  for (const Offset offset : anew.released) {
    removed_.push_back(store::QuarantineKey(partition_, offset));
  }
  state_.counters += anew.change;
  has_replaced_ = true;
  ReplaceEntries(std::move(anew.quarantine));
  return absl::OkStatus();
}

absl::Status Folder::ReplaceSlot(absl::string_view name, Replacement& anew) {
  const uint32_t hash = store::ResidentTable::Hash(name);
  ASSIGN_OR_RETURN(store::Slot * slot, Load(name, hash));
  const bool is_empty = anew.touches.size() == 0 && anew.quarantined == 0;
  if (slot == nullptr && is_empty) return absl::OkStatus();
  if (slot == nullptr) slot = table_.Insert(name, hash);
  RAPPORT_CHECK(!slot->in_flight && !slot->dirty) << "partition " << partition_;
  if (!store::IsAnonymous(name)) {
    state_.customers += (anew.touches.size() > 0) - (slot->touches.size() > 0);
  }
  const uint32_t chunks = slot->touches.chunks();
  for (uint32_t chunk = anew.touches.chunks(); chunk < chunks; ++chunk) {
    removed_.push_back(store::TouchKey(partition_, name, chunk));
  }
  if (is_empty) {
    removed_.push_back(store::CustomerKey(partition_, name));
    table_.Erase(slot);
    return absl::OkStatus();
  }
  {
    store::SlotLock lock(*slot);
    SetFacts(*projection_, anew.facts, *slot);
    slot->touches = std::move(anew.touches);
    slot->links = std::move(anew.links);
    slot->aliases = std::move(anew.aliases);
    slot->greatest_id = anew.greatest_id;
    slot->quarantined = anew.quarantined;
    slot->folded_to = anew.folded_to;
  }
  table_.MarkDirty(slot);
  return absl::OkStatus();
}

void Folder::ReplaceEntries(std::vector<store::QuarantineEntry> entries) {
  has_replaced_ = has_replaced_ || !entries.empty();
  for (store::QuarantineEntry& entry : entries) quarantine_.push_back(std::move(entry));
}

Checkpoint Folder::BeginCut() {
  Checkpoint checkpoint;
  checkpoint.slots = table_.TakeDirty();
  checkpoint.cut.partition = partition_;
  RAPPORT_CHECK(state_.counters.AddUp()) << "partition " << partition_ << " at " << state_.next;
  checkpoint.cut.state = state_;
  checkpoint.cut.quarantine = std::exchange(quarantine_, {});
  checkpoint.cut.twins = std::exchange(twins_, {});
  checkpoint.cut.removed = std::exchange(removed_, {});
  has_replaced_ = false;
  checkpoint.chunks.reserve(checkpoint.slots.size());
  cut_next_ = state_.next;
  return checkpoint;
}

Checkpoint Folder::TakeCut() {
  Checkpoint checkpoint = BeginCut();
  checkpoint.cut.rows.reserve(checkpoint.slots.size());
  const absl::Span<store::Slot* const> slots(checkpoint.slots);
  for (size_t from = 0; from < slots.size(); from += kWindow) {
    const auto window = slots.subspan(from, kWindow);
    BringAllNear(window);
    for (const store::Slot* slot : window) {
      std::string bytes;
      EncodeRow(*slot, bytes);
      checkpoint.cut.rows.emplace_back(store::CustomerKey(partition_, slot->name()),
                                       std::move(bytes));
      AddChunks(checkpoint, *slot);
    }
  }
  return checkpoint;
}

absl::Status Folder::WriteCut(store::StateStore& store) {
  if (table_.dirty() < store.ingest_rows_min() || !removed_.empty()) {
    Checkpoint checkpoint = TakeCut();
    std::vector<store::Cut> cuts;
    cuts.push_back(std::move(checkpoint.cut));
    RETURN_IF_ERROR(store.Commit(std::move(cuts)));
    Committed(checkpoint);
    return absl::OkStatus();
  }
  Checkpoint checkpoint = BeginCut();
  SortByName(checkpoint.slots, table_);
  const absl::Span<store::Slot* const> slots(checkpoint.slots);
  for (size_t i = 0; i < slots.size(); ++i) {
    if (i + kWindow < slots.size()) table_.Prefetch(*slots[i + kWindow]);
    AddChunks(checkpoint, *slots[i]);
  }
  std::string key, value;
  size_t at = 0;
  RETURN_IF_ERROR(store.CommitFile(std::move(checkpoint.cut), [&](table::RowView& row) {
    if (at == slots.size()) return false;
    if (at % kWindow == 0) BringAllNear(slots.subspan(at, kWindow));
    const store::Slot& slot = *slots[at++];
    key = store::CustomerKey(partition_, slot.name());
    value.clear();
    EncodeRow(slot, value);
    row = {key, value};
    return true;
  }));
  Committed(checkpoint);
  return absl::OkStatus();
}

void Folder::BringAllNear(absl::Span<store::Slot* const> slots) const {
  for (const store::Slot* slot : slots) table_.Prefetch(*slot);
  BringNear(slots);
}

void Folder::EncodeRow(const store::Slot& slot, std::string& bytes) {
  facts_.clear();
  projection_->Encode(slot.facts(), /*with_offsets=*/true, facts_);
  store::CustomerRow row;
  row.folded_to = slot.folded_to;
  row.greatest_id = slot.greatest_id;
  row.quarantined = slot.quarantined;
  row.chunks = slot.touches.chunks();
  row.tail = slot.touches.tail();
  row.tail_size = slot.touches.size() - row.chunks * store::kTouchesPerChunk;
  const std::string revisions = slot.touches.EncodedRevisions();
  row.revisions = revisions;
  const std::string links = slot.links.Encode();
  row.links = links;
  const std::string aliases = slot.aliases.Encode();
  row.aliases = aliases;
  row.facts = facts_;
  bytes.reserve(facts_.size() + row.tail.size() + revisions.size() + links.size() + aliases.size() +
                40);
  row.AppendTo(bytes);
}

void Folder::AddChunks(Checkpoint& checkpoint, const store::Slot& slot) const {
  uint32_t chunk = slot.touches.first_unsaved();
  for (const std::string& touches : slot.touches.unsaved()) {
    checkpoint.cut.rows.emplace_back(store::TouchKey(partition_, slot.name(), chunk++), touches);
  }
  checkpoint.chunks.push_back(chunk);
}

void Folder::Committed(const Checkpoint& checkpoint) {
  for (size_t i = 0; i < checkpoint.slots.size(); ++i) {
    store::SlotLock lock(*checkpoint.slots[i]);
    checkpoint.slots[i]->touches.Saved(checkpoint.chunks[i]);
  }
  table_.Committed(checkpoint.slots);
}

}  // namespace rapport::pipeline
