// `rapport demo`: the main job on a made-up shop, or on the user's own history.
//
// No network and no Kafka: it publishes a seeded history into an embedded log, shows who needs
// attention today and why, one customer's card, a proof that the state is the fold of the log, and
// then serves until it is stopped. It leaves nothing behind unless it is told to keep the store.
//
// Threads: one thread. Errors: those of the engine and of the import; CANCELLED when it is stopped
// before it serves; INTERNAL when live facts and refolded ones differ.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace rapport::operations {

struct Demo {
  uint64_t seed = 1;
  // Of the made-up shop, the ten with written lives among them.
  int customers = 2000;
  // The user's own history and its mapping instead of the made-up shop.
  std::string file;
  std::string mapping;
  // Directory to keep the store in; empty = a temporary one.
  std::string keep;
  std::string grpc = "127.0.0.1:8471";
  // `off` = not at all.
  std::string http = "127.0.0.1:8470";
  // End after the report.
  bool no_serve = false;
};
absl::Status RunDemo(const Demo& options);

}  // namespace rapport::operations
