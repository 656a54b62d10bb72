#include "consumers/operations/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "consumers/edge/rpc_status.h"
#include "engine/base/disk.h"
#include "engine/base/durations.h"
#include "engine/model/index_row.h"
#include "engine/model/rejection.h"

namespace rapport::operations {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Seconds: from what memory answers to the longest deadline.
const prometheus::Histogram::BucketBoundaries kSeconds = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

// Families that are read off the engine at the moment they are asked for.
class Reading {
 public:
  void Counter(const std::string& name, const std::string& help, int64_t value) {
    BeginCounter(name, help);
    Count(value);
  }

  // Further values of the family that was begun last differ in their labels.
  void BeginCounter(const std::string& name, const std::string& help) {
    Begin(name, help, MetricType::Counter);
  }
  void Count(int64_t value, std::vector<ClientMetric::Label> labels = {}) {
    ClientMetric metric;
    metric.counter.value = static_cast<double>(value);
    metric.label = std::move(labels);
    families_.back().metric.push_back(std::move(metric));
  }

  void Histogram(const std::string& name, const std::string& help, const Durations& durations) {
    const Durations::Sight sight = durations.Look();
    ClientMetric metric;
    uint64_t so_far = 0;
    for (size_t i = 0; i < sight.counts.size(); ++i) {
      so_far += static_cast<uint64_t>(sight.counts[i]);
      const bool is_last = i == Durations::kBoundsUs.size();
      metric.histogram.bucket.push_back(
          {so_far, is_last ? std::numeric_limits<double>::infinity()
                           : static_cast<double>(Durations::kBoundsUs[i]) / 1e6});
    }
    metric.histogram.sample_count = so_far;
    metric.histogram.sample_sum = static_cast<double>(sight.sum_us) / 1e6;
    Begin(name, help, MetricType::Histogram).metric.push_back(std::move(metric));
  }

  void Begin(const std::string& name, const std::string& help) {
    Begin(name, help, MetricType::Gauge);
  }
  void Gauge(double value, std::vector<ClientMetric::Label> labels = {}) {
    ClientMetric metric;
    metric.gauge.value = value;
    metric.label = std::move(labels);
    families_.back().metric.push_back(std::move(metric));
  }

  std::vector<MetricFamily> Take() { return std::move(families_); }

 private:
  MetricFamily& Begin(const std::string& name, const std::string& help, MetricType type) {
    MetricFamily family;
    family.name = "rapport_" + name;
    family.help = help;
    family.type = type;
    families_.push_back(std::move(family));
    return families_.back();
  }

  std::vector<MetricFamily> families_;
};

ClientMetric::Label Labelled(const std::string& name, std::string value) {
  ClientMetric::Label label;
  label.name = name;
  label.value = std::move(value);
  return label;
}

void ReadCounters(const Engine& engine, Reading& reading) {
  const store::EventCounters counters = engine.pipeline().counters();
  reading.Counter("events_applied_total", "Events that were folded.", counters.folded);
  reading.Counter("events_duplicate_total", "The same event again.", counters.duplicates);
  reading.BeginCounter("events_quarantined_total",
                       "Records that went into quarantine since the start, by reason.");
  // Those that never came too, so that the first of them is an increase.
  const std::map<Reason, int64_t> quarantined = engine.pipeline().quarantined();
  for (int number = 1; number <= static_cast<int>(Reason::kCrashedFold); ++number) {
    const auto reason = static_cast<Reason>(number);
    const auto found = quarantined.find(reason);
    reading.Count(found == quarantined.end() ? 0 : found->second,
                  {Labelled("reason", std::string(ReasonName(reason)))});
  }
  reading.Begin("quarantine_events", "Records in quarantine now, conflicts among them.");
  reading.Gauge(static_cast<double>(counters.rejected + counters.conflicts));
  reading.Counter("events_not_folded_total", "Valid events that a later version folds.",
                  counters.not_folded);
  reading.Counter("clear_text_total", "Events with a sensitive text in clear in the log.",
                  counters.clear_text);
}

void ReadPartitions(const Engine& engine, Reading& reading) {
  const pipeline::Pipeline& pipeline = engine.pipeline();
  std::vector<pipeline::PartitionProgress> all;
  for (Partition partition = 0; partition < pipeline.partitions(); ++partition) {
    all.push_back(pipeline.progress(partition));
  }
  const auto each = [&](auto read) {
    for (size_t i = 0; i < all.size(); ++i) {
      reading.Gauge(read(all[i]), {Labelled("partition", absl::StrCat(i))});
    }
  };
  reading.Begin("applied_offset", "Next offset to fold.");
  each([](const auto& progress) { return static_cast<double>(progress.applied); });
  reading.Begin("durable_offset", "Next offset that survives a crash.");
  each([](const auto& progress) { return static_cast<double>(progress.durable); });
  reading.Begin("customers", "Customers.");
  each([](const auto& progress) { return static_cast<double>(progress.customers); });
  reading.Begin("echo_pending", "Echoes that the log has not been given yet.");
  each([](const auto& progress) { return static_cast<double>(progress.echo_pending); });
  const std::vector<pipeline::Lag> lags = engine.Lags();
  reading.Begin("lag_events", "Events in the log that are not applied yet, as last heard.");
  for (size_t i = 0; i < lags.size(); ++i) {
    reading.Gauge(static_cast<double>(lags[i].events), {Labelled("partition", absl::StrCat(i))});
  }
  reading.Begin("lag_seconds", "How long the oldest of them may have waited, at most.");
  for (size_t i = 0; i < lags.size(); ++i) {
    reading.Gauge(static_cast<double>(lags[i].micros) / 1e6,
                  {Labelled("partition", absl::StrCat(i))});
  }
  reading.Begin("partition_stopped", "1 for a partition that stands still, with its cause.");
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].stopped.ok()) continue;
    reading.Gauge(1, {Labelled("cause", edge::ReasonOf(all[i].stopped)),
                      Labelled("partition", absl::StrCat(i))});
  }
}

