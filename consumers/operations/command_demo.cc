#include "consumers/operations/command_demo.h"

#include <errno.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/operations/address.h"
#include "consumers/operations/command_customer.h"
#include "consumers/operations/demo_feed.h"
#include "consumers/operations/demo_folder.h"
#include "consumers/operations/demo_lives.h"
#include "consumers/operations/demo_progress.h"
#include "consumers/operations/demo_proof.h"
#include "consumers/operations/demo_report.h"
#include "consumers/operations/demo_shop.h"
#include "consumers/operations/demo_signals.h"
#include "consumers/operations/exit_code.h"
#include "consumers/operations/output.h"
#include "consumers/operations/server.h"
#include "consumers/transactions/import.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr int kThreads = 2;
constexpr absl::Duration kFoldPause = absl::Milliseconds(100);
// A history that ended longer ago than this is looked at from its own end.
constexpr int64_t kRecentDays = 60;
constexpr int kDefaultPort = 8471;
// What the demo writes is small: it may run where a real store would rather not.
constexpr uint64_t kDiskReserveBytes = uint64_t{256} << 20;

// What the parts of the demo share.
struct DemoRun {
  const Demo& options;
  const DemoFolder& folder;
  DemoSignals& signals;
  Server& server;
  absl::Time begun;
  const Engine& engine() const { return server.engine(); }
  bool own_history() const { return !options.file.empty(); }
};

