// KafkaTopicWatch looks now and then whether a topic is still set up as a log must be.
//
// Somebody may switch on compaction or a short retention while the engine runs; nothing else would
// tell before events are gone. What is vital stops the readers, the rest is a warning.
//
//   KafkaTopicWatch watch(&client);
//   RETURN_IF_ERROR(watch.Look());       // at the start
//   watch.Start();                       // and every settings_interval
//   ... watch.fitness()->Check() ...     // cheap; OK, or TOPIC_UNFIT with its cure
//
// Threads:   all methods from any thread; Start once.
// Ownership: borrows the client, which must outlive it; the fitness may outlive both.
// Errors:    as Look says. Later, when no broker answers, what was seen last stands.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace rapport::log {

class KafkaClient;

// Whether a topic may be read. Any thread.
class TopicFitness {
 public:
  absl::Status Check() const {
    if (is_fit_.load(std::memory_order_relaxed)) return absl::OkStatus();
    std::lock_guard lock(mutex_);
    return status_;
  }
  void Set(const absl::Status& status) {
    std::lock_guard lock(mutex_);
    status_ = status;
    is_fit_ = status.ok();
  }

 private:
  std::atomic<bool> is_fit_{true};
  mutable std::mutex mutex_;
  absl::Status status_;
};

class KafkaTopicWatch {
 public:
  explicit KafkaTopicWatch(KafkaClient* client);
  ~KafkaTopicWatch();
  KafkaTopicWatch(const KafkaTopicWatch&) = delete;
  KafkaTopicWatch& operator=(const KafkaTopicWatch&) = delete;

  // FAILED_PRECONDITION (TOPIC_UNFIT) with the setting and its cure; those of CheckSettings.
  absl::Status Look();
  void Start();

  // What an operator should know about the topic, a sentence each.
  std::vector<std::string> warnings() const;
  std::shared_ptr<const TopicFitness> fitness() const { return fitness_; }

 private:
  void Run();

  KafkaClient* const client_;
  const std::shared_ptr<TopicFitness> fitness_ = std::make_shared<TopicFitness>();
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::string> warnings_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace rapport::log
