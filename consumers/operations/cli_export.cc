#include "consumers/operations/cli_export.h"

#include "consumers/operations/cli_flags.h"

namespace rapport::operations {
namespace {

using Asks = std::function<absl::Status(Client&)>;

// Flags and deed that all tables share.
void AddTable(CLI::App* verb, ExportTarget& target, const ExportHost& host, Asks ask) {
  verb->add_option("-o,--out", target.folder, "folder of the tables (default: this one)")
      ->type_name("DIR");
  CLI::Option* force = verb->add_flag("--force", target.force, "replace the file that is there");
  verb->add_flag("--on-server", target.background.no_wait,
                 "the server writes it into its folder exports, without this command")
      ->excludes(force)
      ->excludes(verb->get_option("--out"));
  AddMaxRateFlag(*verb, target.background.max_rate, "--on-server");
  host.add_client_flags(*verb);
  verb->get_option("--format")->description("parquet (default), csv or jsonl");
  host.asks(verb, [&target, ask](Client& client, const std::string& format) {
    target.format = format;
    return ask(client);
  });
}

void AddBaseTable(CLI::App& noun, const char* name, const char* help, v1::BaseTable table,
                  ExportCommands& commands, const ExportHost& host) {
  CLI::App* verb = noun.add_subcommand(name, help);
  BaseExport& base = commands.base;
  AddViewpointFlags(*verb, base.as_of, base.known_at);
  AddRulesDigestFlag(*verb, base.rules);
  AddMinPositionFlag(*verb, base.min_position);
  AddTable(verb, commands.target, host, [&commands, table](Client& client) {
    return ExportBase(client, table, commands.base, commands.target);
  });
}

}  // namespace

void AddEventsFlags(CLI::App& verb, EventsExport& events) {
  verb.add_option("--from", events.from, "what happened at this moment or later")
      ->type_name("MOMENT");
  verb.add_option("--to", events.to, "what happened before this moment")->type_name("MOMENT");
  verb.add_option("--customer", events.customer, "only this customer's")->type_name("ID");
  verb.add_option("--kinds", events.kinds, "only these, such as PurchaseMade,ThanksGiven")
      ->delimiter(',')
      ->type_name("KINDS");
  verb.add_option("--from-position", events.from_position, "from this position on")
      ->type_name("POSITION");
  verb.add_option("--to-position", events.to_position, "up to this position (default: the end)")
      ->type_name("POSITION");
}

void AddReplayCommand(CLI::App& app, EventsReplay& replay, const ListsHost& host) {
  CLI::App* verb = app.add_subcommand("replay", "records of the log once more, to look at");
  AddEventsFlags(*verb, replay.chosen);
  verb->add_option("--partition", replay.partition, "only this partition")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--dry-run", replay.dry_run, "only how many they are");
  AddMaxRateFlag(*verb, replay.max_rate);
  host.add_client_flags(*verb);
  host.asks(verb, /*rows=*/true, [&replay](Client& client, Format format) {
    replay.format = format;
    return ReplayEvents(client, replay);
  });
}

void AddExportCommands(CLI::App& noun, ExportCommands& commands, const ExportHost& host) {
  AddBaseTable(noun, "relationships", "one row a customer: stage, score, flags, types",
               v1::BASE_TABLE_RELATIONSHIPS, commands, host);
  AddBaseTable(noun, "points", "one row a reason: what an event has of a line of a score",
               v1::BASE_TABLE_POINTS, commands, host);
  AddBaseTable(noun, "follow_ups", "one row a follow-up, open or lately closed",
               v1::BASE_TABLE_FOLLOW_UPS, commands, host);
  CLI::App* verb = noun.add_subcommand("events", "one row an event, as the log has it");
  EventsExport& events = commands.events;
  AddEventsFlags(*verb, events);
  AddTable(verb, commands.target, host, [&commands](Client& client) {
    return ExportEvents(client, commands.events, commands.target);
  });
}

}  // namespace rapport::operations
