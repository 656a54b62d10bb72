#include "tests/bench/rapport_bench/rebuild_bound.h"

#include <algorithm>
#include <ctime>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "engine/base/status_macros.h"
#include "engine/event/validator.h"
#include "engine/log/partitioner.h"
#include "engine/pipeline/folder.h"
#include "engine/store/customer_row.h"
#include "engine/store/keys.h"
#include "engine/store/resident_table.h"
#include "engine/table/table.h"
#include "tests/bench/rapport_bench/baselines.h"

namespace rapport::bench {
namespace {

// How many events wait for memory together.
constexpr size_t kWindow = 32;

double ThreadCpuNanos() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
}

// An event that lives on when the validator goes to the next.
struct OwnEvent {
  v1::Event envelope;
  std::unique_ptr<google::protobuf::Message> payload;
  ValidEvent view;

  void Take(const ValidEvent& event) {
    envelope.CopyFrom(*event.envelope);
    payload.reset(event.payload->New());
    payload->CopyFrom(*event.payload);
    view = event;
    view.envelope = &envelope;
    view.payload = payload.get();
    view.customer_id = envelope.customer_id();
  }
};

// One partition's customers, folded with nothing around it.
class BareFold {
 public:
  BareFold(const fold::Projection& projection, int partitions)
      : projection_(projection),
        validator_({partitions, &log::PartitionOf}),
        table_(pipeline::FactsTypeOf(projection)) {}

  absl::Status Take(const RecordBatch& batch) {
    if (events_.size() < batch.records.size()) events_.resize(batch.records.size());
    for (size_t i = 0; i < batch.records.size(); ++i) {
      auto rejection = validator_.CheckEnvelope(batch.records[i]);
      if (!rejection.has_value()) rejection = validator_.CheckPayload();
      if (rejection.has_value()) return absl::InternalError(rejection->message);
      events_[i].Take(validator_.event());
    }
    const double begun = ThreadCpuNanos();
    const absl::Span<const OwnEvent> events =
        absl::MakeConstSpan(events_).first(batch.records.size());
    for (size_t from = 0; from < events.size(); from += kWindow) {
      FoldWindow(events.subspan(from, kWindow));
    }
    fold_ns_ += ThreadCpuNanos() - begun;
    return absl::OkStatus();
  }

  double fold_ns() const { return fold_ns_; }

  // Sorted, as a commit writes them.
  std::vector<table::KeyValue> Rows(Partition partition) const {
    std::vector<table::KeyValue> rows;
    for (const store::Slot* slot : slots_) {
      std::string facts;
      projection_.Encode(slot->facts(), /*with_offsets=*/true, facts);
      store::CustomerRow row;
      row.folded_to = slot->folded_to;
      row.greatest_id = slot->greatest_id;
      row.chunks = slot->touches.chunks();
      row.tail = slot->touches.tail();
      row.tail_size = slot->touches.size() - row.chunks * store::kTouchesPerChunk;
      row.facts = facts;
      rows.emplace_back(store::CustomerKey(partition, slot->name()), "");
      row.AppendTo(rows.back().second);
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }

 private:
  // Asks for the memory of all before it touches the first, as the pipeline does.
  void FoldWindow(absl::Span<const OwnEvent> events) {
    uint32_t hashes[kWindow];
    for (size_t i = 0; i < events.size(); ++i) {
      hashes[i] = store::ResidentTable::Hash(events[i].view.customer_id);
      table_.Prefetch(hashes[i]);
    }
    const store::Slot* slots[kWindow];
    size_t count = 0;
    for (size_t i = 0; i < events.size(); ++i) {
      if (const store::Slot* slot = table_.Likely(hashes[i])) slots[count++] = slot;
    }
    for (int step = 0; step < fold::Projection::kPrefetchSteps; ++step) {
      for (size_t i = 0; i < count; ++i) {
        projection_.Prefetch(slots[i]->facts(), step);
        if (step == 0) slots[i]->touches.Prefetch();
      }
    }
    for (size_t i = 0; i < events.size(); ++i) Fold(events[i].view, hashes[i]);
  }

  void Fold(const ValidEvent& event, uint32_t hash) {
    store::Slot* slot = table_.Find(event.customer_id, hash);
    if (slot == nullptr) {
      slot = table_.Insert(event.customer_id, hash);
      slots_.push_back(slot);
    }
    projection_.Fold(slot->facts(), event);
    slot->touches.Append(event.offset, event.id.Tag());
    slot->greatest_id = std::max(slot->greatest_id, event.id);
    slot->folded_to = event.offset;
  }

  const fold::Projection& projection_;
  event::Validator validator_;
  store::ResidentTable table_;
  std::vector<store::Slot*> slots_;
  std::vector<OwnEvent> events_;
  double fold_ns_ = 0;
};

// Blocks are short; a batch of several is what a step of the pipeline takes.
absl::StatusOr<int64_t> FoldPartition(log::Archive& archive, Partition partition, BareFold& fold) {
  int64_t count = 0;
  const auto cursor = archive.Scan(partition, 0, archive.End(partition).next);
  RecordBatch batch;
  while (cursor->NextBatch(batch)) {
    RETURN_IF_ERROR(fold.Take(batch));
    count += static_cast<int64_t>(batch.records.size());
  }
  RETURN_IF_ERROR(cursor->status());
  return count;
}

}  // namespace

absl::StatusOr<RebuildBound> MeasureRebuildBound(log::Archive& archive,
                                                 const fold::Projection& projection, int64_t events,
                                                 const std::string& folder) {
  RebuildBound bound;
  const int partitions = archive.partitions();
  ASSIGN_OR_RETURN(bound.scan, ScanArchive(archive, events));
  std::vector<std::vector<table::KeyValue>> rows(static_cast<size_t>(partitions));
  std::vector<double> fold_ns(rows.size());
  RETURN_IF_ERROR(ForEachPartition(partitions, events, [&](Partition partition) {
                    BareFold fold(projection, partitions);
                    auto count = FoldPartition(archive, partition, fold);
                    rows[static_cast<size_t>(partition)] = fold.Rows(partition);
                    fold_ns[static_cast<size_t>(partition)] = fold.fold_ns();
                    return count;
                  }).status());
  double all_ns = 0;
  for (const double ns : fold_ns) all_ns += ns;
  const auto cores = std::min<unsigned>(std::max(1u, std::thread::hardware_concurrency()),
                                        static_cast<unsigned>(partitions));
  bound.fold = absl::Nanoseconds(all_ns / cores);
  ASSIGN_OR_RETURN(const auto state, table::OpenRocksTable(folder, {}));
  const auto write = [&](Partition partition) -> absl::StatusOr<int64_t> {
    RETURN_IF_ERROR(state->Ingest(rows[static_cast<size_t>(partition)]));
    return 0;
  };
  ASSIGN_OR_RETURN(bound.write, ForEachPartition(partitions, 0, write));
  return bound;
}

}  // namespace rapport::bench
