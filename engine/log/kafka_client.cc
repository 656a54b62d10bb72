#include "engine/log/kafka_client.h"

#include <librdkafka/rdkafka.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/secret_file.h"
#include "engine/base/status_macros.h"

namespace rapport::log {
namespace {

constexpr absl::string_view kFile = "_file";

// The topic of a fresh cluster may be unknown to a broker for about half a second.
constexpr absl::Duration kSettle = absl::Milliseconds(500);

struct ConfDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};

absl::Status Set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  char reason[256];
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof(reason)) ==
      RD_KAFKA_CONF_OK) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("kafka.properties.\"", name, "\": ", reason));
}

// The property that holds what the file is to hold which `name` names; empty = it names no secret.
std::string SecretOf(absl::string_view name) {
  if (name == "ssl.key.location") return "ssl.key.pem";
  return absl::EndsWith(name, kFile) ? std::string(absl::StripSuffix(name, kFile)) : "";
}

// Sets `property`, such as `sasl.password`, from the file that `sasl.password_file` names.
absl::Status SetFromFile(rd_kafka_conf_t* conf, const std::string& property, absl::string_view name,
                         const std::string& path) {
  const std::string what = absl::StrCat("kafka.properties.\"", name, "\"");
  ASSIGN_OR_RETURN(const std::string content, ReadSecretFile(what, path));
  const std::string secret(absl::StripSuffix(content, "\n"));
  char ignored[256];
  if (rd_kafka_conf_set(conf, property.c_str(), secret.c_str(), ignored, sizeof(ignored)) !=
      RD_KAFKA_CONF_OK) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": the content of ", path, " is refused."));
  }
  return absl::OkStatus();
}

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

// What is known to be behind an error.
absl::string_view CauseOf(absl::string_view error) {
  // github.com/confluentinc/librdkafka, change 4895.
  constexpr int kProvesItself = 0x020601ff;
  if (!absl::StrContains(error, "mechanism SCRAM") || rd_kafka_version() >= kProvesItself)
    return "";
  return ". If name and password are right: this librdkafka is older than 2.6.1, and brokers from "
         "4.0 on do not take its SCRAM; use a newer one, or PLAIN or a client certificate through "
         "TLS";
}

// No answer, as opposed to an answer that says no.
bool IsSilence(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__TRANSPORT;
}

// A partition that is just getting its leader, as in a fresh topic.
bool IsElection(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE;
}

// `5 s`, `250 ms`.
std::string Amount(absl::Duration duration) {
  const int64_t count = absl::ToInt64Milliseconds(duration);
  return count % 1000 == 0 ? absl::StrCat(count / 1000, " s") : absl::StrCat(count, " ms");
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaClient>> KafkaClient::New(const KafkaOptions& options,
                                                              Setup setup) {
  RETURN_IF_ERROR(CheckKafkaOptions(options));
  std::unique_ptr<KafkaClient> client(new KafkaClient(options));
  std::unique_ptr<rd_kafka_conf_t, ConfDeleter> conf(rd_kafka_conf_new());
  RETURN_IF_ERROR(client->Apply(conf.get(), setup));
  char reason[512];
  client->handle_ =
      rd_kafka_new(setup.role == Role::kProducer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER,
                   conf.get(), reason, sizeof(reason));
  if (client->handle_ == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("Kafka client settings are refused: ", reason));
  }
  conf.release();  // Owned by the handle from here on.
  return client;
}

KafkaClient::~KafkaClient() {
  if (handle_ != nullptr) rd_kafka_destroy(handle_);
}

absl::Status KafkaClient::Apply(rd_kafka_conf_t* conf, const Setup& setup) {
  rd_kafka_conf_set_opaque(conf, this);
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_conf_set_error_cb(conf, [](rd_kafka_t*, int error, const char* reason, void* self) {
    static_cast<KafkaClient*>(self)->Remember(error, reason);
  });
  if (setup.delivered != nullptr) rd_kafka_conf_set_dr_msg_cb(conf, setup.delivered);
  RETURN_IF_ERROR(Set(conf, "bootstrap.servers", options_.brokers));
  RETURN_IF_ERROR(Set(conf, "client.id", "rapport"));
  // A dropped connection is tried again at once, and never later than every second.
  RETURN_IF_ERROR(Set(conf, "reconnect.backoff.ms", "50"));
  RETURN_IF_ERROR(Set(conf, "reconnect.backoff.max.ms", "1000"));
  for (const auto& [name, value] : setup.properties) RETURN_IF_ERROR(Set(conf, name, value));
  for (const auto& [name, value] : options_.properties) {
    const std::string secret = SecretOf(name);
    RETURN_IF_ERROR(secret.empty() ? Set(conf, name, value)
                                   : SetFromFile(conf, secret, name, value));
  }
  return absl::OkStatus();
}

