#include "consumers/operations/settings.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "consumers/edge/nearest_name.h"
#include "consumers/operations/client.h"
#include "consumers/operations/command_serve.h"
#include "consumers/transactions/import_toml.h"
#include "engine/base/check.h"
#include "engine/base/secret_file.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {

struct Setting {
  const char* key;
  const char* flag;
  const char* variable;
  // What it is when nobody says; null = what the flag has by itself.
  const char* fallback = nullptr;
};

namespace {

using transactions::TomlEntry;
using transactions::TomlNode;

constexpr char kFileDefault[] = "rapport.toml";
constexpr char kProperties[] = "kafka.properties.";
constexpr char kPropertyFlag[] = "--kafka-property";
constexpr char kOfClients[] = "client.";

constexpr std::array kSettings = {
    Setting{"server.grpc", "--grpc", "RAPPORT_SERVER_GRPC"},
    Setting{"server.http", "--http", "RAPPORT_SERVER_HTTP"},
    Setting{"server.tokens_file", "--tokens", "RAPPORT_SERVER_TOKENS_FILE",
            "none: this machine may do everything"},
    Setting{"server.tls_cert_file", "--tls-cert", "RAPPORT_SERVER_TLS_CERT_FILE"},
    Setting{"server.tls_key_file", "--tls-key", "RAPPORT_SERVER_TLS_KEY_FILE"},
    Setting{"server.client_ca_file", "--client-ca", "RAPPORT_SERVER_CLIENT_CA_FILE"},
    Setting{"limits.calls_in_flight", "--calls-in-flight", "RAPPORT_LIMITS_CALLS_IN_FLIGHT"},
    Setting{"limits.publishes_per_second", "--publishes-per-second",
            "RAPPORT_LIMITS_PUBLISHES_PER_SECOND"},
    Setting{"log.kind", "--log", "RAPPORT_LOG_KIND"},
    Setting{"log.brokers", "--brokers", "RAPPORT_KAFKA_BROKERS"},
    Setting{"log.topic", "--topic", "RAPPORT_KAFKA_TOPIC"},
    Setting{"log.partitions", "--partitions", "RAPPORT_LOG_PARTITIONS"},
    Setting{"log.allow_producer_time", "--allow-producer-time", "RAPPORT_LOG_ALLOW_PRODUCER_TIME"},
    Setting{"echo", "--echo", "RAPPORT_ECHO", "`on` with the embedded log, `off` with Kafka"},
    Setting{"state.directory", "--data", "RAPPORT_STATE_DIRECTORY"},
    Setting{"state.memory", "--memory", "RAPPORT_STATE_MEMORY"},
    Setting{"state.disk_reserve", "--disk-reserve", "RAPPORT_STATE_DISK_RESERVE"},
    Setting{"keys.directory", "--keys", "RAPPORT_KEYS_DIRECTORY", "`keys` in `state.directory`"},
    Setting{"keys.wrapping_key_file", "--wrapping-key", "RAPPORT_KEYS_WRAPPING_KEY_FILE",
            "`wrapping.key` in `state.directory`"},
    Setting{"rules.file", "--rules", "RAPPORT_RULES_FILE",
            "the rules that were activated last, else `standard`"},
    Setting{"client.server", "--server", "RAPPORT_SERVER"},
    Setting{"client.token_file", "--token-file", "RAPPORT_TOKEN_FILE"},
    Setting{"client.tls_ca_file", "--tls-ca", "RAPPORT_TLS_CA_FILE"},
    Setting{"client.tls_cert_file", "--tls-cert", "RAPPORT_TLS_CERT_FILE"},
    Setting{"client.tls_key_file", "--tls-key", "RAPPORT_TLS_KEY_FILE"},
};

bool IsOfClients(const Setting& setting) { return absl::StartsWith(setting.key, kOfClients); }

bool IsKnown(const std::string& key) {
  for (const Setting& setting : kSettings) {
    if (setting.key == key) return true;
  }
  return false;
}

// A leaf of the file under its whole key.
struct Leaf {
  std::string key;
  const TomlEntry* entry;
};

void Flatten(const TomlNode& table, const std::string& before, std::vector<Leaf>& leaves) {
  for (const TomlEntry& entry : table.entries) {
    const std::string key = absl::StrCat(before, entry.key);
    if (entry.value.is_table()) {
      Flatten(entry.value, key + ".", leaves);
    } else {
      leaves.push_back({key, &entry});
    }
  }
}

absl::StatusOr<std::string> TextOf(const TomlNode& node, absl::string_view where,
                                   const std::string& key) {
  switch (node.type) {
    case TomlNode::Type::kString:
      return node.text;
    case TomlNode::Type::kInteger:
      return absl::StrCat(node.integer);
    case TomlNode::Type::kBool:
      return std::string(node.flag ? "true" : "false");
    default:
      return absl::InvalidArgumentError(
          absl::StrCat(where, ": ", key, " must be a text, a whole number or true or false"));
  }
}

absl::Status Unknown(absl::string_view where, const std::string& key) {
  std::vector<std::string> known;
  for (const Setting& setting : kSettings) known.push_back(setting.key);
  const std::string nearest = edge::NearestName(key, known);
  return absl::InvalidArgumentError(
      absl::StrCat(where, ": there is no setting ", edge::ShownName(key),
                   nearest.empty() ? "; see `rapport config show`"
                                   : absl::StrCat("; did you mean ", nearest, "?")));
}

const char* Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr || *value == '\0' ? nullptr : value;
}

