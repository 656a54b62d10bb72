// Metrics: what Prometheus is told, never about a customer.
//
//   Metrics metrics;
//   metrics.Watch(&engine);
//   Dispatcher dispatcher(&table, &gate, metrics.observer());
//   metrics.Text()
//
// Threads:   all methods from any thread. Ownership: borrows the engine.
// Never:     waits for the log or reads more of a disk than how full it is.
#pragma once

#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "consumers/edge/dispatcher.h"
#include "engine/engine.h"

namespace rapport::operations {

class Metrics {
 public:
  Metrics();

  // Tells of this engine from now on, and of how many streams watch it.
  void Watch(const Engine* engine, std::function<size_t()> watch_streams) {
    engine_ = engine;
    watch_streams_ = std::move(watch_streams);
  }
  // Counts every call that ended.
  edge::Dispatcher::Observer observer();

  // All of it, as Prometheus reads it.
  std::string Text() const;

 private:
  prometheus::Histogram& HistogramOf(const edge::Method& method, absl::StatusCode code);

  const Engine* engine_ = nullptr;
  std::function<size_t()> watch_streams_;
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Histogram>& requests_;
  absl::Mutex mutex_;
  std::map<std::pair<const edge::Method*, absl::StatusCode>, prometheus::Histogram*> known_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace rapport::operations
