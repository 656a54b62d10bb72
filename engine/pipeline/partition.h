// PartitionRunner drives a PartitionTask on a thread of its own.
//
// Threads:   Start and Stop from the owner's thread; task() as PartitionTask says.
// Ownership: owns the task; borrows all of PartitionParts.
#pragma once

#include <atomic>
#include <thread>

#include "engine/pipeline/partition_task.h"

namespace rapport::pipeline {

class PartitionRunner {
 public:
  PartitionRunner(const PartitionParts& parts, const PartitionOptions& options,
                  const store::PartitionState& state)
      : task_(parts, options, state) {}
  ~PartitionRunner() { Stop(); }

  void Start();
  // Finishes the batch under way, takes a last cut and waits until it is durable.
  void Stop();

  PartitionTask& task() { return task_; }
  const PartitionTask& task() const { return task_; }

 private:
  void Run();

  PartitionTask task_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
};

}  // namespace rapport::pipeline
