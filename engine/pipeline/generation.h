// What the pipeline has of one generation: its state store, and per partition the customers in
// memory. Both of a partition change together, when a rebuilt generation takes over.
//
// Threads:   StateGeneration as its store; PartitionGeneration as its folder: the partition's
//            thread, and readers through `folder.table()`.
// Ownership: whoever reads holds the PartitionGeneration meanwhile; the last one who lets go of a
//            generation that was left closes and deletes it.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "engine/fold/projection.h"
#include "engine/pipeline/folder.h"
#include "engine/store/generations.h"
#include "engine/store/state_store.h"

namespace rapport::pipeline {

class StateGeneration {
 public:
  // `folds` is what its facts are folded by. Without `generations` the table stays where it is for
  // ever.
  StateGeneration(std::unique_ptr<store::StateStore> store, table::Table* table,
                  store::Generations* generations, std::shared_ptr<const fold::Projection> folds)
      : table_(table),
        generations_(generations),
        folds_(std::move(folds)),
        store_(std::move(store)) {}
  ~StateGeneration() {
    store_.reset();
    if (is_left_ && generations_ != nullptr) generations_->Leave(table_);
  }
  StateGeneration(const StateGeneration&) = delete;
  StateGeneration& operator=(const StateGeneration&) = delete;

  store::StateStore& store() const { return *store_; }
  table::Table& table() const { return *table_; }
  const std::shared_ptr<const fold::Projection>& folds() const { return folds_; }

  // No start will open it: it goes when the last one who reads it does.
  void SetLeft() { is_left_ = true; }

 private:
  table::Table* const table_;
  store::Generations* const generations_;
  const std::shared_ptr<const fold::Projection> folds_;
  std::unique_ptr<store::StateStore> store_;
  std::atomic<bool> is_left_{false};
};

struct PartitionGeneration {
  PartitionGeneration(std::shared_ptr<StateGeneration> of, Partition partition, int partitions,
                      log::Archive* archive, const store::PartitionState& at,
                      OnErasure on_erasure = nullptr)
      : state(std::move(of)),
        folder(partition, partitions, state->folds().get(), archive, &state->store(), at,
               std::move(on_erasure)) {}

  const std::shared_ptr<StateGeneration> state;
  Folder folder;
};

}  // namespace rapport::pipeline
