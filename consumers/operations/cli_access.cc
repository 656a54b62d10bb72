#include "consumers/operations/cli_access.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "consumers/operations/settings.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr char kOrigin[] = "--origin";

absl::Status ShowSettings(CLI::App& verb, const std::string& config, bool origin) {
  ASSIGN_OR_RETURN(const Settings settings, Settings::Load(config));
  const auto rows = settings.Show(verb);
  // What `serve` would refuse is refused.
  RETURN_IF_ERROR(settings.Apply(verb));
  for (const ShownSetting& row : rows) {
    const std::string quoted = absl::StrReplaceAll(row.value, {{"\\", "\\\\"}, {"\"", "\\\""}});
    // What is not set must not be set to nothing where this is read again.
    // Neither must what follows from other settings.
    const bool is_comment = row.value.empty() || row.is_derived;
    std::printf("%s%s = \"%s\"%s\n", is_comment ? "# " : "", row.key.c_str(), quoted.c_str(),
                origin ? absl::StrCat("  # ", row.origin).c_str() : "");
  }
  return absl::OkStatus();
}

void AddNewToken(CLI::App& verb, TokenNew& order) {
  verb.add_option("--name", order.name, "whose; stands in the audit and on events")
      ->required()
      ->type_name("NAME");
  verb.add_option("--roles", order.roles,
                  "publisher, reader, revealer, worker, analyst, operator, eraser")
      ->required()
      ->type_name("NAMES");
  verb.add_option("--sources", order.sources, "a publisher's, or * for any")->type_name("NAMES");
  Limit(verb.add_option("--days", order.days, "until it expires (default 365)"), 1, 3650);
}

// Of docs/settings.md, which a test compares with it.
absl::Status PrintSettingsTable() {
  CLI::App serve;
  CLI::App client;
  CommonFlags common;
  Serve options;
  AddServeFlags(serve, common, options);
  AddClientFlags(client, common);
  std::printf("%s", SettingsTable(serve, client).c_str());
  return absl::OkStatus();
}

CLI::App* Noun(CLI::App& app, const char* name, const char* help) {
  CLI::App* noun = app.add_subcommand(name, help);
  noun->require_subcommand(1);
  return noun;
}

}  // namespace

void AddAccessCommands(CLI::App& app, CommonFlags& common, Access& access,
                       const std::function<void(CLI::App*, std::function<absl::Status()>)>& does) {
  CLI::App* token = Noun(app, "token", "who may call")
                        ->add_subcommand("new", "a token, and the line that lets it in");
  AddNewToken(*token, access.token);
  does(token, [&access] { return MakeToken(access.token); });
  CLI::App* config = Noun(app, "config", "what is set");
  does(config->add_subcommand("settings", "every setting there is, with its meaning"),
       PrintSettingsTable);
  CLI::App* show = config->add_subcommand("show", "every setting of serve, as rapport.toml has it");
  show->add_flag(kOrigin, access.origin, "where each value comes from");
  AddServeFlags(*show, common, access.shown);
  does(show, [show, &common, &access]() -> absl::Status {
    RETURN_IF_ERROR(ShowSettings(*show, common.config, access.origin));
    return common.Resolve();
  });
}

absl::Status ApplySettings(CLI::App& verb, const std::string& config) {
  if (verb.get_option_no_throw("--config") == nullptr ||
      verb.get_option_no_throw(kOrigin) != nullptr) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Settings settings, Settings::Load(config));
  return settings.Apply(verb);
}

}  // namespace rapport::operations
