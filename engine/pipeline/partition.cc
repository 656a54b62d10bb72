#include "engine/pipeline/partition.h"

#include "absl/time/clock.h"

namespace rapport::pipeline {
namespace {

constexpr absl::Duration kReadTimeout = absl::Milliseconds(50);
constexpr absl::Duration kRest = absl::Milliseconds(50);

}  // namespace

void PartitionRunner::Start() {
  thread_ = std::thread([this] { Run(); });
}

void PartitionRunner::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void PartitionRunner::Run() {
  while (!stopping_) {
    switch (task_.Step(kReadTimeout)) {
      case PartitionTask::Next::kStep:
        break;
      case PartitionTask::Next::kAwaitCommit:
        task_.AwaitCommit();
        break;
      case PartitionTask::Next::kRest:
        absl::SleepFor(kRest);
        break;
    }
  }
  task_.AwaitCommit();
  task_.CutNow();
  task_.AwaitCommit();
}

}  // namespace rapport::pipeline
