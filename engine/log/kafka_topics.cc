#include "engine/log/kafka_topics.h"

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/status_macros.h"
#include "engine/log/kafka_client.h"

namespace rapport::log {
namespace {

// The settings of a fresh topic may be unknown to a broker for about half a second, and longer to a
// busy one.
constexpr absl::Duration kSettle = absl::Seconds(1);
// How long a topic that was just created may stay unknown.
constexpr absl::Duration kKnownWithin = absl::Seconds(10);

constexpr char kPartitions[] = "partitions";

template <auto Destroy>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Destroy(object);
  }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, Deleter<rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Deleter<rd_kafka_event_destroy>>;
using Options = std::unique_ptr<rd_kafka_AdminOptions_t, Deleter<rd_kafka_AdminOptions_destroy>>;
using Resource =
    std::unique_ptr<rd_kafka_ConfigResource_t, Deleter<rd_kafka_ConfigResource_destroy>>;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Deleter<rd_kafka_NewTopic_destroy>>;

int AnswerMilliseconds(const KafkaClient& client) {
  return static_cast<int>(absl::ToInt64Milliseconds(client.options().answer_timeout));
}

Options AdminOptions(KafkaClient& client, rd_kafka_admin_op_t operation) {
  Options options(rd_kafka_AdminOptions_new(client.handle(), operation));
  char ignored[256];
  rd_kafka_AdminOptions_set_request_timeout(options.get(), AnswerMilliseconds(client), ignored,
                                            sizeof(ignored));
  return options;
}

// Waits for the answer of an admin call a little longer than the call itself may take.
absl::StatusOr<Event> Await(KafkaClient& client, rd_kafka_queue_t* queue) {
  Event event(rd_kafka_queue_poll(queue, AnswerMilliseconds(client) + 1000));
  client.Serve(absl::ZeroDuration());
  const rd_kafka_resp_err_t error =
      event == nullptr ? RD_KAFKA_RESP_ERR__TIMED_OUT : rd_kafka_event_error(event.get());
  if (error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__TRANSPORT) {
    return client.Unavailable(client.options().answer_timeout);
  }
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return client.ToStatus(error, "administering");
  return event;
}

// All settings of the topic, once.
absl::StatusOr<std::map<std::string, std::string>> DescribeOnce(KafkaClient& client,
                                                                const std::string& topic) {
  Resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  Queue queue(rd_kafka_queue_new(client.handle()));
  const Options options = AdminOptions(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  rd_kafka_ConfigResource_t* resources[] = {resource.get()};
  rd_kafka_DescribeConfigs(client.handle(), resources, 1, options.get(), queue.get());
  ASSIGN_OR_RETURN(const Event event, Await(client, queue.get()));
  const auto* answer = rd_kafka_event_DescribeConfigs_result(event.get());
  size_t count = 0;
  const auto* const* described = rd_kafka_DescribeConfigs_result_resources(answer, &count);
  std::map<std::string, std::string> settings;
  for (size_t i = 0; i < count; ++i) {
    RETURN_IF_ERROR(
        client.ToStatus(rd_kafka_ConfigResource_error(described[i]), "asking for the settings of"));
    size_t entries = 0;
    const auto* const* entry = rd_kafka_ConfigResource_configs(described[i], &entries);
    for (size_t e = 0; e < entries; ++e) {
      const char* value = rd_kafka_ConfigEntry_value(entry[e]);
      settings[rd_kafka_ConfigEntry_name(entry[e])] = value == nullptr ? "" : value;
    }
  }
  return settings;
}

absl::StatusOr<std::map<std::string, std::string>> Describe(KafkaClient& client,
                                                            const std::string& topic,
                                                            absl::Duration patience = kSettle) {
  const absl::Time begin = absl::Now();
  for (;;) {
    auto settings = DescribeOnce(client, topic);
    if (!absl::IsNotFound(settings.status()) || absl::Now() - begin > patience) return settings;
    client.Serve(absl::Milliseconds(50));
  }
}

// Kafka writes `compact,delete` in any order; a topic that compacts at all loses records.
bool Satisfies(const TopicSetting& setting, const std::string& is) {
  if (setting.name != "cleanup.policy") return is == setting.value;
  const std::vector<std::string> policies = absl::StrSplit(is, ',');
  return absl::c_all_of(policies, [&](const auto& policy) { return policy == setting.value; });
}

absl::StatusOr<NewTopic> ToNewTopic(const TopicPlan& plan, int replication) {
  char reason[256];
  NewTopic topic(rd_kafka_NewTopic_new(plan.name.c_str(), plan.partitions, replication, reason,
                                       sizeof(reason)));
  if (topic == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("topic ", plan.name, ": ", reason));
  }
  for (const TopicSetting& setting : plan.settings) {
    rd_kafka_NewTopic_set_config(topic.get(), setting.name.c_str(), setting.value.c_str());
  }
  return topic;
}

}  // namespace

