#include "tests/kit/model_generations.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::kit {
namespace {

constexpr char kDirectory[] = "/state";
constexpr char kPointer[] = "/state/model.current";

}  // namespace

ModelGenerations::ModelGenerations() : pointer_(&files_, kPointer) {
  RAPPORT_CHECK_OK(files_.MakeDirectory(kDirectory));
  disks_[0] = std::make_unique<table::ModelDisk>();
}

absl::StatusOr<table::Table*> ModelGenerations::OpenServing() {
  ASSIGN_OR_RETURN(serves_, pointer_.Read());
  std::lock_guard lock(mutex_);
  RAPPORT_CHECK(disks_.contains(serves_)) << "generation " << serves_ << " is gone";
  std::erase_if(disks_, [this](const auto& entry) { return entry.first != serves_; });
  ASSIGN_OR_RETURN(auto table, disks_[serves_]->Open({}));
  table::Table* const given = table.get();
  open_[given] = {serves_, std::move(table)};
  return given;
}

void ModelGenerations::Close() {
  std::lock_guard lock(mutex_);
  open_.clear();
}

absl::StatusOr<table::Table*> ModelGenerations::Begin(const std::string& fold_digest) {
  std::lock_guard lock(mutex_);
  auto& disk = disks_[serves_ + 1];
  disk = std::make_unique<table::ModelDisk>();
  disk->FailAt(std::exchange(fail_next_at_, 0));
  ASSIGN_OR_RETURN(auto table, disk->Open({}));
  table::Table* const given = table.get();
  open_[given] = {serves_ + 1, std::move(table)};
  digests_[serves_ + 1] = fold_digest;
  return given;
}

absl::Status ModelGenerations::Switch(const std::function<absl::Status()>& agree) {
  // One pointer for all rules: whoever agrees says nothing to it.
  if (agree) RETURN_IF_ERROR(agree());
  RETURN_IF_ERROR(pointer_.Set(serves_ + 1));
  std::lock_guard lock(mutex_);
  ++serves_;
  return absl::OkStatus();
}

void ModelGenerations::Leave(table::Table* table) {
  std::lock_guard lock(mutex_);
  const auto place = open_.find(table);
  if (place == open_.end()) return;
  const int64_t generation = place->second.generation;
  open_.erase(place);
  disks_.erase(generation);
}

void ModelGenerations::Crash(uint64_t seed) {
  {
    std::lock_guard lock(mutex_);
    for (const auto& [generation, disk] : disks_)
      disk->Crash(seed + static_cast<uint64_t>(generation));
  }
  files_.Crash(seed);
  serves_ = pointer_.Read().value_or(serves_);
}

size_t ModelGenerations::count() const {
  std::lock_guard lock(mutex_);
  return disks_.size();
}

}  // namespace rapport::kit
