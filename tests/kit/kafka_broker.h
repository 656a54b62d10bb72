// KafkaBroker: a real Apache Kafka broker on loopback, for the length of a test program.
//
//   static KafkaBroker* broker = KafkaBroker::Start().value().release();
//   options.brokers = broker->bootstrap();
//   broker->Kill();                  // as kill -9 does
//   ASSERT_OK(broker->Restart());    // same port, same data
//
// Starting takes 3 to 6 seconds, so a test program starts one and its tests use topics of their
// own (UniqueTopic). The broker dies with the thread that started it, also when that crashes.
//
// Threads:   one thread, the one that called Start.
// Ownership: the destructor kills the broker and removes its directory.
// Errors:    FAILED_PRECONDITION when the jars are missing: run `tests/kit/kafka/kafka fetch`.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rapport::kit {

class KafkaBroker {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaBroker>> Start();
  ~KafkaBroker();
  KafkaBroker(const KafkaBroker&) = delete;
  KafkaBroker& operator=(const KafkaBroker&) = delete;

  // `127.0.0.1:23456`; stays the same over a restart.
  const std::string& bootstrap() const { return bootstrap_; }

  // Ends it in order (SIGTERM) and waits for it.
  void Stop();
  // Ends it at once (SIGKILL) and waits for it.
  void Kill();
  // Starts it again after Stop or Kill, and waits until it answers.
  absl::Status Restart();

 private:
  explicit KafkaBroker(std::string directory) : directory_(std::move(directory)) {}
  absl::Status Prepare();
  void End(int signal_number);

  std::string directory_;
  std::string bootstrap_;
  // 0 = not running.
  pid_t pid_ = 0;
};

// A topic name that no other test uses, with `word` in it.
std::string UniqueTopic(absl::string_view word);

}  // namespace rapport::kit
