#include "engine/log/kafka_options.h"

#include <array>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::log {
namespace {

// Where to connect, who we are, how large and how patient. Nothing that runs code, nothing that
// switches off a check, nothing that changes what a record or an offset means.
constexpr std::array kAllowed = {
    "broker.address.family",
    "client.id",
    "client.rack",
    "connections.max.idle.ms",
    "fetch.error.backoff.ms",
    "fetch.max.bytes",
    "fetch.message.max.bytes",
    "fetch.min.bytes",
    "fetch.wait.max.ms",
    "linger.ms",
    "max.partition.fetch.bytes",
    "message.max.bytes",
    "metadata.max.age.ms",
    "queue.buffering.max.kbytes",
    "queue.buffering.max.ms",
    "queued.max.messages.kbytes",
    "queued.min.messages",
    "reconnect.backoff.max.ms",
    "reconnect.backoff.ms",
    "request.timeout.ms",
    "retry.backoff.ms",
    "sasl.mechanism",
    "sasl.mechanisms",
    "sasl.password_file",
    "sasl.username",
    "security.protocol",
    "socket.connection.setup.timeout.ms",
    "socket.keepalive.enable",
    "socket.nagle.disable",
    "socket.receive.buffer.bytes",
    "socket.send.buffer.bytes",
    "socket.timeout.ms",
    "ssl.ca.location",
    "ssl.certificate.location",
    "ssl.crl.location",
    "ssl.key.location",
    "ssl.key.password_file",
    "topic.metadata.refresh.interval.ms",
};

// Why a well-known property is refused; empty for one that nobody thought of.
absl::string_view WhyRefused(absl::string_view name) {
  if (name == "sasl.password" || name == "ssl.key.password") {
    return "secrets come from files only: use the same name with _file behind it";
  }
  if (name == "bootstrap.servers" || name == "metadata.broker.list") return "use --brokers";
  if (absl::StrContains(name, "verification") || absl::StrContains(name, "identification")) {
    return "the broker's certificate and name are always verified";
  }
  if (absl::StrContains(name, "plugin") || absl::StrContains(name, "kinit") ||
      absl::StrContains(name, "engine") || absl::StrContains(name, "providers")) {
    return "it runs foreign code";
  }
  return "it is not on the list of properties that are safe to pass on";
}

}  // namespace

absl::Status CheckKafkaProperty(absl::string_view name, absl::string_view value) {
  if (!absl::c_linear_search(kAllowed, name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("kafka.properties.\"", name, "\" is refused: ", WhyRefused(name), "."));
  }
  if (value.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("kafka.properties.\"", name, "\" is empty. Give a value or remove it."));
  }
  return absl::OkStatus();
}

absl::Status CheckKafkaOptions(const KafkaOptions& options) {
  if (options.brokers.empty()) {
    return absl::InvalidArgumentError("no Kafka broker is named. Give --brokers HOST:PORT.");
  }
  if (options.topic.empty() || options.topic.size() > 249) {
    return absl::InvalidArgumentError(
        absl::StrCat("the topic name has ", options.topic.size(), " bytes, must have 1 to 249."));
  }
  if (options.consumers < 1 || options.append_queue_records < 1) {
    return absl::InvalidArgumentError("consumers and append_queue_records must be 1 or more.");
  }
  for (const auto& [name, value] : options.properties) {
    RETURN_IF_ERROR(CheckKafkaProperty(name, value));
  }
  return absl::OkStatus();
}

}  // namespace rapport::log
