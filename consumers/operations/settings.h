// Settings: what the command line does not say, from the environment, else from rapport.toml, else
// as it is by default.
//
//   ASSIGN_OR_RETURN(Settings settings, Settings::Load(path));
//   RETURN_IF_ERROR(settings.Apply(*verb));         // options of `verb` that were not given
//   for (const ShownSetting& row : settings.Show(*verb)) ...
//
//   server.grpc = "127.0.0.1:8471"
//   log.brokers = "k1:9093,k2:9093"                 # RAPPORT_KAFKA_BROKERS
//   kafka.properties."security.protocol" = "sasl_ssl"
//
// `serve` takes all but those that begin with `client.`, who asks a server takes only those.
// Secrets never stand in it: settings that end with `_file` name files that hold them.
//
// Threads: one; the environment must not change.
// Errors:  INVALID_ARGUMENT with file, line and what was perhaps meant, or the variable's name.
#pragma once

#include <CLI/App.hpp>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rapport::operations {

struct ShownSetting {
  std::string key;
  std::string value;
  // `--grpc`, `RAPPORT_SERVER_GRPC`, `rapport.toml:3`, or `default`.
  std::string origin;
  // A default that the program fills in, some of them by other settings.
  bool is_derived = false;
};

class Settings {
 public:
  // An empty path is RAPPORT_CONFIG, else `rapport.toml` where the program runs, if it is there.
  static absl::StatusOr<Settings> Load(std::string path);
  // The same of a file's text.
  static absl::StatusOr<Settings> Parse(const std::string& text, const std::string& path);

  // Gives each option of `verb` that the line did not give its value.
  absl::Status Apply(CLI::App& verb) const;
  // What `verb`, of `serve`'s flags, has for each setting, and where that comes from. Before Apply.
  std::vector<ShownSetting> Show(CLI::App& verb) const;

 private:
  struct Value {
    std::string text;
    // `rapport.toml:3`.
    std::string place;
  };

  Value ValueOf(const struct Setting& setting) const;

  // By key.
  std::map<std::string, Value> file_;
  // Of `kafka.properties`, each `NAME=VALUE`.
  std::vector<Value> properties_;
};

// Every setting with flag, environment, default and meaning, as a table of docs/settings.md.
// `serve` and `client` have the flags of those.
std::string SettingsTable(CLI::App& serve, CLI::App& client);

}  // namespace rapport::operations
