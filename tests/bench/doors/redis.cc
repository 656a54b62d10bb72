#include "tests/bench/doors/redis.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "consumers/operations/address.h"
#include "engine/base/status_macros.h"

namespace rapport::bench {
namespace {

constexpr absl::Duration kComesUpWithin = absl::Seconds(10);

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

int FreePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

bool Listens(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(port);
  const bool connected =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  ::close(socket);
  return connected;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Redis>> Redis::Start() {
  const int port = FreePort();
  const std::string port_text = absl::StrCat(port);
  const pid_t process = ::fork();
  if (process == 0) {
    const int nothing = ::open("/dev/null", O_WRONLY);
    ::dup2(nothing, STDOUT_FILENO);
    ::execlp("redis-server", "redis-server", "--port", port_text.c_str(), "--bind", "127.0.0.1",
             "--save", "", "--appendonly", "no", nullptr);
    ::_exit(127);
  }
  std::unique_ptr<Redis> redis(new Redis(process, port));
  operations::AwaitListener(absl::StrCat("127.0.0.1:", port), kComesUpWithin);
  if (Listens(port)) return redis;
  return absl::NotFoundError("redis-server does not start: apt-get install redis-server");
}

Redis::~Redis() {
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
}

absl::StatusOr<RedisFigures> Redis::Run(const std::string& arguments) {
  const std::string command =
      absl::StrCat("redis-benchmark -h 127.0.0.1 -p ", port_, " --csv ", arguments);
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return absl::InternalError("redis-benchmark cannot be started");
  std::string last;
  std::array<char, 1024> line;
  while (std::fgets(line.data(), static_cast<int>(line.size()), pipe) != nullptr) {
    last = line.data();
  }
  if (::pclose(pipe) != 0) return absl::InternalError("redis-benchmark failed");
  // "GET","rate","mean","least","p50","p95","p99","greatest", in milliseconds.
  std::vector<double> numbers;
  for (absl::string_view field : absl::StrSplit(absl::StripTrailingAsciiWhitespace(last), ',')) {
    absl::ConsumePrefix(&field, "\"");
    absl::ConsumeSuffix(&field, "\"");
    double number = 0;
    (void)absl::SimpleAtod(field, &number);
    numbers.push_back(number);
  }
  if (numbers.size() < 8) return absl::InternalError("redis-benchmark gave no figures");
  return RedisFigures{numbers[1], absl::Milliseconds(numbers[4]), absl::Milliseconds(numbers[6])};
}

absl::Status Redis::Fill(int64_t keys, int64_t value_bytes) {
  keys_ = keys;
  // Drawn evenly: after so many writes hardly a key is missing.
  return Run(absl::StrCat("-t set -P 50 -n ", keys * 8, " -r ", keys, " -d ", value_bytes))
      .status();
}

absl::StatusOr<RedisFigures> Redis::Get(const RedisLoad& load) {
  return Run(absl::StrCat("-t get -c ", load.clients, " -P ", load.pipeline, " -n ", load.calls,
                          " -r ", keys_));
}

}  // namespace rapport::bench
