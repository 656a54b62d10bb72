// Child: this program once more, in a process of its own.
//
//   ASSIGN_OR_RETURN(const auto child, Child::Start({"--live-in", directory}));
//   ASSIGN_OR_RETURN(const std::string line, child->ReadLine());
//
// Threads:   one.
// Ownership: owns the process: destroying kills it, if it still runs, and waits for its end.
// Errors:    INTERNAL when it cannot be started, or ends before it has said a line.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rapport::bench {

class Child {
 public:
  static absl::StatusOr<std::unique_ptr<Child>> Start(std::vector<std::string> arguments);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next line of its standard output, without the line's end.
  absl::StatusOr<std::string> ReadLine();

 private:
  Child(pid_t process, std::FILE* said) : process_(process), said_(said) {}

  const pid_t process_;
  std::FILE* const said_;
};

}  // namespace rapport::bench
