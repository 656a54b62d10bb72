// The commands about who may call and what is set: `token new`, `config show`; and how settings
// reach the other commands.
//
//   Access access;
//   AddAccessCommands(app, common, access);   // before the line is parsed
//   RETURN_IF_ERROR(ApplySettings(*verb, common.config));
//
// Threads: one thread. Ownership: the flags are written to `access`, which must outlive the app.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "consumers/operations/cli_flags.h"
#include "consumers/operations/command_token.h"

namespace rapport::operations {

struct Access {
  TokenNew token;
  // What `config show` is given, as `serve` would be.
  Serve shown;
  bool origin = false;
};

// `does` is told which command was added, and what it does.
void AddAccessCommands(CLI::App& app, CommonFlags& common, Access& access,
                       const std::function<void(CLI::App*, std::function<absl::Status()>)>& does);

// Gives a command the values of settings that its line does not give. `config show` shows them
// instead.
absl::Status ApplySettings(CLI::App& verb, const std::string& config);

}  // namespace rapport::operations
