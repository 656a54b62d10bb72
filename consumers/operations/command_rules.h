// rapport rules check | explain | diff | time-zone | list | activate | rollback
//
// The first four work on files alone; the others ask a server, or a stopped store.
//
// Threads: one thread. Errors: those of reading rules and of the call.
#pragma once

#include <string>

#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

// A set of rules on the command line.
struct RulesChoice {
  // A file, `-` for standard input, or the name of a set of the program.
  std::string file = "standard";
  // Lies over this set, if it does not say over which.
  std::string over;
};

// Prints what is wrong, or what the rules differ in from the standard ones (or those that they lie
// over) and what it takes to activate them; how many things are wrong.
absl::StatusOr<int> CheckRules(const RulesChoice& choice);

absl::Status ExplainRules(const RulesChoice& choice);

// How many things are wrong with them; those are printed instead.
absl::StatusOr<int> DiffRules(const RulesChoice& a, const RulesChoice& b);

// `years` is `2020-2035`, or empty: from last year on for ten years.
absl::Status PrintTimeZone(const std::string& zone, const std::string& years);

absl::Status ListRules(Client& client, Format format);

struct RulesActivation {
  RulesChoice rules;
  // Digest of the rules that must be active; empty = those that are now.
  std::string expected;
  // Asks nothing.
  bool yes = false;
  // Shows what would change, and changes nothing.
  bool dry_run = false;
  // Does not wait until facts are folded anew; of a server only.
  bool no_wait = false;
  // Of records folded anew a second, at most; 0 = as many as it can.
  int64_t max_rate = 0;
};
// How many things are wrong with the rules; nothing is activated then.
absl::StatusOr<int> ActivateRules(Client& client, const RulesActivation& activation);
absl::Status RollbackRules(Client& client, const RulesActivation& activation);

}  // namespace rapport::operations
