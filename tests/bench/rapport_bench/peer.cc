#include "tests/bench/rapport_bench/peer.h"

#include <sys/wait.h>

#include <cstdio>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rapport::bench {
namespace {

constexpr int kNotBuilt = 3;

}  // namespace

absl::StatusOr<PeerRun> ParsePeerRun(absl::string_view line) {
  const std::map<std::string, std::string> words = [&] {
    std::map<std::string, std::string> out;
    for (const absl::string_view word : absl::StrSplit(line, ' ', absl::SkipEmpty())) {
      out.insert(absl::StrSplit(word, absl::MaxSplits('=', 1)));
    }
    return out;
  }();
  bool good = true;
  const auto number = [&](const char* name) {
    int64_t value = 0;
    const auto word = words.find(name);
    good = good && word != words.end() && absl::SimpleAtoi(word->second, &value);
    return value;
  };
  PeerRun run;
  run.took = absl::Nanoseconds(number("ns"));
  run.second_half = absl::Nanoseconds(number("second_half_ns"));
  run.durable = absl::Nanoseconds(number("durable_ns"));
  run.sums.customers = number("customers");
  run.sums.events = number("events");
  run.sums.micros = number("micros");
  run.sums.days = number("days");
  const auto print = words.find("fingerprint");
  good = good && print != words.end() && absl::SimpleHexAtoi(print->second, &run.sums.fingerprint);
  if (good) return run;
  return absl::InternalError(absl::StrCat("not the line of a peer: ", line));
}

absl::StatusOr<PeerRun> RunKafkaStreams(absl::string_view settings, absl::string_view brokers,
                                        absl::string_view topic) {
  const std::string command =
      absl::StrCat("'" RAPPORT_SOURCE_DIR "/tests/bench/peers/kafka_streams/kafka_streams' run '",
                   settings, "' '", brokers, "' '", topic, "' 2>&1");
  std::FILE* pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) return absl::InternalError(absl::StrCat("cannot run ", command));
  std::string output;
  char piece[1024];
  for (size_t size; (size = fread(piece, 1, sizeof(piece), pipe)) > 0;) output.append(piece, size);
  const int status = pclose(pipe);
  if (status == 0) return ParsePeerRun(absl::StripTrailingAsciiWhitespace(output));
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotBuilt) {
    return absl::FailedPreconditionError(absl::StrCat(output, "Or leave it out: --no-peers"));
  }
  return absl::InternalError(absl::StrCat("Kafka Streams, ", settings, ", failed: ", output));
}

}  // namespace rapport::bench
