#include "consumers/operations/cli_rules.h"

#include "consumers/operations/cli_flags.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr char kFileHelp[] = "file, - for standard input, or a name such as office";

CLI::Option* AddChoice(CLI::App& verb, RulesChoice& choice) {
  verb.add_option("--over", choice.over, "lay them over this set, if they do not say over which")
      ->type_name("NAME");
  return verb.add_option("file", choice.file, kFileHelp)->type_name("FILE");
}

void AddRefoldFlags(CLI::App& verb, RulesActivation& activation) {
  verb.add_flag("--no-wait", activation.no_wait, "do not wait until facts are folded anew");
  AddMaxRateFlag(verb, activation.max_rate);
}

void AddSwitching(CLI::App& noun, RulesCommands& rules, const RulesHost& host) {
  CLI::App* list = noun.add_subcommand("list", "those that answer, and what others there are");
  host.add_client_flags(*list);
  host.asks(list, [](Client& client, Format format) -> absl::StatusOr<int> {
    RETURN_IF_ERROR(ListRules(client, format));
    return 0;
  });
  RulesActivation& activation = rules.activation;
  CLI::App* activate = noun.add_subcommand("activate", "let other rules answer from now on");
  AddChoice(*activate, activation.rules)->required();
  activate->add_option("--expected", activation.expected, "only while these are the active ones")
      ->type_name("DIGEST");
  activate->add_flag("--yes", activation.yes, "ask nothing");
  AddRefoldFlags(*activate, activation);
  activate->add_flag("--dry-run", activation.dry_run, "show what would change, and change nothing");
  host.add_client_flags(*activate);
  host.asks(activate,
            [&activation](Client& client, Format) { return ActivateRules(client, activation); });
  CLI::App* rollback = noun.add_subcommand("rollback", "let the rules before answer again");
  AddRefoldFlags(*rollback, activation);
  rollback->add_flag("--yes", activation.yes, "ask nothing, where all facts are folded anew");
  rollback->add_option("--expected", activation.expected, "only while these are the active ones")
      ->type_name("DIGEST");
  host.add_client_flags(*rollback);
  host.asks(rollback, [&activation](Client& client, Format) -> absl::StatusOr<int> {
    RETURN_IF_ERROR(RollbackRules(client, activation));
    return 0;
  });
}

}  // namespace

void AddRulesCommands(CLI::App& noun, RulesCommands& rules, const RulesHost& host) {
  CLI::App* check = noun.add_subcommand("check", "what is wrong with rules, with line and column");
  AddChoice(*check, rules.choice)->required();
  host.works(check, [&rules]() { return CheckRules(rules.choice); });
  CLI::App* explain = noun.add_subcommand("explain", "rules in words (default: the standard ones)");
  AddChoice(*explain, rules.choice);
  host.works(explain, [&rules]() -> absl::StatusOr<int> {
    RETURN_IF_ERROR(ExplainRules(rules.choice));
    return 0;
  });
  CLI::App* diff = noun.add_subcommand("diff", "what two sets of rules say differently");
  diff->add_option("a", rules.choice.file, kFileHelp)->required()->type_name("FILE");
  diff->add_option("b", rules.other.file, kFileHelp)->required()->type_name("FILE");
  host.works(diff, [&rules]() { return DiffRules(rules.choice, rules.other); });
  CLI::App* zone = noun.add_subcommand("time-zone", "a zone's offsets, as text for the calendar");
  zone->add_option("zone", rules.zone, "such as Europe/Madrid")->required()->type_name("NAME");
  zone->add_option("--years", rules.years, "FIRST-LAST (default: ten years from the last on)")
      ->type_name("YEARS");
  host.works(zone, [&rules]() -> absl::StatusOr<int> {
    RETURN_IF_ERROR(PrintTimeZone(rules.zone, rules.years));
    return 0;
  });
  AddSwitching(noun, rules, host);
}

}  // namespace rapport::operations