std::string TopicFinding::ToString() const {
  return absl::StrCat(setting, " is ", is, ", must be ", must_be, ": ", consequence);
}

std::string TopicFinding::Cure(const std::string& brokers) const {
  if (setting == kPartitions) {
    return "copy the topic into a new one; the number of partitions is fixed for a log's life";
  }
  return absl::StrCat("kafka-configs.sh --bootstrap-server ", brokers, " --alter --topic ", topic,
                      " --add-config ", setting, "=", must_be);
}

TopicPlan EventsTopic(int partitions, std::string name) {
  return {std::move(name),
          partitions,
          {{"cleanup.policy", "delete", "events would be removed and history rewritten", true},
           {"message.timestamp.type", "LogAppendTime",
            "producers' clocks would decide when an event became known", true},
           {"retention.ms", "-1", "history would be lost"},
           {"retention.bytes", "-1", "history would be lost"},
           {"compression.type", "zstd", "the topic would take several times the space"},
           {"unclean.leader.election.enable", "false",
            "a lagging replica could take over and lose accepted events"}}};
}

TopicPlan RejectedTopic(int partitions, std::string name) {
  return {std::move(name),
          partitions,
          {{"cleanup.policy", "delete", "rejected records would be lost before they are judged"},
           {"retention.ms", "-1", "rejected records would be lost before they are judged"}}};
}

TopicPlan RelationshipsTopic(int partitions, std::string name) {
  return {std::move(name),
          partitions,
          {{"cleanup.policy", "compact", "the feed would grow without end or forget customers"}}};
}

absl::Status CreateTopics(const KafkaOptions& options, absl::Span<const TopicPlan> plans,
                          int replication) {
  ASSIGN_OR_RETURN(auto client, KafkaClient::New(options, {}));
  RETURN_IF_ERROR(client->ClusterId().status());
  std::vector<NewTopic> topics;
  std::vector<rd_kafka_NewTopic_t*> borrowed;
  for (const TopicPlan& plan : plans) {
    ASSIGN_OR_RETURN(NewTopic topic, ToNewTopic(plan, replication));
    borrowed.push_back(topic.get());
    topics.push_back(std::move(topic));
  }
  Queue queue(rd_kafka_queue_new(client->handle()));
  const Options admin = AdminOptions(*client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
  char ignored[256];
  rd_kafka_AdminOptions_set_operation_timeout(admin.get(), AnswerMilliseconds(*client), ignored,
                                              sizeof(ignored));
  rd_kafka_CreateTopics(client->handle(), borrowed.data(), borrowed.size(), admin.get(),
                        queue.get());
  ASSIGN_OR_RETURN(const Event event, Await(*client, queue.get()));
  size_t count = 0;
  const auto* const* results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      continue;
    }
    const char* reason = rd_kafka_topic_result_error_string(results[i]);
    return absl::FailedPreconditionError(
        absl::StrCat("topic ", rd_kafka_topic_result_name(results[i]), " could not be created at ",
                     options.brokers, ": ", reason == nullptr ? rd_kafka_err2str(error) : reason));
  }
  // A topic is created before every broker knows it; whoever asks next should find it.
  for (const TopicPlan& plan : plans) {
    RETURN_IF_ERROR(Describe(*client, plan.name, kKnownWithin).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<TopicFinding>> CheckSettings(KafkaClient& client,
                                                        const TopicPlan& plan) {
  ASSIGN_OR_RETURN(auto settings, Describe(client, plan.name));
  std::vector<TopicFinding> findings;
  for (const TopicSetting& setting : plan.settings) {
    const auto found = settings.find(setting.name);
    const std::string is = found == settings.end() ? "unknown" : found->second;
    if (Satisfies(setting, is)) continue;
    findings.push_back(
        {plan.name, setting.name, is, setting.value, setting.consequence, setting.vital});
  }
  return findings;
}

absl::StatusOr<std::vector<TopicFinding>> CheckTopic(const KafkaOptions& options,
                                                     const TopicPlan& plan) {
  KafkaOptions named = options;
  named.topic = plan.name;
  ASSIGN_OR_RETURN(auto client, KafkaClient::New(named, {}));
  RETURN_IF_ERROR(client->ClusterId().status());
  ASSIGN_OR_RETURN(auto findings, CheckSettings(*client, plan));
  if (plan.partitions > 0) {
    ASSIGN_OR_RETURN(const int partitions, client->Partitions(options.answer_timeout));
    if (partitions != plan.partitions) {
      findings.push_back({plan.name, kPartitions, absl::StrCat(partitions),
                          absl::StrCat(plan.partitions),
                          "a customer's events would be spread over two partitions", true});
    }
  }
  return findings;
}

}  // namespace rapport::log
