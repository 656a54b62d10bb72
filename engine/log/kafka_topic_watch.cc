#include "engine/log/kafka_topic_watch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/log/kafka_client.h"
#include "engine/log/kafka_topics.h"

namespace rapport::log {

KafkaTopicWatch::KafkaTopicWatch(KafkaClient* client) : client_(client) {}

KafkaTopicWatch::~KafkaTopicWatch() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void KafkaTopicWatch::Start() {
  thread_ = std::thread([this] { Run(); });
}

std::vector<std::string> KafkaTopicWatch::warnings() const {
  std::lock_guard lock(mutex_);
  return warnings_;
}

absl::Status KafkaTopicWatch::Look() {
  const KafkaOptions& options = client_->options();
  const auto findings = CheckSettings(*client_, EventsTopic(0, options.topic));
  std::vector<std::string> warnings;
  absl::Status unfit;
  if (absl::IsPermissionDenied(findings.status())) {
    warnings.push_back(absl::StrCat("the settings of topic ", options.topic,
                                    " could not be checked: this principal lacks "
                                    "DescribeConfigs. Grant it, or check them by hand."));
  } else {
    RETURN_IF_ERROR(findings.status());
    for (const TopicFinding& finding : *findings) {
      const std::string text = absl::StrCat("topic ", options.topic, ": ", finding.ToString(),
                                            ". Cure: ", finding.Cure(options.brokers));
      const bool allowed =
          finding.setting == "message.timestamp.type" && options.allow_producer_timestamps;
      if (finding.vital && !allowed) {
        unfit.Update(absl::FailedPreconditionError(absl::StrCat("TOPIC_UNFIT: ", text)));
      } else {
        warnings.push_back(text);
      }
    }
  }
  fitness_->Set(unfit);
  std::lock_guard lock(mutex_);
  warnings_ = std::move(warnings);
  return unfit;
}

void KafkaTopicWatch::Run() {
  const auto interval = absl::ToChronoNanoseconds(client_->options().settings_interval);
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return stopping_; })) {
    lock.unlock();
    // Without an answer, what was seen last stands.
    Look().IgnoreError();
    lock.lock();
  }
}

}  // namespace rapport::log
