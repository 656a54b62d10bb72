// Evaluating by itself: what one customer costs, and the whole base on every core.
//
//   tools/dev bench evaluate [--customers 1000000] [--events 5000000] [--workload uniform-uuid7]
//
// CPU nanoseconds of a customer, on one thread, the least of several rounds; then the whole base on
// as many threads as there are cores, by the clock. All facts lie in memory.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/event/validator.h"
#include "engine/log/partitioner.h"
#include "projections/catalog.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {
namespace {

constexpr int kRounds = 5;
// Later than every event.
constexpr int64_t kNow = 1'800'000'000'000'000;

// Facts of all customers of a workload.
class Base {
 public:
  Base(const Shape& shape, const Amounts& amounts, const fold::Projection& projection)
      : projection_(projection) {
    event::Validator validator({1, &log::PartitionOf});
    Workload workload(shape, amounts);
    NewRecord record;
    std::map<std::string, size_t> places;
    for (Offset offset = 0; workload.Next(record); ++offset) {
      const RecordView view = {0, offset, kNow, record.key, record.value, {}};
      RAPPORT_CHECK(!validator.CheckEnvelope(view).has_value());
      RAPPORT_CHECK(!validator.CheckPayload().has_value());
      const ValidEvent& event = validator.event();
      if (!projection.Folds(event.kind)) continue;
      const auto [place, is_new] = places.emplace(record.key, facts_.size());
      if (is_new) {
        ids_.push_back(record.key);
        facts_.push_back(std::make_unique<char[]>(projection.size()));
        projection.Construct(facts_.back().get());
      }
      void* facts = facts_[place->second].get();
      projection.Fold(facts, event);
      newest_us_ = std::max(newest_us_, projection.NewestAt(facts));
    }
  }
  ~Base() {
    for (const auto& facts : facts_) projection_.Destroy(facts.get());
  }
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;

  size_t size() const { return facts_.size(); }
  const std::string& id(size_t at) const { return ids_[at]; }
  const void* facts(size_t at) const { return facts_[at].get(); }
  // The newest event of all.
  int64_t newest_us() const { return newest_us_; }

 private:
  const fold::Projection& projection_;
  std::vector<std::string> ids_;
  std::vector<std::unique_ptr<char[]>> facts_;
  int64_t newest_us_ = 0;
};

double CpuNanos() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Asks something of customers begin .. end - 1.
using Ask = std::function<void(size_t begin, size_t end)>;

void Measure(const char* name, const Base& base, const Ask& ask) {
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = CpuNanos();
    ask(0, base.size());
    const double nanos = (CpuNanos() - begin) / static_cast<double>(base.size());
    if (round == 0 || nanos < best) best = nanos;
  }
  const absl::Time begin = absl::Now();
  const size_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> running;
  for (size_t i = 0; i < threads; ++i) {
    running.emplace_back(
        [&, i] { ask(base.size() * i / threads, base.size() * (i + 1) / threads); });
  }
  for (std::thread& one : running) one.join();
  std::printf("%-34s %7.0f ns a customer, the base %6.3f s on %zu threads\n", name, best,
              absl::ToDoubleSeconds(absl::Now() - begin), threads);
}

void MeasureStanding(const char* name, const Base& base, const fold::Projection& projection,
                     const fold::EvaluateOptions& options) {
  Measure(name, base, [&](size_t begin, size_t end) {
    v1::Standing standing;
    for (size_t i = begin; i < end; ++i) {
      standing.Clear();
      projection.Evaluate(base.id(i), base.facts(i), base.newest_us(), options, standing);
    }
  });
}

void Run(const Shape& shape, const Amounts& amounts) {
  const auto projection = projections::StandardCatalog().value();
  const Base base(shape, amounts, *projection);
  std::printf("%s, %ld events, %zu customers\n", shape.name.c_str(),
              static_cast<long>(amounts.events), base.size());
  Measure("rows of the index", base, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      IndexRows rows;
      projection->Index(base.id(i), base.facts(i), base.newest_us(), rows);
    }
  });
  fold::EvaluateOptions options{.follow_ups = false, .next_change = false, .receipts = false};
  MeasureStanding("stage, flags, score, types", base, *projection, options);
  options.follow_ups = true;
  MeasureStanding("and follow-ups", base, *projection, options);
  options.next_change = true;
  MeasureStanding("and the next change", base, *projection, options);
  options.receipts = true;
  MeasureStanding("and receipts", base, *projection, options);
}

}  // namespace
}  // namespace rapport::bench

int main(int argc, char** argv) {
  CLI::App app("What evaluating costs.");
  rapport::bench::Amounts amounts{.events = 1'000'000, .customers = 200'000};
  std::string workload = "uniform-uuid7";
  app.add_option("--events", amounts.events, "how many");
  app.add_option("--customers", amounts.customers, "how many");
  app.add_option("--workload", workload, "uniform-uuid7, mixed-uuid7, ...");
  CLI11_PARSE(app, argc, argv);
  for (const rapport::bench::Shape& shape : rapport::bench::AllShapes()) {
    if (shape.name == workload) rapport::bench::Run(shape, amounts);
  }
  return 0;
}
