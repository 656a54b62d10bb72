// Folder applies records to one partition's customers: validate, de-duplicate, fold.
//
//   RETURN_IF_ERROR(folder.Apply(batch));
//   Cut cut = folder.TakeCut();            // everything since the last cut, at one position
//   ... commit ...
//   folder.Committed(std::move(done));
//
// Customers with a retraction or correction in a batch, or with what one is aimed at, are folded
// anew from the archive at the batch's end: each once, however many there are.
//
// Threads:   the partition's thread; readers go through table().
// Ownership: borrows projection, archive and store; owns the resident table.
// Errors:    those of archive and store when a miss cannot be read; the partition must stop. A bad
//            record is quarantined and is no error.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "engine/event/validator.h"
#include "engine/fold/projection.h"
#include "engine/log/archive.h"
#include "engine/pipeline/conversions.h"
#include "engine/pipeline/deduplicator.h"
#include "engine/pipeline/revised_fold.h"
#include "engine/pipeline/verdicts.h"
#include "engine/store/resident_table.h"
#include "engine/store/state_store.h"

namespace rapport::pipeline {

// How to handle the facts of `projection`.
store::FactsType FactsTypeOf(const fold::Projection& projection);

// A cut in flight: what is written, and whose slots are pinned until it is.
struct Checkpoint {
  store::Cut cut;
  std::vector<store::Slot*> slots;
  // Per slot, the number of full touch chunks the cut holds.
  std::vector<uint32_t> chunks;
};

// Called with each customer whose erasure the log asks for, on the partition's thread, again after
// each rebuild.
using OnErasure = std::function<void(const std::string& customer_id)>;

// A customer folded anew, to take the place of what is there.
struct Replacement {
  // Encoded with offsets.
  std::string facts;
  Links links;
  Aliases aliases;
  store::TouchList touches;
  EventId greatest_id;
  uint32_t quarantined = 0;
  Offset folded_to = -1;
  // What is in quarantine now, and the offsets that were and are not any more.
  std::vector<store::QuarantineEntry> quarantine;
  std::vector<Offset> released;
  // Whether an erasure is among the events that it did not have before.
  bool asks_erasure = false;
  // What is added to the counters; numbers may be negative.
  store::EventCounters change;
};

class Folder {
 public:
  Folder(Partition partition, int partitions, const fold::Projection* projection,
         log::Archive* archive, const store::StateStore* store, const store::PartitionState& state,
         OnErasure on_erasure = nullptr);

  // Applies records in order; their offsets follow those before. After an error those before the
  // one that failed are applied. REQUIRES: they are archived, should any of them be a retraction or
  // correction, or what one is aimed at.
  absl::Status Apply(const RecordBatch& batch);

  // Tells of an erasure that `record`, which is not folded now, asks for.
  void NoteErasure(const RecordView& record);

  // From now on gives what is logged at or behind `from` its twins, which go into the cuts.
  void BeginEcho(Offset from) { echo_from_ = from; }
  // Twins since the last cut.
  size_t twins() const { return twins_.size(); }
  // The log has these twins, which were committed: their rows go with the next cut.
  void NoteEchoed(absl::Span<const Offset> offsets);

  // Who is told of erasures from now on.
  void SetOnErasure(OnErasure on_erasure) { on_erasure_ = std::move(on_erasure); }

