// What is wrong with a command line, in one sentence: the word to blame and what was perhaps meant.
//
//   rapport: wrong usage: there is no command stauts; did you mean status? See rapport --help
//
// Threads: pure.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "absl/status/status.h"

namespace rapport::operations {

// INVALID_ARGUMENT for a line that `app` could not parse; `why` is the parser's own sentence.
absl::Status UsageError(CLI::App& app, int argc, const char* const* argv, const std::string& why);

}  // namespace rapport::operations
