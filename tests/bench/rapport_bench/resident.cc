#include "tests/bench/rapport_bench/resident.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/transactions/import.h"
#include "engine/base/clock.h"
#include "engine/base/status_macros.h"
#include "engine/event/validator.h"
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

  absl::Status Take(const v1::Event& sent) {
    const std::string bytes = sent.SerializeAsString();
    RecordView record;
    record.offset = events_++;
    record.append_time_us = SystemClock().NowMicros();
    record.key = sent.customer_id();
    record.value = bytes;
    auto rejection = validator_.CheckEnvelope(record);
    if (!rejection.has_value()) rejection = validator_.CheckPayload();
    if (rejection.has_value()) {
      return absl::InternalError(absl::StrCat(sent.event_id(), ": ", rejection->message));
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
  RETURN_IF_ERROR(importer->Run([&](v1::Event&& event) { return residents.Take(event); }, report));
  return residents.Measure();
}

}  // namespace rapport::bench
