// Flags that the commands of the command line share.
//
//   Common common;
//   AddClientFlags(verb, common);
//   ... RETURN_IF_ERROR(common.Resolve());
//
// Threads: one thread. Ownership: the flags are written to `common`, which must outlive the verb.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"

namespace rapport::operations {

// Flags that most commands share.
struct Common {
  Target target;
  // Empty = the usual one.
  std::string server;
  std::string log = "embedded";
  std::string format;
  bool quiet = false;

  // From the words that were given to `target`; INVALID_ARGUMENT when they exclude each other.
  absl::Status Resolve();
};

// A whole number in a range, which the error names.
template <typename Number>
void Limit(CLI::Option* option, Number least, Number most) {
  option->type_name("N")->check(CLI::Range(least, most).description(""));
}

// Those of a store, and those of who asks a server or a store.
void AddStoreFlags(CLI::App& app, Common& common);
void AddClientFlags(CLI::App& app, Common& common);

}  // namespace rapport::operations
