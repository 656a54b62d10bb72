#include "consumers/operations/cli_flags.h"

#include "absl/strings/str_cat.h"
#include "consumers/operations/output.h"
#include "engine/base/status_macros.h"
#include "engine/log/kafka_topics.h"

namespace rapport::operations {
namespace {

void AddCertificateFlags(CLI::App& app, TlsFiles& tls, absl::string_view purpose) {
  app.add_option("--tls-cert", tls.certificate, absl::StrCat("certificate ", purpose))
      ->type_name("FILE");
  app.add_option("--tls-key", tls.key, "its private key, readable by its owner only")
      ->type_name("FILE");
}

void AddDoorFlags(CLI::App& app, Serve& serve) {
  app.add_option("--grpc", serve.grpc,
                 absl::StrCat("address to listen on (default ", kServerDefault, ")"))
      ->type_name("HOST:PORT");
  app.add_option("--http", serve.http, "address to serve HTTP on, or off (default 127.0.0.1:8470)")
      ->type_name("HOST:PORT");
  app.add_option("--tokens", serve.server.tokens_file,
                 "who may call and do what (default: this machine everything)")
      ->type_name("FILE");
  AddCertificateFlags(app, serve.tls, "of this server: TLS instead of clear");
  app.add_option("--client-ca", serve.tls.authority,
                 "clients must show a certificate of this authority")
      ->type_name("FILE");
  Limit(app.add_option("--calls-in-flight", serve.server.limits.in_flight,
                       absl::StrCat("of one caller (default ", serve.server.limits.in_flight, ")")),
        1, 100'000);
  Limit(app.add_option(
            "--publishes-per-second", serve.server.limits.publishes_per_second,
            absl::StrCat("of one caller (default ", serve.server.limits.publishes_per_second, ")")),
        int64_t{1}, int64_t{10'000'000});
}

}  // namespace

absl::Status CommonFlags::Resolve() {
  if (quiet) BeQuiet();
  if (!server.empty() && !target.store.engine.data_directory.empty()) {
    return absl::InvalidArgumentError(
        "wrong usage: --server and --data exclude each other; ask a server, or read a stopped "
        "store");
  }
  if (!server.empty()) target.server = server;
  if (target.partitions.has_value()) target.store.engine.partitions = *target.partitions;
  if (log != "embedded" && log != "kafka") {
    return absl::InvalidArgumentError("--log " + log + " is not known; use embedded or kafka");
  }
  EngineOptions& engine = target.store.engine;
  ASSIGN_OR_RETURN(engine.kafka_properties, PropertiesOf(kafka_properties));
  engine.log = log == "kafka" ? EngineOptions::LogKind::kKafka : EngineOptions::LogKind::kEmbedded;
  if (engine.log == EngineOptions::LogKind::kKafka && engine.brokers.empty()) {
    return absl::InvalidArgumentError("--log kafka needs --brokers HOST:PORT");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, std::string>> PropertiesOf(
    const std::vector<std::string>& words) {
  std::map<std::string, std::string> properties;
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    RETURN_IF_ERROR(log::CheckKafkaProperty(name, value));
    properties[name] = value;
  }
  return properties;
}

void AddPropertyFlag(CLI::App& app, std::vector<std::string>& words) {
  app.add_option("--kafka-property", words,
                 "Kafka: a property of librdkafka that may be passed on; repeatable")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
}

void AddStoreFlags(CLI::App& app, CommonFlags& common) {
  EngineOptions& engine = common.target.store.engine;
  app.add_option("--data", engine.data_directory, "directory of the store")->type_name("DIR");
  app.add_option("--keys", engine.keys_directory, "customers' keys (default DATA/keys)")
      ->type_name("DIR");
  app.add_option("--wrapping-key", engine.wrapping_key_file,
                 "the key that wraps them (default DATA/wrapping.key)")
      ->type_name("FILE");
  app.add_option("--log", common.log, "embedded (default) or kafka")->type_name("KIND");
  app.add_option("--brokers", engine.brokers, "Kafka: several are joined with commas")
      ->type_name("HOST:PORT");
  app.add_option("--topic", engine.topic,
                 absl::StrCat("Kafka: topic of the events (default ", engine.topic, ")"))
      ->type_name("NAME");
  AddPropertyFlag(app, common.kafka_properties);
  app.add_flag("--allow-producer-time", engine.allow_producer_time,
               "Kafka: take records whose time their producer gave");
  Limit(app.add_option("--partitions", common.target.partitions,
                       "of a new embedded log, 1 to 1024 (default 8)"),
        1, 1024);
  app.add_option("--rules", common.target.store.rules_file,
                 "rules, or the name of a set such as office (default: those activated last)")
      ->type_name("FILE");
  Limit(app.add_option("--disk-reserve", engine.disk_reserve_permille,
                       absl::StrCat("stop taking events in below this free share of the disk, in "
                                    "thousandths (default ",
                                    engine.disk_reserve_permille, ")")),
        0, 1000);
  app.add_option("--memory", engine.memory_bytes,
                 absl::StrCat("for customers kept in memory, such as 4GiB (default ",
                              engine.memory_bytes >> 20, "MiB)"))
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/false).description(""))
      ->check(CLI::Range(uint64_t{1} << 20, uint64_t{1} << 40).description(""))
      ->type_name("SIZE");
  app.add_option("--config", common.config,
                 "what flags and environment do not say (default rapport.toml, if it is here)")
      ->type_name("FILE");
  app.add_flag("-q,--quiet", common.quiet, "say only errors, and what answers lack, on stderr");
}

void AddServeFlags(CLI::App& app, CommonFlags& common, Serve& serve) {
  AddStoreFlags(app, common);
  AddDoorFlags(app, serve);
  app.add_option("--echo", serve.echo,
                 "tell the other customer of a referral or an answer, too: on or off (default on, "
                 "with Kafka off, which it must be allowed to write)")
      ->type_name("WORD");
}

void AddClientFlags(CLI::App& app, CommonFlags& common) {
  app.add_option("--server", common.server,
                 absl::StrCat("the server (default ", kServerDefault, ")"))
      ->type_name("HOST:PORT");
  app.add_option("--token-file", common.target.token_file, "holds the token to show the server")
      ->type_name("FILE");
  app.add_option("--tls-ca", common.target.tls.authority,
                 "speak TLS with a server whose certificate is of this authority")
      ->type_name("FILE");
  AddCertificateFlags(app, common.target.tls, "to show the server");
  AddStoreFlags(app, common);
  app.add_option("--format", common.format,
                 "table, json, jsonl, or csv for lists (default: table on a terminal, else jsonl)")
      ->type_name("NAME");
}

void AddViewpointFlags(CLI::App& verb, std::string& as_of, std::string& known_at) {
  verb.add_option("--as-of", as_of, kMomentHelp)->type_name("MOMENT");
  AddKnownAtFlag(verb, known_at);
}

void AddKnownAtFlag(CLI::App& verb, std::string& known_at) {
  verb.add_option("--known-at", known_at, "only what the log held then")->type_name("POSITION");
}

CLI::Option* AddMaxRateFlag(CLI::App& verb, int64_t& records_per_second, const char* flag) {
  CLI::Option* rate =
      Limit(verb.add_option("--max-rate", records_per_second,
                            "so many records a second at most (default: as many as it can)"),
            int64_t{1}, int64_t{1'000'000'000});
  return flag == nullptr ? rate : rate->needs(verb.get_option(flag));
}

void AddRulesDigestFlag(CLI::App& verb, std::string& rules) {
  verb.add_option("--rules-digest", rules,
                  "by these rules of rules list, or AT_KNOWN (default: the active ones)")
      ->type_name("DIGEST");
}

void AddBackgroundFlags(CLI::App& verb, BackgroundOrder& order) {
  verb.add_flag("--background", order.no_wait,
                "the server goes on without this command; see rapport operations");
  AddMaxRateFlag(verb, order.max_rate, "--background");
}

void AddMinPositionFlag(CLI::App& verb, std::string& min_position) {
  verb.add_option("--min-position", min_position, "wait until this is applied")
      ->type_name("POSITION");
}

// What is opened is written down with its purpose.
void AddRevealFlags(CLI::App& verb, bool& reveal, std::string& purpose, const char* what) {
  CLI::Option* flag = verb.add_flag("--reveal", reveal, what);
  CLI::Option* why = verb.add_option("--purpose", purpose, "why they are opened, for the audit");
  flag->needs(why);
  why->needs(flag);
}

}  // namespace rapport::operations
