// Folder applies records to one partition's customers: validate, de-duplicate, fold.
//
//   RETURN_IF_ERROR(folder.Apply(batch));
//   Cut cut = folder.TakeCut();            // everything since the last cut, at one position
//   ... commit ...
//   folder.Committed(std::move(done));
//
// Threads:   the partition's thread; readers go through table().
// Ownership: borrows projection, archive and store; owns the resident table.
// Errors:    those of archive and store when a miss cannot be read; the partition must stop. A bad
//            record is quarantined and is no error.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "engine/event/validator.h"
#include "engine/fold/projection.h"
#include "engine/log/archive.h"
#include "engine/pipeline/deduplicator.h"
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

class Folder {
 public:
  Folder(Partition partition, int partitions, const fold::Projection* projection,
         log::Archive* archive, const store::StateStore* store, const store::PartitionState& state,
         OnErasure on_erasure = nullptr);

  // Applies records in order; their offsets follow those before.
  absl::Status Apply(const RecordBatch& batch);

  // Next offset, chain and counters as applied.
  const store::PartitionState& state() const { return state_; }
  // Customers changed since the last cut.
  size_t dirty() const { return table_.dirty(); }
  bool HasChanges() const { return state_.next != cut_next_; }

  // Copies what changed since the last cut. REQUIRES: the cut before was given to Committed.
  Checkpoint TakeCut();
  // Unpins the slots of a cut whose commit has returned.
  void Committed(const Checkpoint& checkpoint);

  // Frees memory down to about `budget_bytes`.
  void Evict(size_t budget_bytes) { table_.Evict(budget_bytes); }

  const store::ResidentTable& table() const { return table_; }

 private:
  absl::Status LoadMissing(const RecordBatch& batch);
  // The slot of `name`, read from the store if need be; null when there is none anywhere.
  absl::StatusOr<store::Slot*> FindOrLoad(absl::string_view name, uint32_t hash);
  absl::Status LoadRow(absl::string_view name, uint32_t hash, absl::string_view row);
  store::Slot* InsertNew(absl::string_view name, uint32_t hash);
  absl::Status ApplyRecord(const RecordView& record);
  absl::Status ApplyValid(const RecordView& record, absl::string_view name, uint32_t hash);
  absl::Status Quarantine(const RecordView& record, const Rejection& rejection);

  const Partition partition_;
  const fold::Projection* const projection_;
  const store::StateStore* const store_;
  event::Validator validator_;
  Deduplicator deduplicator_;
  store::ResidentTable table_;
  store::PartitionState state_;
  std::vector<store::QuarantineEntry> quarantine_;
  Offset cut_next_ = 0;
  const OnErasure on_erasure_;
};

}  // namespace rapport::pipeline
