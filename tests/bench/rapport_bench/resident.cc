#include "tests/bench/rapport_bench/resident.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numeric>
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
#include "tests/bench/rapport_bench/resident_parts.h"

namespace rapport::bench {
namespace {

// The middle twentieth.
constexpr size_t kMiddle = 20;

// Part `i` of customers that ascend by their bytes.
ResidentPart PartOf(const std::vector<Parts>& each, size_t i) {
  const size_t begin = each.size() / 2 - each.size() / kMiddle / 2;
  const size_t end = std::max(begin + 1, begin + each.size() / kMiddle);
  ResidentPart part{kPartNames[i]};
  for (size_t at = 0; at < each.size(); ++at) {
    const auto handed = static_cast<double>(each[at][i].handed);
    part.mean += handed / static_cast<double>(each.size());
    if (at < begin || at >= end) continue;
    part.median += handed / static_cast<double>(end - begin);
    part.median_used += static_cast<double>(each[at][i].used) / static_cast<double>(end - begin);
  }
  return part;
}

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
    std::vector<Parts> each;
    for (const store::Slot* slot : slots_) {
      each.push_back(PartsOf(*slot, *static_cast<const facts::Facts*>(slot->facts())));
    }
    std::sort(each.begin(), each.end(),
              [](const Parts& a, const Parts& b) { return HandedOut(a) < HandedOut(b); });
    std::vector<double> sums;
    for (const Parts& parts : each) sums.push_back(static_cast<double>(HandedOut(parts)));
    const auto count = static_cast<double>(each.size());
    const auto all = static_cast<double>(table_.MemoryBytes());
    const double share = (all - std::accumulate(sums.begin(), sums.end(), 0.0)) / count;
    ResidentBytes out{
        events_, static_cast<int64_t>(each.size()), Median(sums) + share, all / count, {}};
    out.parts.push_back({"share of the table", share, sizeof(void*), share});
    for (size_t i = 0; i < kPartNames.size(); ++i) out.parts.push_back(PartOf(each, i));
    return out;
  }

 private:
  const fold::Projection& projection_;
  event::Validator validator_;
  store::ResidentTable table_;
  std::vector<const store::Slot*> slots_;
  int64_t events_ = 0;
};

}  // namespace

std::vector<RealLog> RealLogs() {
  const char* set = std::getenv("RAPPORT_DATA");
  const std::string data = set != nullptr ? set : RAPPORT_SOURCE_DIR "/../shared/data";
  std::vector<RealLog> logs;
  for (const RealLog& log :
       {RealLog{"cdnow", "cdnow.toml", "cdnow/CDNOW_master.txt.gz"},
        RealLog{"online-retail", "online-retail.toml", "uci_online_retail/online_retail.csv.gz"}}) {
    const std::string file = absl::StrCat(data, "/", log.file);
    if (!std::filesystem::exists(file)) {
      std::printf("%s is not there: set RAPPORT_DATA to the folder of the data sets\n",
                  file.c_str());
      continue;
    }
    logs.push_back(
        {log.name, absl::StrCat(RAPPORT_SOURCE_DIR "/deploy/import/", log.mapping), file});
  }
  return logs;
}

absl::StatusOr<ResidentBytes> MeasureResident(const RealLog& log,
                                              const fold::Projection& projection) {
  ASSIGN_OR_RETURN(const auto mapping, transactions::ImportMapping::Load(log.mapping));
  ASSIGN_OR_RETURN(auto importer, transactions::Importer::Open(mapping, log.file, {}));
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
