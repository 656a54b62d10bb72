#include "consumers/operations/cli.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "consumers/operations/cli_access.h"
#include "consumers/operations/cli_capsule.h"
#include "consumers/operations/cli_compare.h"
#include "consumers/operations/cli_customer.h"
#include "consumers/operations/cli_desk.h"
#include "consumers/operations/cli_export.h"
#include "consumers/operations/cli_flags.h"
#include "consumers/operations/cli_lists.h"
#include "consumers/operations/cli_operations.h"
#include "consumers/operations/cli_rules.h"
#include "consumers/operations/command_demo.h"
#include "consumers/operations/command_events.h"
#include "consumers/operations/command_import.h"
#include "consumers/operations/command_kafka.h"
#include "consumers/operations/command_privacy.h"
#include "consumers/operations/command_repair.h"
#include "consumers/operations/command_serve.h"
#include "consumers/operations/command_status.h"
#include "consumers/operations/command_summary.h"
#include "consumers/operations/exit_code.h"
#include "consumers/operations/output.h"
#include "consumers/operations/usage.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

// What a command does once the line is parsed; its flags live as long as the closure.
using Command = std::function<absl::Status()>;

// What a command that asks may do besides.
struct Allowed {
  // Makes a store that is not there.
  bool create = false;
  // Answers as rows of CSV.
  bool csv = false;
};

// A command that asks a server or a store.
Command Asking(CommonFlags& common, Allowed allowed,
               std::function<absl::Status(Client&, Format)> ask) {
  return [&common, ask, allowed] {
    common.target.may_create = allowed.create;
    RETURN_IF_ERROR(common.Resolve());
    ASSIGN_OR_RETURN(const Format format, FormatOf(common.format));
    if (format == Format::kCsv && !allowed.csv) {
      return absl::InvalidArgumentError(
          "wrong usage: --format csv is for customer show, timeline and history, as-of, customers "
          "list, follow-ups list, quarantine list, events tail, summary, report, diff, what-if, "
          "backtest and status; use json or jsonl here");
    }
    ASSIGN_OR_RETURN(auto client, Client::Connect(common.target));
    return ask(*client, format);
  };
}

constexpr Allowed kRows = {.csv = true};
constexpr Allowed kCreates = {.create = true};
constexpr int kPartitionMax = 1023;

class Program {
 public:
  Program()
      : app_(
            "Rapport remembers relationships: it folds every touchpoint and says why.\n\n"
            "Examples:\n"
            "  rapport demo\n"
            "  rapport serve --data ./data\n"
            "  rapport events publish purchase.json\n"
            "  rapport customer show cust-0417\n"
            "  rapport as-of 2026-01-31 cust-0417\n") {
    app_.set_version_flag("--version", RAPPORT_VERSION);
    app_.require_subcommand(1);
    AddServe();
    AddDemo();
    AddEvents(*Noun("events", "publish, import and follow events"));
    CLI::App* customer = Noun("customer", "one customer");
    AddCustomerCommands(*customer, customer_, HostOfLists());
    AddSimulate(*customer, lists_, HostOfLists());
    AddPrivacy(*customer);
    AddAsOf(app_, customer_, HostOfLists());
    AddFollowUpsCommands(*Noun("follow-ups", "what is owed"), lists_, HostOfLists());
    AddCustomersCommands(*Noun("customers", "all customers"), lists_, HostOfLists());
    AddSummary();
    AddReplayCommand(app_, Keep<EventsReplay>(), HostOfLists());
    AddCompareCommands(app_, Keep<CompareCommands>(), HostOfLists());
    AddExport();
    AddStatus();
    AddRepair();
    AddRulesCommands(*Noun("rules", "what the rules say, and which ones answer"),
                     Keep<RulesCommands>(), HostOfRules());
    AddCapsuleCommands(*Noun("capsule", "one customer's case as a file"), Keep<CapsuleCommands>(),
                       HostOfRules());
    AddKafka(*Noun("kafka", "the topics on Kafka"));
    AddAccessCommands(app_, common_, Keep<Access>(),
                      [this](CLI::App* verb, Command command) { Does(verb, command); });
    // Commands take over what is there when they are added.
    app_.footer(
        "Exit codes: 0 done, 1 failed, 2 wrong usage or a bad event, 3 not found, 4 conflict,\n"
        "5 unavailable, 6 checked and found wrong, 7 not permitted, 74 disk failed (serve),\n"
        "130 interrupted.");
  }

