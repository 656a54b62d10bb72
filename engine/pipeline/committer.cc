#include "engine/pipeline/committer.h"

#include <utility>

#include "engine/base/check.h"

namespace rapport::pipeline {

Committer::Committer(store::StateStore* store, log::Archive* archive, Fatal fatal)
    : archive_(archive), fatal_(std::move(fatal)), store_(store) {}

Committer::~Committer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Committer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Committer::Submit(store::Cut cut, Done done) {
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(cut), std::move(done)});
  }
  wake_.notify_all();
}

bool Committer::CommitWaiting() {
  std::vector<Job> jobs;
  store::StateStore* store = nullptr;
  {
    std::lock_guard lock(mutex_);
    jobs = std::exchange(waiting_, {});
    store = store_;
  }
  if (jobs.empty()) return false;
  Commit(*store, std::move(jobs));
  return true;
}

void Committer::SetStore(store::StateStore* store) {
  std::lock_guard lock(mutex_);
  RAPPORT_CHECK(waiting_.empty()) << "a cut waits for the store it was made for";
  store_ = store;
}

void Committer::Run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
    }
    CommitWaiting();
  }
}

void Committer::Commit(store::StateStore& store, std::vector<Job> jobs) {
  std::vector<store::Cut> cuts;
  cuts.reserve(jobs.size());
  for (Job& job : jobs) cuts.push_back(std::move(job.cut));
  if (status_.ok()) {
    status_ = archive_->Sync();
    if (status_.ok()) status_ = store.Commit(std::move(cuts));
    if (!status_.ok()) fatal_(status_);
  }
  for (const Job& job : jobs) job.done(status_);
}

}  // namespace rapport::pipeline
