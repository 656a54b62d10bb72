#include "consumers/operations/cli_lists.h"

#include "consumers/operations/cli_desk.h"
#include "consumers/operations/cli_flags.h"

namespace rapport::operations {

void AddFollowUpsCommands(CLI::App& noun, ListCommands& lists, const ListsHost& host) {
  CLI::App* list = noun.add_subcommand("list", "due and overdue ones, overdue first");
  FollowUpsList& owed = lists.owed;
  list->add_option("--customer", owed.customer, "only this customer's")->type_name("ID");
  list->add_option("--due", owed.due, "due within 7d, or by a moment")->type_name("MOMENT");
  list->add_option("--due-from", owed.due_from, "not due before 7d from now, or a moment")
      ->type_name("MOMENT");
  list->add_option("--policy", owed.policies, "only these policies")
      ->delimiter(',')
      ->type_name("NAMES");
  list->add_option("--department", owed.departments, "only these departments")
      ->delimiter(',')
      ->type_name("NAMES");
  list->add_option("--assignee", owed.assignees, "only these agents'")
      ->delimiter(',')
      ->type_name("NAMES");
  list->add_option("--stage", owed.stages, "only of customers in these stages")
      ->delimiter(',')
      ->type_name("NAMES");
  list->add_option("--status", owed.statuses, "such as PENDING (default DUE,OVERDUE)")
      ->delimiter(',')
      ->type_name("NAMES");
  list->add_option("--order", owed.order, "by or priority (default: overdue first)")
      ->type_name("WORD");
  AddViewpointFlags(*list, owed.as_of, owed.known_at);
  AddRulesDigestFlag(*list, owed.rules);
  Limit(list->add_option("--limit", owed.limit, "entries, up to 200 (default 50)"), 1, 200);
  host.add_client_flags(*list);
  host.asks(list, /*rows=*/true,
            [&owed, rules_file = host.rules_file](Client& client, Format format) {
              owed.format = format;
              return ListFollowUps(client, owed, *rules_file);
            });
  AddDeskCommands(noun, lists.act, [&host](CLI::App* verb, auto ask) {
    host.add_client_flags(*verb);
    host.asks(verb, /*rows=*/false, ask);
  });
}

void AddCustomersCommands(CLI::App& noun, ListCommands& lists, const ListsHost& host) {
  CLI::App* list = noun.add_subcommand("list", "who is in a stage, score band, with a flag, idle");
  CustomersList& customers = lists.customers;
  list->add_option("--filter", customers.filter,
                   "stage=, score>=, score<, flag:, type=, owner=, idle_days>=, joined by AND")
      ->type_name("TEXT");
  list->add_option("--order", customers.order,
                   "customer_id, score_milli, next_change_at or last_seen; `last_seen desc`")
      ->type_name("TEXT");
  AddViewpointFlags(*list, customers.as_of, customers.known_at);
  AddRulesDigestFlag(*list, customers.rules);
  Limit(list->add_option("--limit", customers.limit, "entries (default 50)"), 1, 100'000);
  host.add_client_flags(*list);
  host.asks(list, /*rows=*/true, [&customers](Client& client, Format format) {
    customers.format = format;
    return ListCustomers(client, customers);
  });
  CLI::App* watch = noun.add_subcommand("watch", "how relationships change, as it happens");
  CustomersWatch& watched = lists.watched;
  watch->add_option("--filter", watched.filter, "as of list: who matches before or after")
      ->type_name("TEXT");
  watch->add_option("--from", watched.from_position, "position of a message to go on from")
      ->type_name("POSITION");
  watch->add_flag("--snapshot", watched.snapshot, "first how everybody is");
  watch->add_option("--for", watched.for_span, "end after 20s, 30m, 12h or so (default: never)")
      ->type_name("SPAN");
  watch->add_flag("--once", watched.once, "end when all is told that there was");
  host.add_client_flags(*watch);
  host.asks(watch, /*rows=*/false, [&watched](Client& client, Format format) {
    watched.format = format;
    return WatchCustomers(client, watched);
  });
}

void AddSimulate(CLI::App& noun, ListCommands& lists, const ListsHost& host) {
  CLI::App* verb = noun.add_subcommand("simulate", "what would be if something happened");
  CustomerSimulate& imagined = lists.imagined;
  verb->add_option("id", imagined.id, "customer id")->required()->type_name("ID");
  verb->add_option("file", imagined.file,
                   "touchpoints as JSON, one a line; - reads them from stdin")
      ->required()
      ->type_name("FILE");
  verb->add_option("--at", imagined.at, "2026-01-31, 2026-01-31T09:30:00Z, or 90d (ahead)")
      ->type_name("MOMENT");
  AddRulesDigestFlag(*verb, imagined.rules);
  host.add_client_flags(*verb);
  host.asks(verb, /*rows=*/false, [&imagined](Client& client, Format format) {
    imagined.format = format;
    return SimulateCustomer(client, imagined);
  });
}

}  // namespace rapport::operations
