#include "tests/kit/kafka_broker.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"

namespace rapport::kit {
namespace {

constexpr int kJarsMissing = 3;

std::string Script() { return absl::StrCat(RAPPORT_SOURCE_DIR, "/tests/kit/kafka/kafka"); }

// Runs the script and returns its output, both streams.
absl::StatusOr<std::string> RunScript(absl::string_view verb, const std::string& directory) {
  const std::string command = absl::StrCat("'", Script(), "' ", verb, " '", directory, "' 2>&1");
  FILE* pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) return absl::InternalError(absl::StrCat("cannot run ", command));
  std::string output;
  char piece[1024];
  for (size_t size; (size = fread(piece, 1, sizeof(piece), pipe)) > 0;) output.append(piece, size);
  const int status = pclose(pipe);
  if (status == 0) return output;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kJarsMissing) {
    return absl::FailedPreconditionError(
        absl::StrCat(output, "This test needs a real broker: run tests/kit/kafka/kafka fetch"));
  }
  return absl::InternalError(absl::StrCat(command, " failed: ", output));
}

// Starts the broker as a child that the kernel kills when this thread ends.
absl::StatusOr<pid_t> Spawn(const std::string& directory) {
  const std::string script = Script();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return absl::InternalError("cannot fork");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  execl(script.c_str(), script.c_str(), "run", directory.c_str(), nullptr);
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaBroker>> KafkaBroker::Start() {
  std::string pattern = (std::filesystem::temp_directory_path() / "rapport_kafka_XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    return absl::InternalError(absl::StrCat("cannot make a directory ", pattern));
  }
  std::unique_ptr<KafkaBroker> broker(new KafkaBroker(pattern));
  RETURN_IF_ERROR(broker->Prepare());
  RETURN_IF_ERROR(broker->Restart());
  return broker;
}

absl::Status KafkaBroker::Prepare() {
  ASSIGN_OR_RETURN(const std::string output, RunScript("prepare", directory_));
  bootstrap_ = std::string(absl::StripSuffix(absl::StripPrefix(output, "bootstrap="), "\n"));
  return absl::OkStatus();
}

KafkaBroker::~KafkaBroker() {
  Kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void KafkaBroker::Stop() { End(SIGTERM); }

void KafkaBroker::Kill() { End(SIGKILL); }

void KafkaBroker::End(int signal_number) {
  if (pid_ == 0) return;
  kill(pid_, signal_number);
  int status = 0;
  waitpid(std::exchange(pid_, 0), &status, 0);
}

absl::Status KafkaBroker::Restart() {
  if (pid_ != 0) return absl::FailedPreconditionError("the broker runs already");
  ASSIGN_OR_RETURN(pid_, Spawn(directory_));
  absl::StatusOr<std::string> answer = RunScript("wait", directory_);
  if (!answer.ok()) Kill();
  return answer.status();
}

std::string UniqueTopic(absl::string_view word) {
  static std::atomic<int> last = 0;
  return absl::StrCat("test.", word, ".", getpid(), ".", ++last);
}

}  // namespace rapport::kit
