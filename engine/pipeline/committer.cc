#include "engine/pipeline/committer.h"

#include <utility>

namespace rapport::pipeline {

Committer::Committer(store::StateStore* store, log::Archive* archive, Fatal fatal)
    : store_(store), archive_(archive), fatal_(std::move(fatal)), thread_([this] { Run(); }) {}

Committer::~Committer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Committer::Submit(store::Cut cut, Done done) {
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(cut), std::move(done)});
  }
  wake_.notify_all();
}

void Committer::Run() {
  absl::Status status;
  while (true) {
    std::vector<Job> jobs;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      jobs = std::exchange(waiting_, {});
    }
    std::vector<store::Cut> cuts;
    cuts.reserve(jobs.size());
    for (Job& job : jobs) cuts.push_back(std::move(job.cut));
    if (status.ok()) {
      status = archive_->Sync();
      if (status.ok()) status = store_->Commit(std::move(cuts));
      if (!status.ok()) fatal_(status);
    }
    for (const Job& job : jobs) job.done(status);
  }
}

}  // namespace rapport::pipeline