  const fold::Projection& projection() const { return *projection_; }
  // Next offset, chain and counters as applied.
  const store::PartitionState& state() const { return state_; }
  // Customers changed since the last cut.
  size_t dirty() const { return table_.dirty(); }
  // How many customers may be changed, at most `slots_max`, while no more than half of
  // `budget_bytes` is theirs: what is changed cannot be evicted. A handful may be, however small
  // the budget is.
  size_t DirtyMax(size_t slots_max, size_t budget_bytes) const {
    constexpr size_t kDirtyAlways = 256;
    return std::min(slots_max, std::max(budget_bytes / 2 / table_.bytes_per_slot(), kDirtyAlways));
  }
  // The same where all can be folded again from the archive: while everybody fits into the budget
  // nobody has to be evicted, so all may be changed.
  size_t DirtyMaxFromArchive(size_t budget_bytes) const {
    return table_.ApproximateBytes() <= budget_bytes ? SIZE_MAX : DirtyMax(SIZE_MAX, budget_bytes);
  }
  // There are none any more once a customer could not be folded anew: then a cut would hold facts
  // that are not those of its position.
  bool HasChanges() const { return !is_stuck_ && (state_.next != cut_next_ || has_replaced_); }

  // Records it has sent into quarantine, by reason, and those of the folder it goes on for.
  const std::map<Reason, int64_t>& quarantined() const { return quarantined_; }
  void CountOn(const Folder& before) { quarantined_ = before.quarantined_; }

  // Records to set aside unread.
  Verdicts& verdicts() { return verdicts_; }
  const Verdicts& verdicts() const { return verdicts_; }

  // All touches of a customer or an anonymous name, ascending; none when there is no such.
  absl::StatusOr<std::vector<store::Touch>> TouchesOf(absl::string_view name);
  // Puts a customer that was folded anew into its place, or takes it out when there is nothing of
  // it any more; all of it is part of the next cut.
  // REQUIRES: nothing is dirty but what was replaced since the last cut, and no cut is in flight.
  absl::Status Replace(absl::string_view name, Replacement anew);
  // Changes quarantine entries and counters of records that are nobody's.
  void ReplaceEntries(std::vector<store::QuarantineEntry> entries);

  // Copies what changed since the last cut. REQUIRES: the cut before was given to Committed.
  Checkpoint TakeCut();
  // The same, and its commit: what changed is durable in `store` when it returns. Many customers
  // are encoded while they are written and not copied before. REQUIRES: as TakeCut.
  absl::Status WriteCut(store::StateStore& store);
  // Unpins the slots of a cut whose commit has returned.
  void Committed(const Checkpoint& checkpoint);

  // Frees memory down to about `budget_bytes`.
  void Evict(size_t budget_bytes) { table_.Evict(budget_bytes); }

  const store::ResidentTable& table() const { return table_; }
  // For who keeps what is derived from the customers.
  store::ResidentTable& table() { return table_; }

 private:
  absl::Status ApplyRecords(const RecordBatch& batch);
  // Folds anew who was noted for it.
  absl::Status RefoldRevised();
  absl::Status Refold(store::Slot& slot);
  absl::Status LoadMissing(const RecordBatch& batch);
  // REQUIRES: a few records, see kWindow.
  absl::Status ApplyWindow(absl::Span<const RecordView> records);
  // Asks the memory for all that these records will need; fills in the hashes of their keys.
  void BringNear(absl::Span<const RecordView> records, uint32_t* hashes) const;
  // The same for slots whose own place was asked for.
  void BringNear(absl::Span<const store::Slot* const> slots) const;
  // A cut of all that changed, without rows.
  Checkpoint BeginCut();
  // Asks the memory for all of these slots.
  void BringAllNear(absl::Span<store::Slot* const> slots) const;
  // Adds the customer's row to `bytes`.
  void EncodeRow(const store::Slot& slot, std::string& bytes);
  // Adds the rows of its full chunks of touches.
  void AddChunks(Checkpoint& checkpoint, const store::Slot& slot) const;
  // The slot of `name`, which LoadMissing has looked for unless it is anonymous; null when there is
  // none anywhere.
  absl::StatusOr<store::Slot*> FindOrLoad(absl::string_view name, uint32_t hash);
  absl::StatusOr<store::Slot*> Load(absl::string_view name, uint32_t hash);
  absl::Status LoadRow(absl::string_view name, uint32_t hash, absl::string_view row);
  absl::Status ReplaceSlot(absl::string_view name, Replacement& anew);
  absl::Status ApplyRecord(const RecordView& record, uint32_t key_hash);
  absl::Status ApplyValid(const RecordView& record, absl::string_view name, uint32_t hash);
  void FoldInto(store::Slot& slot, const ValidEvent& event) const;

