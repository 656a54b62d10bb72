#include "engine/pipeline/committer.h"

#include <algorithm>
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
  for (std::thread& thread : threads_) thread.join();
}

void Committer::Start(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

void Committer::Submit(store::Cut cut, Done done) {
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(cut), std::move(done)});
  }
  wake_.notify_one();
}

bool Committer::CommitWaiting() {
  std::vector<Job> jobs;
  {
    std::lock_guard lock(mutex_);
    jobs = std::exchange(waiting_, {});
  }
  if (jobs.empty()) return false;
  Commit(std::move(jobs));
  return true;
}

void Committer::SetStore(store::StateStore* store) {
  std::lock_guard lock(mutex_);
  RAPPORT_CHECK(waiting_.empty()) << "a cut waits for the store it was made for";
  store_ = store;
}

std::vector<Committer::Job> Committer::TakeJobs() {
  const auto large = std::find_if(waiting_.begin(), waiting_.end(),
                                  [this](const Job& job) { return store_->IsLarge(job.cut); });
  std::vector<Job> jobs;
  if (large != waiting_.end()) {
    jobs.push_back(std::move(*large));
    waiting_.erase(large);
  } else if (!writes_small_) {
    writes_small_ = !waiting_.empty();
    jobs.swap(waiting_);
  }
  return jobs;
}

void Committer::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    std::vector<Job> jobs = TakeJobs();
    if (jobs.empty()) {
      // Small ones that wait now are taken by whoever writes such.
      if (stopping_) return;
      wake_.wait(lock);
      continue;
    }
    const bool is_small = !store_->IsLarge(jobs.front().cut);
    lock.unlock();
    Commit(std::move(jobs));
    lock.lock();
    if (is_small) writes_small_ = false;
  }
}

void Committer::Commit(std::vector<Job> jobs) {
  std::vector<store::Cut> cuts;
  cuts.reserve(jobs.size());
  for (Job& job : jobs) cuts.push_back(std::move(job.cut));
  const absl::Status status =
      CommitHere([&](store::StateStore& store) { return store.Commit(std::exchange(cuts, {})); });
  for (const Job& job : jobs) job.done(status);
}

absl::Status Committer::CommitHere(absl::FunctionRef<absl::Status(store::StateStore&)> write) {
  absl::Status status;
  store::StateStore* store = nullptr;
  {
    std::lock_guard lock(mutex_);
    status = failed_;
    store = store_;
  }
  if (!status.ok()) return status;
  status = archive_->Sync();
  if (status.ok()) status = write(*store);
  if (!status.ok()) Fail(status);
  return status;
}

void Committer::Fail(const absl::Status& status) {
  {
    std::lock_guard lock(mutex_);
    failed_.Update(status);
  }
  fatal_(status);
}

}  // namespace rapport::pipeline