// What a setting is by default when its flag does not tell it; empty for others. `rows` holds what
// was said of others.
std::string DerivedValue(absl::string_view key, const std::vector<ShownSetting>& rows) {
  const auto value_of = [&rows](absl::string_view other) -> std::string {
    for (const ShownSetting& row : rows) {
      if (row.key == other) return row.value;
    }
    return "";
  };
  if (key == "state.directory") return kDataDefault;
  if (key == "keys.directory") return value_of("state.directory") + "/keys";
  if (key == "keys.wrapping_key_file") return value_of("state.directory") + "/wrapping.key";
  if (key == "log.partitions") return absl::StrCat(EngineOptions().partitions);
  if (key == "log.allow_producer_time") return "false";
  if (key == "echo") return value_of("log.kind") == "kafka" ? "off" : "on";
  if (key == "client.server") return kServerDefault;
  return "";
}

CLI::Option* OptionOf(CLI::App& verb, const char* flag) { return verb.get_option_no_throw(flag); }

std::string DefaultOf(CLI::Option& option) {
  option.capture_default_str();
  return option.get_default_str();
}

// The option's help without what it says of its default.
std::string MeaningOf(const CLI::Option& option) {
  std::string text = option.get_description();
  const size_t at = text.find(" (default");
  if (at != std::string::npos) text.erase(at, text.find(')', at) - at + 1);
  return text;
}

// `serve` and what has its flags.
bool Serves(CLI::App& verb) { return OptionOf(verb, "--tokens") != nullptr; }

