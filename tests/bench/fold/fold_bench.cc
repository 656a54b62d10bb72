// The fold by itself: no log, no archive, no disk, one thread. CPU nanoseconds of an event, piece
// by piece, each piece with all before it.
//
//   tools/dev bench fold [--events 1000000] [--customers 200000] [--workload uniform-uuid7]
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/event/validator.h"
#include "engine/log/archive.h"
#include "engine/log/archive_block.h"
#include "engine/log/partitioner.h"
#include "engine/pipeline/folder.h"
#include "engine/pipeline/index_keeper.h"
#include "engine/table/model_table.h"
#include "projections/catalog.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {
namespace {

constexpr size_t kBatchRecords = 2048;
constexpr int kRounds = 5;
// Later than every event.
constexpr int64_t kNow = 1'800'000'000'000'000;

// All records of one workload in memory, in batches as a log gives them.
struct Records {
  std::vector<std::pair<std::string, std::string>> bytes;
  std::vector<RecordBatch> batches;
};

std::unique_ptr<Records> Make(const Shape& shape, const Amounts& amounts) {
  auto all = std::make_unique<Records>();
  Workload workload(shape, amounts);
  NewRecord record;
  while (workload.Next(record)) all->bytes.emplace_back(record.key, record.value);
  for (size_t i = 0; i < all->bytes.size(); ++i) {
    if (i % kBatchRecords == 0) {
      all->batches.emplace_back();
      all->batches.back().first = static_cast<Offset>(i);
    }
    RecordBatch& batch = all->batches.back();
    batch.next = static_cast<Offset>(i + 1);
    batch.records.push_back(
        {0, static_cast<Offset>(i), kNow, all->bytes[i].first, all->bytes[i].second, {}});
  }
  return all;
}

double CpuNanos() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// The least of several rounds: what is above it is the machine's other work.
void Measure(
    const char* name, const Records& records, const std::string& only,
    const std::function<void()>& run, const std::function<void()>& prepare = [] {}) {
  if (!only.empty() && only != name) return;
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    prepare();
    const double begin = CpuNanos();
    run();
    const double nanos = (CpuNanos() - begin) / static_cast<double>(records.bytes.size());
    if (round == 0 || nanos < best) best = nanos;
  }
  std::printf("%-34s %7.0f ns an event\n", name, best);
}

// The fold with the upkeep of the index: whoever a batch folded is evaluated behind it.
void MeasureIndex(const Records& records, const std::string& only,
                  const fold::Projection& projection, const store::StateStore& store,
                  const std::function<void()>& begin_anew,
                  const std::unique_ptr<pipeline::Folder>& folder) {
  const ManualClock clock(kNow);
  std::unique_ptr<pipeline::IndexKeeper> keeper;
  const auto apply = [&] {
    for (const RecordBatch& batch : records.batches) {
      RAPPORT_CHECK_OK(folder->Apply(batch));
      keeper->AfterBatch(/*is_behind=*/false);
    }
  };
  Measure("fold and index", records, only, apply, [&] {
    keeper.reset();
    begin_anew();
    const std::shared_ptr<const fold::Projection> folds(std::shared_ptr<void>(), &projection);
    keeper = std::make_unique<pipeline::IndexKeeper>(0, folds, &clock, &store, &folder->table());
  });
  if (keeper == nullptr) return;
  std::printf("%-34s %7.0f bytes a customer\n", "memory of the index",
              static_cast<double>(keeper->index().MemoryBytes()) /
                  static_cast<double>(folder->state().customers));
  // Its table tells it of who goes, and goes with the folder.
  folder->table().Watch(nullptr);
}

void Run(const Shape& shape, const Amounts& amounts, const std::string& only) {
  const auto records = Make(shape, amounts);
  const auto projection = projections::StandardCatalog().value();
  std::printf("%s, %ld events, %ld customers\n", shape.name.c_str(),
              static_cast<long>(amounts.events), static_cast<long>(amounts.customers));
  uint64_t sink = 0;
  Measure("checksum", *records, only, [&] {
    for (const RecordBatch& batch : records->batches) {
      for (const RecordView& record : batch.records) {
        sink = log::ChainNext(sink, record.offset, log::RecordCrc(record));
      }
    }
  });
  size_t stored = 0;
  Measure("blocks", *records, only, [&] {
    stored = 0;
    for (const RecordBatch& batch : records->batches) {
      for (const log::EncodedBlock& block : log::EncodeBlocks(batch, {}))
        stored += block.bytes.size();
    }
  });
  event::Validator validator({1, &log::PartitionOf});
  Measure("envelope", *records, only, [&] {
    for (const RecordBatch& batch : records->batches) {
      for (const RecordView& record : batch.records) {
        RAPPORT_CHECK(!validator.CheckEnvelope(record).has_value());
      }
    }
  });
  Measure("payload", *records, only, [&] {
    for (const RecordBatch& batch : records->batches) {
      for (const RecordView& record : batch.records) {
        RAPPORT_CHECK(!validator.CheckEnvelope(record).has_value());
        RAPPORT_CHECK(!validator.CheckPayload().has_value());
      }
    }
  });
  table::ModelDisk archive_disk, state_disk;
  table::TableOptions with_wal;
  with_wal.wal = true;
  const auto archive_table = archive_disk.Open(with_wal).value();
  const auto state_table = state_disk.Open({}).value();
  const auto archive = log::Archive::Open(archive_table.get(), 1, {1, 1}, 1).value();
  const auto store =
      store::StateStore::Open(state_table.get(), {{1, 1}, 1, projection->fold_digest()}).value();
  std::unique_ptr<pipeline::Folder> folder;
  const auto begin_anew = [&] {
    folder = std::make_unique<pipeline::Folder>(0, 1, projection.get(), archive.get(), store.get(),
                                                store::PartitionState{});
  };
  const auto apply = [&] {
    for (const RecordBatch& batch : records->batches) RAPPORT_CHECK_OK(folder->Apply(batch));
  };
  Measure("fold", *records, only, apply, begin_anew);
  MeasureIndex(*records, only, *projection, *store, begin_anew, folder);
  size_t rows = 0;
  Measure(
      "cut", *records, only, [&] { rows = folder->TakeCut().cut.rows.size(); },
      [&] {
        begin_anew();
        apply();
      });
  if (rows > 0) std::printf("%-34s %7zu rows\n", "", rows);
  if (folder == nullptr) return;
  std::printf("%-34s %7.0f bytes a customer (%016lx)\n", "memory",
              static_cast<double>(folder->table().MemoryBytes()) /
                  static_cast<double>(folder->state().customers),
              sink);
}

int Main(int argc, char** argv) {
  Amounts amounts{1'000'000, 200'000, 1};
  std::string workload = AllShapes().front().name, only;
  CLI::App app{"CPU time of the fold by itself."};
  app.add_option("--events", amounts.events)
      ->check(CLI::Range(int64_t{1000}, int64_t{100'000'000}));
  app.add_option("--customers", amounts.customers)
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000}));
  app.add_option("--workload", workload);
  app.add_option("--only", only, "one piece by its name, for a profiler");
  CLI11_PARSE(app, argc, argv);
  for (const Shape& shape : AllShapes()) {
    if (shape.name == workload) Run(shape, amounts, only);
  }
  return 0;
}

}  // namespace
}  // namespace rapport::bench

int main(int argc, char** argv) { return rapport::bench::Main(argc, argv); }
