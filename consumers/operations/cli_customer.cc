#include "consumers/operations/cli_customer.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "consumers/operations/cli_flags.h"

namespace rapport::operations {
namespace {

constexpr char kAsOfExamples[] =
    "Examples:\n"
    "  rapport as-of 2026-01-31 cust-0311\n"
    "  rapport as-of 90d cust-0311 cust-0417 --format csv\n"
    "  rapport as-of 2026-01-31 cust-0311 --known-at 7e47a0b9.1:7@1042\n"
    "  rapport as-of 2026-01-31 cust-0311 --rules-digest r-3b19c07de2aa\n";

// Help that begins with examples, while the list of commands keeps to one line.
class WithExamples : public CLI::Formatter {
 public:
  explicit WithExamples(std::string examples) : examples_(std::move(examples)) {}
  std::string make_description(const CLI::App* app) const override {
    return absl::StrCat(examples_, "\n", CLI::Formatter::make_description(app));
  }

 private:
  const std::string examples_;
};

// What a card may hold besides.
void AddCardFlags(CLI::App* verb, CustomerShow& card, const ListsHost& host) {
  AddRulesDigestFlag(*verb, card.rules);
  AddMinPositionFlag(*verb, card.min_position);
  verb->add_flag("--facts", card.facts, "the facts too (JSON)");
  verb->add_option("--insight", card.insights, "tables on this customer, such as channels")
      ->delimiter(',')
      ->type_name("NAME");
  AddRevealFlags(*verb, card.reveal, card.purpose, "the name too");
  host.add_client_flags(*verb);
  host.asks(verb, /*rows=*/true, [&card](Client& client, Format format) {
    card.format = format;
    return ShowCustomers(client, card);
  });
}

void AddTimeline(CLI::App& noun, CustomerTimeline& timeline, const ListsHost& host) {
  CLI::App* line = noun.add_subcommand("timeline", "what happened, newest first");
  line->add_option("id", timeline.id, "customer id")->required()->type_name("ID");
  AddViewpointFlags(*line, timeline.as_of, timeline.known_at);
  AddRulesDigestFlag(*line, timeline.rules);
  Limit(line->add_option("--limit", timeline.limit, "entries (default 50)"), 1, 100'000);
  AddRevealFlags(*line, timeline.reveal, timeline.purpose, "notes, names and aliases too");
  host.add_client_flags(*line);
  host.asks(line, /*rows=*/true, [&timeline](Client& client, Format format) {
    timeline.format = format;
    return ShowTimeline(client, timeline);
  });
}

void AddExplain(CLI::App& noun, CustomerExplain& explain, const ListsHost& host) {
  CLI::App* why = noun.add_subcommand("explain", "why, event by event, and what would change it");
  why->add_option("id", explain.id, "customer id")->required()->type_name("ID");
  why->add_option("--subject", explain.subjects,
                  "stage, score, follow-up, type or flag; repeatable (default all)")
      ->type_name("PART");
  AddViewpointFlags(*why, explain.as_of, explain.known_at);
  AddRulesDigestFlag(*why, explain.rules);
  AddMinPositionFlag(*why, explain.min_position);
  Limit(why->add_option("--events", explain.events, "events of each line (default 8)"), 0, 100'000);
  host.add_client_flags(*why);
  host.asks(why, /*rows=*/false, [&explain](Client& client, Format format) {
    explain.format = format;
    return ExplainCustomer(client, explain);
  });
}

void AddHistory(CLI::App& noun, CustomerHistory& history, const ListsHost& host) {
  CLI::App* past = noun.add_subcommand("history", "every change of stage and flags, and its cause");
  past->add_option("id", history.id, "customer id")->required()->type_name("ID");
  past->add_option("--from", history.from, kMomentHelp)->type_name("MOMENT");
  past->add_option("--to", history.to,
                   "a moment, or 90d: so long ahead (default: the moment asked about)")
      ->type_name("MOMENT");
  CLI::Option* step =
      past->add_option("--step", history.step, "a row every 12h, 7d or so, from --from on")
          ->type_name("SPAN");
  past->add_flag("--changes", history.changes, "a row at each change (the default)")
      ->excludes(step);
  AddViewpointFlags(*past, history.as_of, history.known_at);
  AddRulesDigestFlag(*past, history.rules);
  AddMinPositionFlag(*past, history.min_position);
  host.add_client_flags(*past);
  host.asks(past, /*rows=*/true, [&history](Client& client, Format format) {
    history.format = format;
    return ShowHistory(client, history);
  });
}

}  // namespace

void AddCustomerCommands(CLI::App& noun, CustomerCommands& customer, const ListsHost& host) {
  CLI::App* show = noun.add_subcommand("show", "stage, score, what is owed, and why");
  CustomerShow& card = customer.card;
  show->add_option("ids", card.ids, "customer ids; - reads them from standard input")
      ->required()
      ->type_name("ID");
  AddViewpointFlags(*show, card.as_of, card.known_at);
  AddCardFlags(show, card, host);
  AddTimeline(noun, customer.timeline, host);
  AddExplain(noun, customer.explain, host);
  AddHistory(noun, customer.history, host);
}

void AddAsOf(CLI::App& app, CustomerCommands& customer, const ListsHost& host) {
  CLI::App* verb = app.add_subcommand("as-of", "one customer as of a past moment");
  verb->formatter(std::make_shared<WithExamples>(kAsOfExamples));
  CustomerShow& card = customer.past_card;
  card.as_of_name = "MOMENT";
  verb->add_option("moment", card.as_of, kMomentHelp)->required()->type_name("MOMENT");
  verb->add_option("ids", card.ids, "customer ids; - reads them from standard input")
      ->required()
      ->type_name("CUSTOMER");
  AddKnownAtFlag(*verb, card.known_at);
  AddCardFlags(verb, card, host);
}

}  // namespace rapport::operations