  int Parse(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      // Help and version are no errors.
      if (error.get_exit_code() == 0) return app_.exit(error), kDone;
      return Tell(UsageError(app_, argc, argv, error.what()));
    }
    absl::Status status = ApplySettings(*verb_, common_.config);
    if (status.ok()) status = command_();
    if (found_wrong_) return kFoundWrong;
    return status.ok() ? kDone : Tell(status);
  }

 private:
  CLI::App* Noun(const char* name, const char* help) {
    CLI::App* noun = app_.add_subcommand(name, help);
    noun->require_subcommand(1);
    return noun;
  }
  void Does(CLI::App* verb, Command command) {
    verb->callback([this, verb, command] {
      verb_ = verb;
      command_ = command;
    });
  }
  template <typename T>
  T& Keep(std::shared_ptr<T> value = std::make_shared<T>()) {
    kept_.push_back(value);
    return *value;
  }

  void AddServe() {
    CLI::App* verb = app_.add_subcommand("serve", "run the engine until it is told to stop");
    Serve& serve = Keep<Serve>();
    AddServeFlags(*verb, common_, serve);
    Does(verb, [this, &serve] {
      RETURN_IF_ERROR(common_.Resolve());
      if (common_.target.store.engine.data_directory.empty()) {
        common_.target.store.engine.data_directory = kDataDefault;
      }
      serve.server.engine = common_.target.store.engine;
      serve.server.rules_file = common_.target.store.rules_file;
      serve.partitions = common_.target.partitions;
      return RunServe(serve);
    });
  }

  void AddDemo() {
    CLI::App* verb = app_.add_subcommand("demo", "see it work, on a made-up shop or on your data");
    Demo& demo = Keep<Demo>();
    verb->add_option("--seed", demo.seed, "of the made-up shop (default 1)")->type_name("N");
    Limit(verb->add_option("--customers", demo.customers,
                           "of the made-up shop, 10 to 1,000,000 (default 2000)"),
          10, 1'000'000);
    verb->add_option("--data", demo.file, "your own history instead")->type_name("FILE");
    verb->add_option("--map", demo.mapping, "mapping of that file, see deploy/import")
        ->type_name("FILE");
    verb->add_option("--keep", demo.keep, "directory to keep the store in")->type_name("DIR");
    verb->add_option("--grpc", demo.grpc,
                     absl::StrCat("address to serve on afterwards (default ", kServerDefault, ")"))
        ->type_name("HOST:PORT");
    verb->add_option("--http", demo.http, "the same for HTTP, or off (default 127.0.0.1:8470)")
        ->type_name("HOST:PORT");
    verb->add_flag("--no-serve", demo.no_serve, "end after the report");
    Does(verb, [&demo] { return RunDemo(demo); });
  }

  void AddEvents(CLI::App& noun) {
    CLI::App* publish = noun.add_subcommand("publish", "touchpoints as JSON, one a line");
    EventsPublish& events = Keep<EventsPublish>();
    publish->add_option("file", events.file, "file, or - for standard input")
        ->required()
        ->type_name("FILE");
    publish->add_flag("--dry-run", events.dry_run, "check only");
    AddClientFlags(*publish, common_);
    Does(publish, Asking(common_, kCreates, [&events](Client& client, Format format) {
           events.format = format;
           return PublishEvents(client, events);
         }));
    CLI::App* import = noun.add_subcommand("import", "a file of your own, by a mapping");
    EventsImport& file = Keep<EventsImport>();
    import->add_option("file", file.file, "CSV or blank separated, may be gzipped")
        ->required()
        ->type_name("FILE");
    import->add_option("--map", file.mapping, "mapping, see deploy/import")
        ->required()
        ->type_name("FILE");
    import->add_flag("--dry-run", file.dry_run, "print five events and the counts");
    AddClientFlags(*import, common_);
    Does(import, [this, &file] {
      if (file.dry_run) return ImportEvents(nullptr, file);
      return Asking(common_, kCreates,
                    [&file](Client& client, Format) { return ImportEvents(&client, file); })();
    });
    CLI::App* tail = noun.add_subcommand("tail", "follow the log");
    EventsTail& follow = Keep<EventsTail>();
    tail->add_option("--customer", follow.customer, "only this customer's")->type_name("ID");
    tail->add_option("--kinds", follow.kinds, "only these, such as PurchaseMade,ThanksGiven")
        ->delimiter(',')
        ->type_name("KINDS");
    tail->add_option("--from", follow.from_position, "from this position on")
        ->type_name("POSITION");
    tail->add_flag("--once", follow.once, "end at the log's present end");
    tail->add_flag("--json", follow.json, "one JSON object a line (the default)");
    AddClientFlags(*tail, common_);
    Does(tail, Asking(common_, kRows, [&follow](Client& client, Format format) {
           follow.format = format;
           return TailEvents(client, follow);
         }));
  }

  void AddPrivacy(CLI::App& noun) {
    CLI::App* erase = noun.add_subcommand("erase", "forget a customer: nothing sealed opens again");
    CustomerErase& gone = Keep<CustomerErase>();
    erase->add_option("id", gone.id, "customer id")->required();
    auto* group = erase->add_option_group("what", "what to do");
    group->add_option("--purpose", gone.purpose, "why, for the audit");
    group->add_flag("--receipt", gone.receipt, "only show the receipt of an erasure that is done");
    group->require_option(1);
    AddClientFlags(*erase, common_);
    Does(erase, Asking(common_, {}, [&gone](Client& client, Format format) {
           gone.format = format;
           return EraseCustomer(client, gone);
         }));
    CLI::App* find = noun.add_subcommand("find", "whose an e-mail address or phone number is");
    std::string& alias = Keep<std::string>();
    find->add_option("alias", alias, "the address or number; - reads it from stdin")->required();
    AddClientFlags(*find, common_);
    Does(find, Asking(common_, {}, [&alias](Client& client, Format format) {
           return FindCustomers(client, alias, format);
         }));
    CLI::App* verify = Noun("audit", "what was opened and erased")
                           ->add_subcommand("verify", "find a changed byte in the audit file");
    std::string& data = Keep<std::string>();
    verify->add_option("--data", data, "directory of the store")->required();
    Does(verify, [this, &data]() -> absl::Status {
      const absl::Status status = VerifyAuditFile(data);
      if (!absl::IsDataLoss(status)) return status;
      Tell(status);
      found_wrong_ = true;
      return absl::OkStatus();
    });
  }

  ListsHost HostOfLists() {
    return {[this](CLI::App& verb) { AddClientFlags(verb, common_); },
            [this](CLI::App* verb, bool rows, auto ask) {
              Does(verb, Asking(common_, {.csv = rows}, ask));
            },
            &common_.target.store.rules_file};
  }

  void AddSummary() {
    CLI::App* summary = app_.add_subcommand("summary", "how all customers are, counted");
    Summary& asked = Keep<Summary>();
    summary
        ->add_option("--by", asked.by,
                     "stage, score, type, mode, flag or follow-up; repeatable (default all)")
        ->delimiter(',')
        ->type_name("NAMES");
    AddViewpointFlags(*summary, asked.as_of, asked.known_at);
    AddRulesDigestFlag(*summary, asked.rules);
    AddClientFlags(*summary, common_);
    Does(summary, Asking(common_, kRows, [&asked](Client& client, Format format) {
           asked.format = format;
           return ShowSummary(client, asked);
         }));
  }

  void AddExport() {
    AddExportCommands(*Noun("export", "tables as files: Parquet, CSV, JSON Lines"),
                      Keep<ExportCommands>(),
                      {[this](CLI::App& verb) { AddClientFlags(verb, common_); },
                       [this](CLI::App* verb, auto ask) {
                         Does(verb, [this, ask]() -> absl::Status {
                           RETURN_IF_ERROR(common_.Resolve());
                           ASSIGN_OR_RETURN(auto client, Client::Connect(common_.target));
                           return ask(*client, common_.format);
                         });
                       }});
  }

  void AddStatus() {
    CLI::App* status = app_.add_subcommand("status", "positions, lag, counts, disk");
    AddClientFlags(*status, common_);
    Does(status, Asking(common_, kRows, ShowStatus));
    CLI::App* digest = app_.add_subcommand("digest", "prove that two states are the same");
    bool& customers = Keep(std::make_shared<bool>(false));
    digest->add_flag("--customers", customers, "one digest per customer too");
    AddClientFlags(*digest, common_);
    Does(digest, Asking(common_, {}, [&customers](Client& client, Format format) {
           return ShowDigest(client, customers, format);
         }));
    CLI::App* quarantine = Noun("quarantine", "records that could not be folded");
    AddRetry(*quarantine);
    CLI::App* list = quarantine->add_subcommand("list", "by reason, with an example");
    std::string& reason = Keep<std::string>();
    int& limit = Keep(std::make_shared<int>(50));
    list->add_option("--reason", reason, "only this reason")->type_name("NAME");
    Limit(list->add_option("--limit", limit, "entries, up to 200 (default 50)"), 1, 200);
    AddClientFlags(*list, common_);
    Does(list, Asking(common_, kRows, [&reason, &limit](Client& client, Format format) {
           return ListQuarantine(client, reason, limit, format);
         }));
  }

  void AddRetry(CLI::App& quarantine) {
    CLI::App* verb = quarantine.add_subcommand("retry", "judge them again, by today's code");
    QuarantineSelection& selection = Keep<QuarantineSelection>();
    CLI::Option* partition =
        verb->add_option("--partition", selection.partition, "only this partition");
    Limit(partition, 0, kPartitionMax);
    verb->add_option("--reason", selection.reason, "only this reason");
    CLI::Option* offset =
        verb->add_option("--offset", selection.offset, "only the record at this offset")
            ->needs(partition);
    Limit(offset, int64_t{0}, INT64_MAX);
    verb->add_option("--by", selection.caller, "who; kept with verdicts taken back (you)");
    AddClientFlags(*verb, common_);
    Does(verb, Asking(common_, {}, [&selection](Client& client, Format format) {
           return RetryQuarantine(client, selection, format);
         }));
  }

  void AddRepair() {
    AddRebuildCommands(app_, *Noun("operations", "what goes on without a command, and what ended"),
                       Keep<RebuildCommands>(), HostOfRules());
    AddVerifyCommand(app_, Keep<BackgroundOrder>(), HostOfRules());
    CLI::App* verb = app_.add_subcommand("accept-loss", "go on behind events that are lost");
    LossAcceptance& loss = Keep<LossAcceptance>();
    Limit(verb->add_option("--partition", loss.partition, "stopped by ARCHIVE_GAP")->required(), 0,
          kPartitionMax);
    verb->add_option("--reason", loss.reason, "why; kept for ever")->required();
    verb->add_option("--by", loss.caller, "who; kept for ever (you)");
    AddClientFlags(*verb, common_);
    Does(verb, Asking(common_, {}, [&loss](Client& client, Format format) {
           return AcceptLoss(client, loss, format);
         }));
  }

  RulesHost HostOfRules() {
    return {
        [this](CLI::App& verb) { AddClientFlags(verb, common_); },
        [this](CLI::App* verb, auto ask) {
          Does(verb, Asking(common_, {}, [this, ask](Client& client, Format format) {
                 return Note(ask(client, format));
               }));
        },
        [this](CLI::App* verb, auto work) { Does(verb, [this, work] { return Note(work()); }); }};
  }
  absl::Status Note(const absl::StatusOr<int>& wrong) {
    found_wrong_ = wrong.ok() && *wrong > 0;
    return wrong.status();
  }

  void AddKafka(CLI::App& noun) {
    CLI::App* verb = noun.add_subcommand("topics", "create or check the topics");
    KafkaTopics& topics = Keep<KafkaTopics>();
    bool& create = Keep(std::make_shared<bool>(false));
    bool& check = Keep(std::make_shared<bool>(false));
    verb->add_option("--brokers", topics.brokers, "several are joined with commas")
        ->required()
        ->type_name("HOST:PORT");
    verb->add_option("--topic", topics.topic,
                     absl::StrCat("topic of the events (default ", topics.topic, ")"))
        ->type_name("NAME");
    AddPropertyFlag(*verb, topics.properties);
    Limit(verb->add_option("--partitions", topics.partitions, "of new topics (default 8)"), 1,
          1024);
    Limit(verb->add_option("--replication", topics.replication, "copies of new topics (default 1)"),
          1, 16);
    auto* group = verb->add_option_group("what", "what to do");
    group->add_flag("--create", create, "create those that are missing");
    group->add_flag("--check", check, "compare settings with what they must be");
    group->require_option(1);
    Does(verb, [this, &topics, &create]() -> absl::Status {
      ASSIGN_OR_RETURN(topics.kafka_properties, PropertiesOf(topics.properties));
      if (create) return CreateKafkaTopics(topics);
      ASSIGN_OR_RETURN(const int findings, CheckKafkaTopics(topics));
      found_wrong_ = findings > 0;
      return absl::OkStatus();
    });
  }

  CLI::App app_;
  CommonFlags common_;
  CLI::App* verb_ = nullptr;
  CustomerCommands customer_;
  ListCommands lists_;
  Command command_;
  std::vector<std::shared_ptr<void>> kept_;
  bool found_wrong_ = false;
};

}  // namespace

int Run(int argc, char** argv) {
  // We say ourselves what went wrong with a port or a server, in one sentence; GRPC_VERBOSITY=ERROR
  // adds what gRPC has to say.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  return Program().Parse(argc, argv);
}

}  // namespace rapport::operations
