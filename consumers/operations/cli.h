// The command line: words and flags to commands.
//
// Threads: one thread.
#pragma once

namespace rapport::operations {

// Runs the program; returns its exit code (exit_code.h).
int Run(int argc, char** argv);

}  // namespace rapport::operations
