// FolderGenerations keeps each generation of a state in a folder of its own, a RocksDB, and says
// through the StateFolder's pointer which one serves.
//
//   FolderGenerations generations(&folder, options);
//   ASSIGN_OR_RETURN(table::Table* table, generations.OpenServing());
//
// Threads:   any; Begin, Switch and OpenServing one at a time.
// Ownership: borrows the folder; owns the tables.
// Errors:    as Generations says, and those of OpenRocksTable. What is damaged in the generation
//            that serves is told to `on_damage`; in another it only shows where it is used.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/store/generations.h"
#include "engine/store/state_folder.h"

namespace rapport::store {

struct FolderGenerationsOptions {
  table::TableOptions table;
  std::function<void(const absl::Status&)> on_damage;
  // Whether so many bytes more may be written; may be empty.
  std::function<absl::Status(uint64_t bytes)> has_room;
};

class FolderGenerations : public Generations {
 public:
  FolderGenerations(StateFolder* folder, FolderGenerationsOptions options);

  // Opens or creates the generation that serves.
  absl::StatusOr<table::Table*> OpenServing();

  absl::StatusOr<table::Table*> Begin() override;
  absl::Status Switch() override;
  void Leave(table::Table* table) override;

 private:
  struct Generation {
    std::string path;
    std::shared_ptr<std::atomic<bool>> serves;
    std::unique_ptr<table::Table> table;
  };
  absl::StatusOr<Generation> Open(const std::string& path, bool serves) const;

  StateFolder* const folder_;
  const FolderGenerationsOptions options_;
  absl::Mutex mutex_;
  std::map<table::Table*, Generation> open_ ABSL_GUARDED_BY(mutex_);
  table::Table* serving_ ABSL_GUARDED_BY(mutex_) = nullptr;
  table::Table* begun_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace rapport::store