  // folder_echo.cc: twins of what is folded.
  // Of a customer who is folded anew at the batch's end: what is decided then, and what it takes.
  struct Late {
    // Records that may bring about a conversion, or take one back.
    std::vector<Offset> offsets;
    // All of the customer's; none before a retraction looks for what it is aimed at.
    std::vector<store::Touch> touches;
    bool bought = false;
    bool referred = false;
    // A purchase or a ReferralReceived is taken back.
    bool takes_back = false;
  };
  bool IsEchoed(const ValidEvent& event) const;
  // Whether the customer was referred and has bought before the event.
  bool IsIntroduced(const ValidEvent& event, const store::Slot* slot) const;
  // Notes the twin, if there is one, of an event that was folded into the slot, or is when the
  // batch ends.
  absl::Status Echo(const ValidEvent& event, bool was_introduced, bool is_late, store::Slot& slot);
  absl::StatusOr<std::optional<v1::Event>> TwinOf(const ValidEvent& event, store::Slot& slot);
  absl::StatusOr<std::optional<v1::Event>> LateTwinOf(const ValidEvent& event, store::Slot& slot,
                                                      Late& late);
  absl::StatusOr<std::optional<v1::Event>> ConversionOf(const ValidEvent& event, store::Slot& slot);
  absl::StatusOr<std::optional<v1::Event>> RetractionOf(const ValidEvent& event, store::Slot& slot,
                                                        Late& late);
  // The customer's records one by one; `visit` is called behind each of them.
  absl::StatusOr<Conversions> Walk(
      const store::Slot& slot, absl::Span<const store::Touch> touches,
      std::vector<event::Revision> revisions,
      absl::FunctionRef<void(const Conversions&, const ValidEvent&)> visit);
  bool MayConvert(const store::Slot& slot, const Late& late,
                  absl::Span<const event::Revision> revisions) const;
  absl::Status EchoLate(store::Slot& slot, Late& late);
  absl::StatusOr<std::optional<v1::Event>> LateConversionOf(const store::Slot& slot,
                                                            absl::Span<const store::Touch> touches,
                                                            const ValidEvent& event,
                                                            const Conversions::Referral& referral,
                                                            EventId purchase_id);
  void NoteTwin(const ValidEvent& event, const std::optional<v1::Event>& twin);
  absl::StatusOr<bool> IsRetractedBefore(const EventId& id, Offset offset, store::Slot& slot);
  void TellOfErasure(const v1::Event& event);
  absl::Status Quarantine(const RecordView& record, const Rejection& rejection);

  const Partition partition_;
  const int partitions_;
  const fold::Projection* const projection_;
  const store::StateStore* const store_;
  event::Validator validator_;
  Deduplicator deduplicator_;
  RevisedFold revised_fold_;
  // For an event besides one that `revised_fold_` has found.
  RevisedFold second_fold_;
  store::ResidentTable table_;
  store::PartitionState state_;
  Verdicts verdicts_;
  std::vector<store::QuarantineEntry> quarantine_;
  std::map<Reason, int64_t> quarantined_;
  // Keys of rows that are gone.
  std::vector<std::string> removed_;
  Offset cut_next_ = 0;
  bool has_replaced_ = false;
  // Of one customer, encoded.
  std::string facts_;
  // Who is to be folded anew at the end of this batch; and that this has failed.
  std::vector<store::Slot*> revised_;
  bool is_stuck_ = false;
  // Of those in `revised_`, by their place in it.
  std::map<size_t, Late> late_;
  // None: nothing is echoed.
  std::optional<Offset> echo_from_;
  std::vector<store::WaitingTwin> twins_;
  OnErasure on_erasure_;
};

}  // namespace rapport::pipeline
