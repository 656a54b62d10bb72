// Flags that several commands of `rapport` share.
//
//   AddClientFlags(*verb, common);     // --server, --data, --format, ...
//   ...
//   RETURN_IF_ERROR(common.Resolve()); // once the line is parsed
//
// Threads: one. Lifetime: what flags write into must outlive the parsing.
// Errors:  INVALID_ARGUMENT from Resolve names the flag that is wrong.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "consumers/operations/client.h"
#include "consumers/operations/command_background.h"
#include "consumers/operations/command_serve.h"

namespace rapport::operations {

// How moments are written on the command line.
inline constexpr char kMomentHelp[] = "2026-01-31, 2026-01-31T09:30:00Z, or 90d (ago)";

// Flags that most commands share.
struct CommonFlags {
  Target target;
  // Empty = the usual one.
  std::string server;
  std::string log = "embedded";
  // Each NAME=VALUE.
  std::vector<std::string> kafka_properties;
  // Of settings; empty = the usual one.
  std::string config;
  std::string format;
  bool quiet = false;

  // Makes `target` what the flags say together.
  absl::Status Resolve();
};

// A whole number in a range, which the error names.
template <typename Number>
CLI::Option* Limit(CLI::Option* option, Number least, Number most) {
  return option->type_name("N")->check(CLI::Range(least, most).description(""));
}

// --max-rate: records a second. Of what `flag` asks for; null = of the command.
CLI::Option* AddMaxRateFlag(CLI::App& verb, int64_t& records_per_second,
                            const char* flag = nullptr);
// Of commands that open a store.
void AddStoreFlags(CLI::App& app, CommonFlags& common);
// Of `serve`: those of a store, where it listens and whom it lets in.
void AddServeFlags(CLI::App& app, CommonFlags& common, Serve& serve);
// --kafka-property, and what its words say: only properties that are safe to pass on.
void AddPropertyFlag(CLI::App& app, std::vector<std::string>& words);
absl::StatusOr<std::map<std::string, std::string>> PropertiesOf(
    const std::vector<std::string>& words);
// Of commands that ask a server or a store.
void AddClientFlags(CLI::App& app, CommonFlags& common);
// --as-of and --known-at.
void AddViewpointFlags(CLI::App& verb, std::string& as_of, std::string& known_at);
void AddKnownAtFlag(CLI::App& verb, std::string& known_at);
// --rules-digest: by which rules a viewpoint is answered.
void AddRulesDigestFlag(CLI::App& verb, std::string& rules);
// --min-position: the answer waits for it.
void AddMinPositionFlag(CLI::App& verb, std::string& min_position);
// --background: the server goes on without this command; and --max-rate.
void AddBackgroundFlags(CLI::App& verb, BackgroundOrder& order);
// What is opened is written down with its purpose. `what` says what there is to open.
void AddRevealFlags(CLI::App& verb, bool& reveal, std::string& purpose, const char* what);

}  // namespace rapport::operations
