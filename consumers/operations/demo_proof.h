// DemoProof: the present is nothing but the fold of the log.
//
//   ASSIGN_OR_RETURN(const DemoProof proof, ProveDemo(engine));
//   proof.live == proof.rebuilt
//
// Every customer's facts are folded anew from the archive, by the code that answers questions about
// the past, and their digest is compared with the digest of the facts that were made durable live.
//
// Threads: any; reads the engine only.
// Errors:  those of the archive and of the state; a difference is no error here.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/engine.h"

namespace rapport::operations {

struct DemoProof {
  // Facts digests, 32 hexadecimal digits.
  std::string live;
  std::string rebuilt;
  int64_t customers = 0;
  // Of the rebuilding.
  absl::Duration took;
};

absl::StatusOr<DemoProof> ProveDemo(const Engine& engine);

}  // namespace rapport::operations
