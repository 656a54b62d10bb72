#include "tests/bench/rapport_bench/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/status_macros.h"

namespace rapport::bench {
namespace {

// After fork.
[[noreturn]] void Become(std::vector<std::string>& words, int to) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(to, STDOUT_FILENO);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv("/proc/self/exe", arguments.data());
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Child>> Child::Start(std::vector<std::string> arguments) {
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0) return absl::InternalError("cannot make a pipe");
  arguments.insert(arguments.begin(), "rapport_bench");
  const pid_t process = fork();
  if (process < 0) return absl::InternalError("cannot fork");
  if (process == 0) Become(arguments, pipe[1]);
  close(pipe[1]);
  return std::unique_ptr<Child>(new Child(process, fdopen(pipe[0], "r")));
}

Child::~Child() {
  std::fclose(said_);
  kill(process_, SIGKILL);
  int status = 0;
  waitpid(process_, &status, 0);
}

absl::StatusOr<std::string> Child::ReadLine() {
  char line[1024] = "";
  if (std::fgets(line, sizeof(line), said_) == nullptr) {
    return absl::InternalError("a process of the bench ended without a word");
  }
  std::string said = line;
  if (said.back() == '\n') said.pop_back();
  return said;
}

}  // namespace rapport::bench
