#include "engine/base/check.h"
#include "engine/log/kafka_log.h"
#include "engine/log/kafka_topics.h"
#include "tests/engine/log/kafka_environment.h"
#include "tests/engine/log/log_conformance.h"

namespace rapport::log {
namespace {

// A topic of its own for each test.
class KafkaPlace {
 public:
  KafkaPlace() {
    options_.brokers = Broker().bootstrap();
    options_.topic = kit::UniqueTopic("conformance");
    RAPPORT_CHECK_OK(CreateTopics(options_, {EventsTopic(5, options_.topic)}, 1));
    Reopen();
  }
  Log& log() { return *log_; }
  void Reopen() {
    log_.reset();
    auto opened = KafkaLog::Open(options_);
    RAPPORT_CHECK_OK(opened.status());
    log_ = *std::move(opened);
  }

 private:
  KafkaOptions options_;
  std::unique_ptr<KafkaLog> log_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Kafka, LogConformance, KafkaPlace);

}  // namespace
}  // namespace rapport::log