absl::Status CheckOptions(const Demo& options) {
  if (options.file.empty() != options.mapping.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.file.empty() ? "--map needs --data FILE" : "--data needs --map FILE",
                     "; deploy/import holds mappings to begin with"));
  }
  if (options.customers < static_cast<int>(DemoLives().size())) {
    return absl::InvalidArgumentError(absl::StrCat("--customers must be ", DemoLives().size(),
                                                   " or more, it is ", options.customers));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Server>> OpenServer(const DemoFolder& folder) {
  ServerOptions options;
  options.engine.data_directory = folder.path();
  options.engine.disk_reserve_permille = 0;
  options.engine.disk_reserve_bytes = kDiskReserveBytes;
  options.engine.fatal = [&folder](const absl::Status& status) {
    std::fprintf(stderr, "rapport: %s. Check the disk, then start the demo again\n",
                 std::string(status.message()).c_str());
    folder.Remove();
    std::_Exit(kDiskFailed);
  };
  return Server::Open(options);
}

// Listens where it was told to, or on a free port when another program is there already.
absl::Status ListenSomewhere(const std::string& address, Server& server) {
  const absl::Status listening = server.Listen(address);
  const size_t colon = address.rfind(':');
  if (!absl::IsUnavailable(listening) || colon == std::string::npos ||
      absl::StartsWith(address, "unix:")) {
    return listening;
  }
  RETURN_IF_ERROR(server.Listen(absl::StrCat(address.substr(0, colon), ":0")));
  std::printf("%s is in use by another program: the demo answers on port %d instead\n",
              address.c_str(), server.port());
  return absl::OkStatus();
}

// The same for HTTP, which a free port serves as well: the end of the report names it.
absl::Status ListenHttpSomewhere(const std::string& address, Server& server) {
  if (address == "off") return absl::OkStatus();
  const absl::Status listening = server.ListenHttp(address);
  const size_t colon = address.rfind(':');
  if (!absl::IsUnavailable(listening) || colon == std::string::npos) return listening;
  return server.ListenHttp(absl::StrCat(address.substr(0, colon), ":0"));
}

// The made-up shop, published.
absl::Status FeedShop(const DemoRun& run, DemoFeed& feed) {
  DemoProgress making("demo", "making up a shop");
  ShopOptions shop;
  shop.seed = run.options.seed;
  shop.customers = run.options.customers;
  shop.end_day = DayOf(run.engine().clock().NowMicros());
  std::vector<v1::Event> events;
  run.signals.EndAtOnceWithin([&] { events = MakeShop(shop); }, [&] { run.folder.Remove(); });
  const auto total = static_cast<int64_t>(events.size());
  making.Done(
      absl::StrCat(Thousands(shop.customers), " customers, ", Thousands(total), " touchpoints"),
      absl::StrCat("18 months, seed ", shop.seed));
  DemoProgress progress("publish", absl::StrCat(Thousands(total), " events, synced"));
  for (v1::Event& event : events) {
    RETURN_IF_ERROR(run.signals.Check());
    RETURN_IF_ERROR(feed.Add(std::move(event)));
    progress.Show(feed.accepted(), total);
  }
  RETURN_IF_ERROR(feed.Finish());
  if (feed.rejected() > 0) return feed.first_rejection();
  progress.Done(RateText(total, progress.elapsed()));
  return absl::OkStatus();
}

// The user's own history, imported.
absl::Status FeedFile(const DemoRun& run, DemoFeed& feed) {
  ASSIGN_OR_RETURN(const auto mapping, transactions::ImportMapping::Load(run.options.mapping));
  DemoProgress progress("import", run.options.file);
  transactions::ImportOptions import_options;
  import_options.progress = [&](const transactions::ImportReport& report) {
    progress.Show(report.file_bytes_read, report.file_bytes);
  };
  import_options.may_go_on = [&] { return run.signals.Check(); };
  ASSIGN_OR_RETURN(auto importer,
                   transactions::Importer::Open(mapping, run.options.file, import_options));
  transactions::ImportReport report;
  RETURN_IF_ERROR(importer->Run(
      [&](v1::Event&& event) {
        RETURN_IF_ERROR(run.signals.Check());
        return feed.Add(std::move(event));
      },
      report));
  RETURN_IF_ERROR(feed.Finish());
  progress.Done(absl::StrCat(Thousands(feed.accepted()), " events, synced"),
                RateText(feed.accepted(), progress.elapsed()));
  for (const std::string& line : transactions::SummaryLines(report, feed.rejected())) {
    std::printf("          %s\n", line.c_str());
  }
  std::fflush(stdout);
  for (const std::string& refusal : report.refusals) {
    std::fprintf(stderr, "rapport: %s\n", refusal.c_str());
  }
  if (feed.rejected() > 0) {
    std::fprintf(stderr, "rapport: %s\n", std::string(feed.first_rejection().message()).c_str());
  }
  if (feed.accepted() > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("no event came out of ", run.options.file, "; see what the mapping ",
                   run.options.mapping, " makes of it with rapport events import --dry-run"));
}

absl::Status AwaitFold(const DemoRun& run, const DemoFeed& feed, absl::Time begun) {
  const pipeline::Pipeline& pipeline = run.engine().pipeline();
  DemoProgress progress("fold", absl::StrCat(pipeline.partitions(), " partitions"), begun);
  const int64_t total = feed.accepted();
  absl::Status reached;
  do {
    RETURN_IF_ERROR(run.signals.Check());
    reached = pipeline.WaitFor(feed.position(), absl::Now() + kFoldPause);
    progress.Show(total - run.engine().TotalLag().events, total);
  } while (absl::IsDeadlineExceeded(reached));
  RETURN_IF_ERROR(reached);
  progress.Done(absl::StrCat(pipeline.partitions(), " partitions, lag ",
                             Thousands(run.engine().TotalLag().events)),
                "beside publishing");
  return absl::OkStatus();
}

// The moment the report is about.
struct Today {
  int64_t us = 0;
  // The history ended long ago, and so does the report's day.
  bool past = false;
};

Today TodayOf(const DemoRun& run, const DemoFeed& feed) {
  const int64_t now_us = run.engine().clock().NowMicros();
  const int64_t newest_day = DayOf(feed.newest_us());
  if (!run.own_history() || DayOf(now_us) - newest_day <= kRecentDays) return {now_us, false};
  std::printf("          the newest event is of %s: today is taken to be %s\n",
              FormatDay(newest_day).c_str(), FormatDay(newest_day + 1).c_str());
  return {(newest_day + 1) * kMicrosPerDay, true};
}

// Whose card is shown: of the shop the first of the ten, of an own history who comes first.
absl::StatusOr<std::string> WhoseCard(const DemoRun& run, const DemoReport& report) {
  if (!run.own_history()) return std::string(DemoLives()[0].customer_id);
  if (!report.first.empty()) return report.first[0].customer_id;
  ASSIGN_OR_RETURN(const auto ids, run.engine().pipeline().CustomerIds());
  if (ids.empty())
    return absl::NotFoundError("the history names no customer; let the mapping say customer_id");
  return ids[0];
}

absl::Status PrintOneCard(const DemoRun& run, const std::string& id, const Today& today) {
  history::Viewpoint viewpoint;
  viewpoint.as_of_us = today.us;
  ASSIGN_OR_RETURN(Relationship relationship, run.engine().ReadRelationship(id, viewpoint, {}));
  v1::GetRelationshipResponse answer;
  answer.set_customer_id(id);
  *answer.mutable_standing() = std::move(relationship.standing);
  answer.set_quarantined(relationship.quarantined);
  *answer.mutable_info() = edge::AnswerInfoOf(run.engine(), today.us);
  std::printf("\nOne card, and the reasons\n");
  PrintCard(answer);
  if (run.own_history()) return absl::OkStatus();
  std::printf("\nTen lives worth reading\n");
  for (const DemoLife& life : DemoLives()) {
    ASSIGN_OR_RETURN(const Relationship one,
                     run.engine().ReadRelationship(life.customer_id, viewpoint, {}));
    std::printf("  %s  %s\n             %s\n", std::string(life.customer_id).c_str(),
                std::string(life.shows).c_str(), RelationshipWords(one.standing).c_str());
  }
  return absl::OkStatus();
}

absl::Status PrintProof(const DemoRun& run) {
  ASSIGN_OR_RETURN(const DemoProof proof, ProveDemo(run.engine()));
  const bool same = proof.live == proof.rebuilt;
  std::printf("\nProof     %s customers folded anew from the log in %.1f s, facts %s %s %s\n",
              Thousands(proof.customers).c_str(), absl::ToDoubleSeconds(proof.took),
              proof.live.substr(0, 12).c_str(), same ? "=" : "is not",
              proof.rebuilt.substr(0, 12).c_str());
  if (same) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("FACTS_DIFFER: the live facts have digest ", proof.live,
                                          ", those folded anew from the log ", proof.rebuilt,
                                          "; please report this with --seed and the version"));
}

