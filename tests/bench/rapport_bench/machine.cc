#include "tests/bench/rapport_bench/machine.h"

#include <google/protobuf/stubs/common.h>
#include <jemalloc/jemalloc.h>
#include <librdkafka/rdkafka.h>
#include <rocksdb/version.h>
#include <sys/utsname.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace rapport::bench {
namespace {

// The rest of the first line that begins with `name`; all of the first line for an empty one.
std::string LineOf(const std::string& path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!absl::StartsWith(line, name)) continue;
    const size_t colon = name.empty() ? std::string::npos : line.find(": ");
    return colon == std::string::npos ? line : line.substr(colon + 2);
  }
  return "unknown";
}

std::string Kernel() {
  utsname name{};
  if (uname(&name) != 0) return "unknown";
  return absl::StrCat(name.sysname, " ", name.release, " ", name.machine);
}

std::string Allocator() {
  const char* version = nullptr;
  size_t size = sizeof(version);
  if (mallctl("version", &version, &size, nullptr, 0) != 0) return "unknown";
  ssize_t decay = 0;
  size = sizeof(decay);
  const bool known = mallctl("opt.dirty_decay_ms", &decay, &size, nullptr, 0) == 0;
  return absl::StrCat("jemalloc ", version, known ? absl::StrCat(", decay ", decay, " ms") : "");
}

// The first line that a command prints.
std::string Said(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) return "unknown";
  char line[256] = "unknown";
  if (std::fgets(line, sizeof(line), pipe) == nullptr) line[0] = '\0';
  while (std::fgetc(pipe) != EOF) continue;
  pclose(pipe);
  return std::string(absl::StripTrailingAsciiWhitespace(line));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> DescribeMachine() {
  return {
      {"cores", absl::StrCat(std::thread::hardware_concurrency())},
      {"processor", LineOf("/proc/cpuinfo", "model name")},
      {"memory",
       std::string(absl::StripLeadingAsciiWhitespace(LineOf("/proc/meminfo", "MemTotal")))},
      {"kernel", Kernel()},
      {"load before", LineOf("/proc/loadavg", "")},
      {"compiler", absl::StrCat("g++ ", __VERSION__)},
      {"librdkafka", rd_kafka_version_str()},
      {"RocksDB", absl::StrCat(ROCKSDB_MAJOR, ".", ROCKSDB_MINOR, ".", ROCKSDB_PATCH)},
      {"protobuf", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION)},
      {"allocator", Allocator()},
      {"Kafka", Said("'" RAPPORT_SOURCE_DIR "/tests/kit/kafka/kafka' version 2>&1")},
      {"Java", Said("java -version 2>&1")},
  };
}

MemoryUse ProcessMemory() {
  // Such as "VmRSS: 1234 kB", with white space of any kind.
  const auto bytes_of = [](const std::string& name) -> int64_t {
    const std::string line = LineOf("/proc/self/status", name);
    return line.size() < name.size() ? 0 : std::atoll(line.c_str() + name.size()) * 1024;
  };
  return {bytes_of("VmRSS:"), bytes_of("VmHWM:")};
}

double ProcessCpuNanos() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
}

}  // namespace rapport::bench
