#include "consumers/operations/cli_desk.h"

namespace rapport::operations {
namespace {

CLI::App* Verb(CLI::App& noun, const char* name, const char* help, DeskAct& act) {
  CLI::App* verb = noun.add_subcommand(name, help);
  verb->add_option("follow-up", act.follow_up, "CUSTOMER/POLICY, or CUSTOMER/ID (its beginning)")
      ->required()
      ->type_name("NAME");
  return verb;
}

}  // namespace

void AddDeskCommands(CLI::App& noun, DeskAct& act, const AddAsking& asks) {
  CLI::App* claim = Verb(noun, "claim", "take one, until the claim ends", act);
  claim->add_option("--as", act.assignee, "agent who takes it")->required()->type_name("AGENT");
  claim->add_option("--for", act.lasts, "such as 2h (default: a quarter of an hour)")
      ->type_name("SPAN");
  asks(claim, [&act](Client& client, Format format) { return ClaimFollowUp(client, act, format); });

  CLI::App* done = Verb(noun, "done", "write down that one was done", act);
  done->add_option("--by", act.kind, "what was done, where several kinds close it")
      ->type_name("KIND");
  done->add_option("--note", act.note, "free words, which are sealed")->type_name("TEXT");
  asks(done,
       [&act](Client& client, Format format) { return CompleteFollowUp(client, act, format); });

  CLI::App* snooze = Verb(noun, "snooze", "let one rest", act);
  snooze->add_option("--until", act.until, "3d from now, or a moment")
      ->required()
      ->type_name("MOMENT");
  asks(snooze,
       [&act](Client& client, Format format) { return SnoozeFollowUp(client, act, format); });

  CLI::App* dismiss = Verb(noun, "dismiss", "give one up; nothing brings it back", act);
  dismiss->add_option("--reason", act.reason, "a code that says why")
      ->required()
      ->type_name("CODE");
  asks(dismiss,
       [&act](Client& client, Format format) { return DismissFollowUp(client, act, format); });
}

}  // namespace rapport::operations
