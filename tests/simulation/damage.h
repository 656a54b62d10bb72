// Damage: archives as no crash leaves them, which must be refused at their opening.
//
// Threads: one.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "engine/model/ids.h"
#include "engine/table/model_table.h"
#include "tests/simulation/dice.h"

namespace rapport::simulation {

struct LostBlock {
  Partition partition = 0;
  Offset from = 0;
  // Another block of the partition comes behind it.
  bool is_inner = false;
};

// Takes any block off an archive's disk that is not open; nothing when there is none.
std::optional<LostBlock> TakeBlock(table::ModelDisk& disk, Dice& dice);

// Flips one bit of a copy of an archive. Empty when that is told, at its opening or by a reader,
// and all that is read before it is right; else what is not.
std::string UnnoticedFlip(absl::FunctionRef<std::unique_ptr<table::ModelDisk>()> copy,
                          int partitions, Dice& dice);

// Takes copies of an archive of `partitions`, damages each in another way (a block is missing, a
// block is of another history, the log has more partitions) and opens it. Empty when all of them
// are refused, else which is not.
std::string UnnoticedDamage(absl::FunctionRef<std::unique_ptr<table::ModelDisk>()> copy,
                            int partitions, Dice& dice);

}  // namespace rapport::simulation
