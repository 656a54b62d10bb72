// FolderGenerations keeps each generation of a state in a folder of its own, a RocksDB, and says
// through the StateFolder's pointer which one serves.
//
// What is folded by other rules lies under a name of its own, so which of them the next start opens
// is said by the rules that it starts with.
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

  // Marks the generation that serves as damaged, see StateFolder.
  void MarkDamaged(const absl::Status& why);

  absl::StatusOr<table::Table*> Begin(const std::string& fold_digest) override;
  absl::Status Switch(const std::function<absl::Status()>& agree) override;
  void Leave(table::Table* table) override;

 private:
  struct Generation {
    std::string path;
    std::shared_ptr<std::atomic<bool>> serves;
    std::unique_ptr<table::Table> table;
  };
  absl::StatusOr<Generation> Open(const std::string& path, bool serves) const;
  StateFolder* FolderOf(const std::string& name);

  const FolderGenerationsOptions options_;
  // Of the generation that served at first.
  StateFolder* const first_;
  absl::Mutex mutex_;
  // Of the generation that serves.
  StateFolder* folder_ ABSL_GUARDED_BY(mutex_);
  // Of the one that was begun last.
  StateFolder* next_folder_;
  // Those of other rules that were begun here, by name.
  std::map<std::string, std::unique_ptr<StateFolder>> others_;
  std::map<table::Table*, Generation> open_ ABSL_GUARDED_BY(mutex_);
  table::Table* serving_ ABSL_GUARDED_BY(mutex_) = nullptr;
  table::Table* begun_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace rapport::store
