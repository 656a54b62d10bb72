// Damage: archives as no crash leaves them, which must be refused at their opening.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "engine/table/model_table.h"
#include "tests/simulation/dice.h"

namespace rapport::simulation {

// Takes copies of an archive of `partitions`, damages each in another way (a block is missing, a
// block is of another history, the log has more partitions) and opens it. Empty when all of them
// are refused, else which is not.
std::string UnnoticedDamage(absl::FunctionRef<std::unique_ptr<table::ModelDisk>()> copy,
                            int partitions, Dice& dice);

}  // namespace rapport::simulation