// How the user called this program.
std::string ProgramName() {
  const std::string name = program_invocation_name;
  return absl::EndsWith(name, "/rapport") ? name : "rapport";
}

// An id of the user's own as a shell takes it.
std::string ShellWord(const std::string& id) {
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("-_.:@", c);
  });
  return plain ? id : absl::StrCat("'", absl::StrReplaceAll(id, {{"'", "'\\''"}}), "'");
}

// Three commands that answer now, or with --keep later.
void PrintCommands(const DemoRun& run, const std::string& id, const Today& today) {
  std::string whom;
  if (run.options.no_serve) {
    if (run.folder.temporary()) {
      std::printf("\nTry next\n  %s demo --keep DIR\n", ProgramName().c_str());
      return;
    }
    whom = absl::StrCat(" --data ", run.folder.path());
  } else if (run.server.port() != kDefaultPort) {
    whom = absl::StrCat(" --server ", ReachedAt(run.options.grpc, run.server.port()));
  }
  std::string as_of, before = " --as-of 90d";
  // Who was won back since: ninety days ago the answer is another.
  std::string shown = "cust-0731";
  if (run.own_history()) {
    shown = ShellWord(id);
    if (today.past) as_of = absl::StrCat(" --as-of ", FormatDay(DayOf(today.us)));
    before = absl::StrCat(" --as-of ", FormatDay(DayOf(today.us) - kDemoDaysBefore));
  }
  const std::string program = ProgramName();
  std::printf("\nTry next\n  %s follow-ups list --due 7d%s%s\n", program.c_str(), as_of.c_str(),
              whom.c_str());
  std::printf("  %s customer timeline %s%s\n", program.c_str(), ShellWord(id).c_str(),
              whom.c_str());
  std::printf("  %s customer show %s%s%s\n", program.c_str(), shown.c_str(), before.c_str(),
              whom.c_str());
}

absl::Status PrintAll(const DemoRun& run, const Today& today) {
  ASSIGN_OR_RETURN(const DemoReport report, MakeDemoReport(run.engine(), today.us));
  RETURN_IF_ERROR(run.signals.Check());
  PrintDemoReport(report);
  ASSIGN_OR_RETURN(const std::string id, WhoseCard(run, report));
  RETURN_IF_ERROR(PrintOneCard(run, id, today));
  RETURN_IF_ERROR(PrintProof(run));
  PrintCommands(run, id, today);
  return run.signals.Check();
}

void PrintEnd(const DemoRun& run) {
  std::printf("\nAll this took %.1f s.", absl::ToDoubleSeconds(absl::Now() - run.begun));
  if (!run.folder.temporary()) {
    std::printf(" The store is kept in %s.", run.folder.path().c_str());
  }
  if (!run.options.no_serve) {
    const std::string http =
        run.server.http_port() == 0
            ? ""
            : absl::StrCat(" and http://", ReachedAt(run.options.http, run.server.http_port()));
    std::printf(
        " Answering on %s%s until Ctrl-C%s.",
        ReachedAt(run.options.grpc, run.server.port()).c_str(), http.c_str(),
        run.folder.temporary() ? ", which leaves nothing behind (--keep DIR keeps it)" : "");
  }
  std::printf("\n");
}

}  // namespace

absl::Status RunDemo(const Demo& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  DemoSignals signals;
  const absl::Time begun = absl::Now();
  ASSIGN_OR_RETURN(const auto folder, DemoFolder::Make(options.keep));
  ASSIGN_OR_RETURN(const auto server, OpenServer(*folder));
  if (!options.no_serve) {
    RETURN_IF_ERROR(ListenSomewhere(options.grpc, *server));
    RETURN_IF_ERROR(ListenHttpSomewhere(options.http, *server));
  }
  const DemoRun run = {options, *folder, signals, *server, begun};
  Today today;
  {
    const absl::Time publishing = absl::Now();
    DemoFeed feed(&server->engine(), kThreads);
    RETURN_IF_ERROR(run.own_history() ? FeedFile(run, feed) : FeedShop(run, feed));
    RETURN_IF_ERROR(AwaitFold(run, feed, publishing));
    today = TodayOf(run, feed);
  }
  RETURN_IF_ERROR(PrintAll(run, today));
  PrintEnd(run);
  // Whoever closed the pipe has read enough.
  if (std::fflush(stdout) != 0 || options.no_serve) return absl::OkStatus();
  signals.Await();
  return absl::OkStatus();
}

}  // namespace rapport::operations