void KafkaClient::Remember(int error, absl::string_view reason) {
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    down_ = true;
    return;
  }
  absl::MutexLock lock(&mutex_);
  last_error_ = std::string(reason);
}

void KafkaClient::Serve(absl::Duration wait) { rd_kafka_poll(handle_, Milliseconds(wait)); }

absl::Status KafkaClient::Unavailable(absl::Duration waited) const {
  absl::MutexLock lock(&mutex_);
  return absl::UnavailableError(absl::StrCat(
      "LOG_UNAVAILABLE: no Kafka broker answers at ", options_.brokers, " within ", Amount(waited),
      ". Start it or correct --brokers.",
      last_error_.empty() ? "" : absl::StrCat(" Last error: ", last_error_), CauseOf(last_error_)));
}

absl::Status KafkaClient::ToStatus(int error, absl::string_view deed) const {
  const auto code = static_cast<rd_kafka_resp_err_t>(error);
  const std::string text =
      absl::StrCat(deed, " topic ", options_.topic, " at ", options_.brokers, ": ",
                   rd_kafka_err2str(code), " (", rd_kafka_err2name(code), ")");
  switch (code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return absl::OkStatus();
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
      return absl::ResourceExhaustedError(
          absl::StrCat("QUEUE_FULL: ", options_.append_queue_records,
                       " records wait for Kafka already. Slow down and try again."));
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
      return absl::InvalidArgumentError(absl::StrCat("TOO_LARGE: ", text));
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return absl::NotFoundError(absl::StrCat("TOPIC_MISSING: topic ", options_.topic,
                                              " does not exist at ", options_.brokers,
                                              ". Create it: rapport kafka topics --create"));
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return absl::PermissionDeniedError(
          absl::StrCat("LOG_FORBIDDEN: ", text, ". Grant this principal access to the topic."));
    default:
      return absl::UnavailableError(absl::StrCat("LOG_UNAVAILABLE: ", text, ". Try again."));
  }
}

absl::StatusOr<std::string> KafkaClient::ClusterId() {
  char* id = rd_kafka_clusterid(handle_, Milliseconds(options_.answer_timeout));
  Serve(absl::ZeroDuration());
  if (id == nullptr) return Unavailable(options_.answer_timeout);
  std::string result(id);
  rd_kafka_mem_free(handle_, id);
  return result;
}

absl::StatusOr<int> KafkaClient::Partitions(absl::Duration timeout) {
  rd_kafka_topic_t* topic = rd_kafka_topic_new(handle_, options_.topic.c_str(), nullptr);
  if (topic == nullptr) return ToStatus(rd_kafka_last_error(), "opening");
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  int count = 0;
  for (const absl::Time begin = absl::Now();;) {
    const rd_kafka_metadata_t* found = nullptr;
    error = rd_kafka_metadata(handle_, 0, topic, &found, Milliseconds(timeout));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) break;
    if (found->topic_cnt == 1) {
      error = found->topics[0].err;
      count = found->topics[0].partition_cnt;
    }
    rd_kafka_metadata_destroy(found);
    if ((error == RD_KAFKA_RESP_ERR_NO_ERROR && count > 0) || absl::Now() - begin > kSettle) break;
    Serve(absl::Milliseconds(50));
  }
  rd_kafka_topic_destroy(topic);
  if (IsSilence(error)) return Unavailable(timeout);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, "looking up");
  if (count == 0) return ToStatus(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "looking up");
  return count;
}

absl::StatusOr<OffsetRange> KafkaClient::Range(Partition partition) {
  OffsetRange range;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  const absl::Time end = absl::Now() + options_.answer_timeout;
  for (;;) {
    error =
        rd_kafka_query_watermark_offsets(handle_, options_.topic.c_str(), partition, &range.start,
                                         &range.end, Milliseconds(options_.answer_timeout));
    if (!IsElection(error) || absl::Now() > end) break;
    Serve(absl::Milliseconds(50));
  }
  Serve(absl::ZeroDuration());
  if (IsSilence(error)) return Unavailable(options_.answer_timeout);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, "asking for the offsets of");
  return range;
}

}  // namespace rapport::log
