#include "consumers/operations/cli_compare.h"

#include <climits>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "consumers/operations/cli_flags.h"
#include "consumers/operations/moment.h"

namespace rapport::operations {
namespace {

void AddShown(CLI::App& verb, CompareShown& shown) {
  AddBackgroundFlags(verb, shown.background);
  Limit(verb.add_option("--samples", shown.samples, "who moved furthest, up to 50 (default 10)"), 1,
        50);
  Limit(verb.add_option("--customers", shown.customer_ids, "ids behind each move, up to 1000"), 0,
        1000);
}

// Has what a flag says understood before a store is opened, which may take a while.
template <typename Read>
CLI::Option* Understood(CLI::Option* option, Read read) {
  return option->check([option, read](const std::string& text) -> std::string {
    const absl::Status status = read(text).status();
    const std::string before = absl::StrCat("wrong usage: ", option->get_name(), ": ");
    return std::string(absl::StripPrefix(status.message(), before));
  });
}

void AddBacktest(CLI::App& app, Backtest& backtest, const ListsHost& host) {
  CLI::App* verb = app.add_subcommand(
      "backtest", "how well what was said on a day told who buys again, beside other models");
  Understood(verb->add_option("--cut", backtest.cut, "the day; or a moment, or 365d: so long ago")
                 ->required()
                 ->type_name("MOMENT"),
             [](const std::string& text) { return MomentThrough("--cut", text, NowMicros()); });
  Understood(verb->add_option("--horizon", backtest.horizon,
                              "how long behind the cut counts (default 273d)")
                 ->type_name("SPAN"),
             [](const std::string& text) { return SpanOf("--horizon", text); });
  verb->add_option("--known-at", backtest.known_at,
                   "rank by what the log held then; who buys again is known by now")
      ->type_name("POSITION");
  verb->add_option("file", backtest.rules,
                   "other rules to rank by besides: a file, - or a name such as office")
      ->type_name("FILE");
  AddBackgroundFlags(*verb, backtest.background);
  host.add_client_flags(*verb);
  host.asks(verb, /*rows=*/true, [&backtest](Client& client, Format format) {
    backtest.format = format;
    return ShowBacktest(client, backtest);
  });
}

void AddReport(CLI::App& app, BaseReport& report, const ListsHost& host) {
  CLI::App* verb = app.add_subcommand("report", "a table over everybody, such as referrals");
  verb->add_option("name", report.name, "which one; docs/reports.md lists them")
      ->required()
      ->type_name("NAME");
  verb->add_option("--from", report.from, "what happened at this moment or later")
      ->type_name("MOMENT");
  verb->add_option("--to", report.to, "what happened before this moment")->type_name("MOMENT");
  AddViewpointFlags(*verb, report.as_of, report.known_at);
  AddBackgroundFlags(*verb, report.background);
  Limit(verb->add_option("--limit", report.limit, "rows (default all)"), 1, INT_MAX)
      ->excludes(verb->get_option("--background"));
  host.add_client_flags(*verb);
  host.asks(verb, /*rows=*/true, [&report](Client& client, Format format) {
    report.format = format;
    return ShowReport(client, report);
  });
}

}  // namespace

void AddCompareCommands(CLI::App& app, CompareCommands& compare, const ListsHost& host) {
  CLI::App* diff = app.add_subcommand("diff", "the whole base at two moments, side by side");
  DiffBase& between = compare.diff;
  diff->add_option("--from", between.from, kMomentHelp)->required()->type_name("MOMENT");
  diff->add_option("--from-known-at", between.from_known_at, "of what the log held then")
      ->type_name("POSITION");
  diff->add_option("--to", between.to, "likewise (default: now)")->type_name("MOMENT");
  diff->add_option("--to-known-at", between.to_known_at, "of what the log held then")
      ->type_name("POSITION");
  AddShown(*diff, between.shown);
  host.add_client_flags(*diff);
  host.asks(diff, /*rows=*/true, [&between](Client& client, Format format) {
    between.shown.format = format;
    return ShowDiff(client, between);
  });
  CLI::App* what_if = app.add_subcommand("what-if", "the whole base under other rules");
  WhatIfBase& other = compare.what_if;
  what_if->add_option("file", other.rules, "file, - for standard input, or a name such as office")
      ->required()
      ->type_name("FILE");
  AddViewpointFlags(*what_if, other.as_of, other.known_at);
  AddShown(*what_if, other.shown);
  host.add_client_flags(*what_if);
  host.asks(what_if, /*rows=*/true, [&other](Client& client, Format format) {
    other.shown.format = format;
    return ShowWhatIf(client, other);
  });
  AddBacktest(app, compare.backtest, host);
  AddReport(app, compare.report, host);
}

}  // namespace rapport::operations
