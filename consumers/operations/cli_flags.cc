#include "consumers/operations/cli_flags.h"

#include "absl/strings/str_cat.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

absl::Status Common::Resolve() {
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
  engine.log = log == "kafka" ? EngineOptions::LogKind::kKafka : EngineOptions::LogKind::kEmbedded;
  if (engine.log == EngineOptions::LogKind::kKafka && engine.brokers.empty()) {
    return absl::InvalidArgumentError("--log kafka needs --brokers HOST:PORT");
  }
  return absl::OkStatus();
}

void AddStoreFlags(CLI::App& app, Common& common) {
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
  app.add_flag("-q,--quiet", common.quiet, "say only errors, and what answers lack, on stderr");
}

void AddClientFlags(CLI::App& app, Common& common) {
  app.add_option("--server", common.server,
                 absl::StrCat("the server (default ", kServerDefault, ")"))
      ->type_name("HOST:PORT");
  AddStoreFlags(app, common);
  app.add_option("--format", common.format,
                 "table, json, jsonl, or csv for lists (default: table on a terminal, else jsonl)")
      ->type_name("NAME");
}

}  // namespace rapport::operations
