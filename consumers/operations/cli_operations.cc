#include "consumers/operations/cli_operations.h"

#include "consumers/operations/cli_flags.h"
#include "consumers/operations/command_verify.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

void AddRebuild(CLI::App& app, RebuildOrder& order, const RulesHost& host) {
  CLI::App* anew = app.add_subcommand("rebuild", "fold the state anew while answers go on");
  anew->add_flag("--no-wait", order.no_wait, "end at once; status says how far it is");
  anew->add_flag("--dry-run", order.dry_run, "show what it would take, and begin nothing");
  AddMaxRateFlag(*anew, order.max_rate);
  host.add_client_flags(*anew);
  host.asks(anew, [&order](Client& client, Format format) -> absl::StatusOr<int> {
    RETURN_IF_ERROR(RebuildState(client, order, format));
    return 0;
  });
}

}  // namespace

void AddVerifyCommand(CLI::App& app, BackgroundOrder& order, const RulesHost& host) {
  CLI::App* verb = app.add_subcommand("verify", "whether the state is what the archive says");
  verb->add_flag("--no-wait", order.no_wait, "end at once; operations wait says what it finds");
  AddMaxRateFlag(*verb, order.max_rate);
  host.add_client_flags(*verb);
  host.asks(verb,
            [&order](Client& client, Format format) { return VerifyState(client, order, format); });
}

void AddRebuildCommands(CLI::App& app, CLI::App& noun, RebuildCommands& rebuilds,
                        const RulesHost& host) {
  AddRebuild(app, rebuilds.order, host);
  CLI::App* list = noun.add_subcommand("list", "the newest first");
  host.add_client_flags(*list);
  host.asks(list, [](Client& client, Format format) -> absl::StatusOr<int> {
    RETURN_IF_ERROR(ListOperations(client, format));
    return 0;
  });
  OperationChoice& choice = rebuilds.choice;
  const auto add = [&](const char* word, const char* help, auto ask) {
    CLI::App* verb = noun.add_subcommand(word, help);
    verb->add_option("id", choice.id, "such as op-3")->required()->type_name("ID");
    host.add_client_flags(*verb);
    host.asks(verb, [&choice, ask](Client& client, Format format) {
      return ask(client, choice, format);
    });
    return verb;
  };
  const auto add_result = [&choice](CLI::App* verb) {
    verb->add_flag("--result", choice.result,
                   "what came of it, as its own command prints it (not as CSV)");
  };
  add_result(add("show", "one, with how far it is", ShowOperation));
  add_result(
      add("wait", "the same once it has ended; exit code 1 unless it is done", WaitForOperation));
  add("cancel", "give it up; what serves goes on", CancelOperation);
}

}  // namespace rapport::operations