// Left out while nobody is looked up in the indexes: what they hold then is a part.
void ReadFollowUps(const Engine& engine, Reading& reading) {
  const pipeline::Pipeline& pipeline = engine.pipeline();
  if (pipeline.IndexesReady() < pipeline.partitions()) return;
  const auto is_overdue = [](absl::string_view text) -> std::optional<store::WantedRows> {
    const std::optional<FollowUpRowName> name = FollowUpRowName::Parse(text);
    if (!name.has_value() || name->status != v1::FOLLOW_UP_STATUS_OVERDUE) return std::nullopt;
    return store::WantedRows{};
  };
  const auto sight = pipeline.ReadIndex(engine.clock().NowMicros(), /*limit=*/0, is_overdue);
  if (!sight.ok()) return;
  int64_t overdue = 0;
  for (const auto& [name, rows] : sight->counts) overdue += rows;
  reading.Begin("follow_ups_overdue",
                "Follow-ups overdue, without those of merged customers and of who became so in "
                "the last moments.");
  reading.Gauge(static_cast<double>(overdue));
}

void ReadEngine(const Engine& engine, Reading& reading) {
  if (const auto space = DiskSpaceOf(engine.options().data_directory); space.ok()) {
    reading.Begin("disk_free_bytes", "Free on the disk of the data directory.");
    reading.Gauge(static_cast<double>(space->free_bytes));
  }
  reading.Begin("unlisted_currency_customers",
                "Customers who bought in a currency that the rules have no rate for.");
  reading.Gauge(static_cast<double>(engine.pipeline().IndexRowsOf(kUnlistedCurrencyRowName)));
  reading.Begin("publish_paused", "1 while nothing is taken in, for example for want of disk.");
  reading.Gauge(engine.MayWrite().ok() ? 0 : 1);
  const pipeline::WorkDurations& durations = engine.pipeline().durations();
  reading.Histogram("fold_duration_seconds",
                    "How long a batch took, from the log to those who read.", durations.folds);
  reading.Histogram("checkpoint_duration_seconds", "How long a cut took to be durable.",
                    durations.checkpoints);
  const pipeline::RebuildStatus rebuild = engine.pipeline().rebuild();
  if (rebuild.begun_us != 0 && rebuild.total > 0) {
    reading.Begin("operation_progress_ratio", "How far an operation is, 0 to 1.");
    reading.Gauge(static_cast<double>(rebuild.done) / static_cast<double>(rebuild.total),
                  {Labelled("kind", "rebuild")});
  }
  reading.Begin("build_info", "1, with the version of the program.");
  reading.Gauge(1, {Labelled("version", RAPPORT_VERSION)});
}

}  // namespace

Metrics::Metrics()
    : requests_(prometheus::BuildHistogram()
                    .Name("rapport_request_duration_seconds")
                    .Help("How long calls took, by method and how they ended.")
                    .Register(registry_)) {}

prometheus::Histogram& Metrics::HistogramOf(const edge::Method& method, absl::StatusCode code) {
  const absl::MutexLock lock(&mutex_);
  prometheus::Histogram*& histogram = known_[{&method, code}];
  if (histogram == nullptr) {
    histogram = &requests_.Add({{"method", absl::StrCat(method.descriptor->service()->name(), "/",
                                                        method.descriptor->name())},
                                {"code", absl::StatusCodeToString(code)}},
                               kSeconds);
  }
  return *histogram;
}

edge::Dispatcher::Observer Metrics::observer() {
  return [this](const edge::Method& method, absl::StatusCode code, absl::Duration took) {
    HistogramOf(method, code).Observe(absl::ToDoubleSeconds(took));
  };
}

std::string Metrics::Text() const {
  Reading reading;
  if (engine_ != nullptr) {
    ReadCounters(*engine_, reading);
    ReadPartitions(*engine_, reading);
    ReadEngine(*engine_, reading);
    ReadFollowUps(*engine_, reading);
    reading.Begin("watch_streams", "Who watches relationships now.");
    reading.Gauge(static_cast<double>(watch_streams_()));
  }
  const prometheus::TextSerializer serializer;
  return serializer.Serialize(reading.Take()) + serializer.Serialize(registry_.Collect());
}

}  // namespace rapport::operations