// What `text` says about `option`, as if it stood on the line.
absl::Status Give(CLI::Option& option, const std::string& text, const std::string& place) {
  // allow: exception, because the library of the command line tells so; they end here.
  try {
    option.add_result(text);
    option.run_callback();
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(absl::StrCat(place, ": ", error.what()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Settings> Settings::Load(std::string path) {
  if (path.empty()) {
    const char* const named = Environment("RAPPORT_CONFIG");
    std::error_code error;
    if (named != nullptr) {
      path = named;
    } else if (std::filesystem::exists(kFileDefault, error)) {
      path = kFileDefault;
    } else {
      return Settings();
    }
  }
  ASSIGN_OR_RETURN(const std::string text, ReadOpenFile("settings", path));
  return Parse(text, path);
}

absl::StatusOr<Settings> Settings::Parse(const std::string& text, const std::string& path) {
  ASSIGN_OR_RETURN(const TomlNode root, transactions::ParseToml(text, path));
  std::vector<Leaf> leaves;
  Flatten(root, "", leaves);
  Settings settings;
  for (const Leaf& leaf : leaves) {
    const std::string place = absl::StrCat(path, ":", leaf.entry->place.line);
    absl::string_view property = leaf.key;
    const bool is_property = absl::ConsumePrefix(&property, kProperties);
    if (!is_property && !IsKnown(leaf.key)) return Unknown(place, leaf.key);
    ASSIGN_OR_RETURN(std::string value, TextOf(leaf.entry->value, place, leaf.key));
    if (is_property) {
      settings.properties_.push_back({absl::StrCat(property, "=", value), place});
    } else {
      settings.file_[leaf.key] = {std::move(value), place};
    }
  }
  return settings;
}

Settings::Value Settings::ValueOf(const Setting& setting) const {
  if (const char* const value = Environment(setting.variable)) return {value, setting.variable};
  const auto found = file_.find(setting.key);
  return found == file_.end() ? Value() : found->second;
}

absl::Status Settings::Apply(CLI::App& verb) const {
  const bool serves = Serves(verb);
  // Who reads a stopped store asks no server.
  const CLI::Option* const data = OptionOf(verb, "--data");
  if (!serves && data != nullptr && data->count() > 0) return absl::OkStatus();
  for (const Setting& setting : kSettings) {
    if (IsOfClients(setting) == serves) continue;
    const Value value = ValueOf(setting);
    if (value.place.empty()) continue;
    CLI::Option* const option = OptionOf(verb, setting.flag);
    if (option == nullptr) {
      if (!serves) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(value.place, ": ", setting.key, " is not served by this program"));
    }
    if (option->count() > 0) continue;
    RETURN_IF_ERROR(Give(*option, value.text, value.place));
  }
  CLI::Option* const property = OptionOf(verb, kPropertyFlag);
  if (!serves || property == nullptr || property->count() > 0) return absl::OkStatus();
  for (const Value& value : properties_) {
    RETURN_IF_ERROR(Give(*property, value.text, value.place));
  }
  return absl::OkStatus();
}

std::vector<ShownSetting> Settings::Show(CLI::App& verb) const {
  std::vector<ShownSetting> rows;
  for (const Setting& setting : kSettings) {
    CLI::Option* const option = IsOfClients(setting) ? nullptr : OptionOf(verb, setting.flag);
    if (option == nullptr && !IsOfClients(setting)) continue;
    if (option != nullptr && option->count() > 0) {
      rows.push_back({setting.key, option->results().back(), setting.flag});
    } else if (Value value = ValueOf(setting); !value.place.empty()) {
      rows.push_back({setting.key, std::move(value.text), std::move(value.place)});
    } else {
      std::string by_itself = option == nullptr ? "" : DefaultOf(*option);
      const bool is_derived = by_itself.empty();
      if (is_derived) by_itself = DerivedValue(setting.key, rows);
      rows.push_back({setting.key, std::move(by_itself), "default", is_derived});
    }
  }
  for (const Value& value : properties_) {
    const size_t equals = value.text.find('=');
    rows.push_back({absl::StrCat(kProperties, "\"", value.text.substr(0, equals), "\""),
                    value.text.substr(equals + 1), value.place});
  }
  return rows;
}

std::string SettingsTable(CLI::App& serve, CLI::App& client) {
  std::string table =
      "| setting | flag | environment | default | meaning |\n|---|---|---|---|---|\n";
  for (const Setting& setting : kSettings) {
    CLI::Option* const option = OptionOf(IsOfClients(setting) ? client : serve, setting.flag);
    RAPPORT_CHECK(option != nullptr) << setting.key << " has no flag";
    std::string fallback = DefaultOf(*option);
    if (fallback.empty()) fallback = DerivedValue(setting.key, {});
    if (!fallback.empty()) fallback = absl::StrCat("`", fallback, "`");
    if (setting.fallback != nullptr) fallback = setting.fallback;
    absl::StrAppend(&table, "| `", setting.key, "` | `", setting.flag, "` | `", setting.variable,
                    "` | ", fallback.empty() ? "none" : fallback, " | ", MeaningOf(*option),
                    " |\n");
  }
  return table;
}

}  // namespace rapport::operations
