// FrozenPartition is all that a state holds of one partition at one moment, while the state goes
// on.
//
//   ASSIGN_OR_RETURN(auto old, FrozenPartition::Of(*old_table, partition));
//   ... another state is folded up to old->state().next ...
//   ASSIGN_OR_RETURN(auto anew, FrozenPartition::Of(*new_table, partition));
//   ASSIGN_OR_RETURN(const std::string difference, FirstDifference(*old, *anew));
//
// Threads:   one thread at a time.
// Ownership: borrows the table, which must outlive it.
// Errors:    DATA_LOSS for rows that cannot be read.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/store/state_store.h"
#include "engine/table/table.h"

namespace rapport::store {

class FrozenPartition {
 public:
  static absl::StatusOr<std::unique_ptr<FrozenPartition>> Of(table::Table& table,
                                                             Partition partition);

  // Position, chain and counters at that moment.
  const PartitionState& state() const { return state_; }
  Partition partition() const { return partition_; }
  // Before the first Seek.
  table::Iterator& rows() const { return *rows_; }

 private:
  FrozenPartition(Partition partition, std::unique_ptr<table::Iterator> rows)
      : partition_(partition), rows_(std::move(rows)) {}

  const Partition partition_;
  const std::unique_ptr<table::Iterator> rows_;
  PartitionState state_;
};

// The same of the position rows alone.
std::string StatesDiffer(const PartitionState& a, const PartitionState& b);

// What differs first, in a few words; empty when both hold the same: position, chain, counters,
// each byte of customers and touch lists, and what is in quarantine for which reason (its words may
// be those of another version). What waits for the log is not looked at.
absl::StatusOr<std::string> FirstDifference(const FrozenPartition& a, const FrozenPartition& b);

}  // namespace rapport::store
