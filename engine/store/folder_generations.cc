#include "engine/store/folder_generations.h"

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "engine/base/status_macros.h"

namespace rapport::store {

FolderGenerations::FolderGenerations(StateFolder* folder, FolderGenerationsOptions options)
    : options_(std::move(options)), first_(folder), folder_(folder), next_folder_(folder) {}

absl::StatusOr<FolderGenerations::Generation> FolderGenerations::Open(const std::string& path,
                                                                      bool serves) const {
  Generation generation;
  generation.path = path;
  generation.serves = std::make_shared<std::atomic<bool>>(serves);
  table::TableOptions options = options_.table;
  options.on_damage = [serves = generation.serves,
                       tell = options_.on_damage](const absl::Status& damage) {
    if (*serves && tell) tell(damage);
  };
  ASSIGN_OR_RETURN(generation.table, table::OpenRocksTable(path, options));
  return generation;
}

absl::StatusOr<table::Table*> FolderGenerations::OpenServing() {
  std::string path;
  {
    absl::MutexLock lock(&mutex_);
    path = folder_->path();
  }
  ASSIGN_OR_RETURN(Generation generation, Open(path, /*serves=*/true));
  absl::MutexLock lock(&mutex_);
  serving_ = generation.table.get();
  open_[serving_] = std::move(generation);
  return serving_;
}

StateFolder* FolderGenerations::FolderOf(const std::string& name) {
  if (first_->name() == name) return first_;
  std::unique_ptr<StateFolder>& other = others_[name];
  if (other == nullptr) other = first_->Beside(name);
  return other.get();
}

void FolderGenerations::MarkDamaged(const absl::Status& why) {
  absl::MutexLock lock(&mutex_);
  folder_->MarkDamaged(why);
}

absl::StatusOr<table::Table*> FolderGenerations::Begin(const std::string& fold_digest) {
  uint64_t bytes = 0;
  {
    absl::MutexLock lock(&mutex_);
    bytes = serving_->ApproximateBytes();
  }
  if (options_.has_room) RETURN_IF_ERROR(options_.has_room(bytes));
  StateFolder* const folder = FolderOf(StateFolder::NameOf(fold_digest));
  bool serves = false;
  std::set<std::string> open;
  {
    absl::MutexLock lock(&mutex_);
    serves = folder == folder_;
    for (const auto& [table, generation] : open_) open.insert(generation.path);
  }
  if (!serves) RETURN_IF_ERROR(folder->PrepareBeside(open));
  next_folder_ = folder;
  ASSIGN_OR_RETURN(const std::string path, next_folder_->PrepareNext());
  ASSIGN_OR_RETURN(Generation generation, Open(path, /*serves=*/false));
  absl::MutexLock lock(&mutex_);
  begun_ = generation.table.get();
  open_[begun_] = std::move(generation);
  return begun_;
}

absl::Status FolderGenerations::Switch(const std::function<absl::Status()>& agree) {
  RETURN_IF_ERROR(next_folder_->SwitchToNext());
  if (agree) RETURN_IF_ERROR(agree());
  absl::MutexLock lock(&mutex_);
  folder_ = next_folder_;
  *open_[serving_].serves = false;
  *open_[begun_].serves = true;
  serving_ = std::exchange(begun_, nullptr);
  return absl::OkStatus();
}

void FolderGenerations::Leave(table::Table* table) {
  Generation gone;
  {
    absl::MutexLock lock(&mutex_);
    const auto place = open_.find(table);
    if (place == open_.end()) return;
    gone = std::move(place->second);
    open_.erase(place);
    if (begun_ == table) begun_ = nullptr;
  }
  gone.table.reset();
  // What cannot be deleted the next start deletes.
  std::error_code ignored;
  std::filesystem::remove_all(gone.path, ignored);
}

}  // namespace rapport::store
