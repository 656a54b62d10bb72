#include "tests/bench/rapport_bench/resident.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/transactions/import.h"
#include "engine/base/clock.h"
#include "engine/base/status_macros.h"
#include "engine/event/validator.h"
#include "engine/log/partitioner.h"
#include "engine/pipeline/folder.h"
#include "engine/store/resident_table.h"
#include "tests/bench/rapport_bench/figures.h"

namespace rapport::bench {
namespace {

// Folds events into a table, as the pipeline does once it knows that they are new.
class Residents {
 public:
  explicit Residents(const fold::Projection& projection)
      : projection_(projection), validator_({}), table_(pipeline::FactsTypeOf(projection)) {}

  absl::Status Take(absl::string_view key, absl::string_view value) {
    RecordView record;
    record.offset = events_++;
    record.append_time_us = SystemClock().NowMicros();
    record.key = key;
    record.value = value;
    auto rejection = validator_.CheckEnvelope(record);
    if (!rejection.has_value()) rejection = validator_.CheckPayload();
    if (rejection.has_value()) {
      return absl::InternalError(
          absl::StrCat(validator_.envelope().event_id(), ": ", rejection->message));
    }
    const ValidEvent& event = validator_.event();
    const uint32_t hash = store::ResidentTable::Hash(event.customer_id);
    store::Slot* slot = table_.Find(event.customer_id, hash);
    if (slot == nullptr) {
      slot = table_.Insert(event.customer_id, hash);
      slots_.push_back(slot);
    }
    projection_.Fold(slot->facts(), event);
    slot->touches.Append(record.offset, event.id.Tag());
    return absl::OkStatus();
  }

  ResidentBytes Measure() const {
    std::vector<double> each;
    double sum = 0;
    for (const store::Slot* slot : slots_) {
      each.push_back(static_cast<double>(store::Slot::FactsOffset() + slot->name_size +
                                         projection_.MemoryBytes(slot->facts()) +
                                         slot->touches.HeapBytes()));
      sum += each.back();
    }
    const auto all = static_cast<double>(table_.MemoryBytes());
    const auto count = static_cast<double>(slots_.size());
    return {events_, static_cast<int64_t>(slots_.size()), Median(each) + (all - sum) / count,
            all / count};
  }

 private:
  const fold::Projection& projection_;
  event::Validator validator_;
  store::ResidentTable table_;
  std::vector<const store::Slot*> slots_;
  int64_t events_ = 0;
};

}  // namespace

absl::StatusOr<ResidentBytes> MeasureResident(const std::string& mapping, const std::string& file,
                                              const fold::Projection& projection) {
  ASSIGN_OR_RETURN(const auto loaded, transactions::ImportMapping::Load(mapping));
  ASSIGN_OR_RETURN(auto importer, transactions::Importer::Open(loaded, file, {}));
  Residents residents(projection);
  transactions::ImportReport report;
  const auto take = [&](v1::Event&& event) {
    return residents.Take(event.customer_id(), event.SerializeAsString());
  };
  RETURN_IF_ERROR(importer->Run(take, report));
  return residents.Measure();
}

absl::StatusOr<ResidentBytes> MeasureResident(const Shape& shape, const Amounts& amounts,
                                              int partitions, const fold::Projection& projection) {
  Workload workload(shape, amounts);
  Residents residents(projection);
  NewRecord record;
  while (workload.Next(record)) {
    if (log::PartitionOf(record.key, partitions) != 0) continue;
    RETURN_IF_ERROR(residents.Take(record.key, record.value));
  }
  return residents.Measure();
}

}  // namespace rapport::bench
