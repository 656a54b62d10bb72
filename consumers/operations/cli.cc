#include "consumers/operations/cli.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "consumers/operations/command_customer.h"
#include "consumers/operations/command_demo.h"
#include "consumers/operations/command_events.h"
#include "consumers/operations/command_kafka.h"
#include "consumers/operations/command_privacy.h"
#include "consumers/operations/command_serve.h"
#include "consumers/operations/command_status.h"
#include "consumers/operations/exit_code.h"
#include "consumers/operations/usage.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

// What a command does once the line is parsed; its flags live as long as the closure.
using Command = std::function<absl::Status()>;

// Flags that most commands share.
struct Common {
  Target target;
  std::string log = "embedded";
  std::string format;

  absl::Status Resolve() {
    if (log != "embedded" && log != "kafka") {
      return absl::InvalidArgumentError("--log " + log + " is not known; use embedded or kafka");
    }
    EngineOptions& engine = target.store.engine;
    engine.log =
        log == "kafka" ? EngineOptions::LogKind::kKafka : EngineOptions::LogKind::kEmbedded;
    if (engine.log == EngineOptions::LogKind::kKafka && engine.brokers.empty()) {
      return absl::InvalidArgumentError("--log kafka needs --brokers HOST:PORT");
    }
    return absl::OkStatus();
  }
};

void AddStoreFlags(CLI::App& app, Common& common) {
  EngineOptions& engine = common.target.store.engine;
  app.add_option("--data", engine.data_directory, "directory of the store");
  app.add_option("--keys", engine.keys_directory, "directory of customers' keys (DATA/keys)");
  app.add_option("--wrapping-key", engine.wrapping_key_file,
                 "file of the key that wraps them (DATA/wrapping.key)");
  app.add_option("--log", common.log, "embedded (default) or kafka");
  app.add_option("--brokers", engine.brokers, "Kafka: HOST:PORT, several joined with commas");
  app.add_option("--topic", engine.topic, "Kafka: topic of the events");
  app.add_option("--partitions", engine.partitions, "of a new embedded log (default 8)")
      ->check(CLI::Range(1, 1024));
  app.add_option("--rules", common.target.store.rules_file,
                 "rules file (default: the standard rules)");
  app.add_option("--disk-reserve", engine.disk_reserve_permille,
                 "stop taking events in below this free share of the disk, in thousandths")
      ->check(CLI::Range(0, 1000));
  app.add_option("--memory", engine.memory_bytes, "bytes of customers kept in memory")
      ->check(CLI::Range(uint64_t{1} << 20, uint64_t{1} << 40));
}

void AddClientFlags(CLI::App& app, Common& common) {
  app.add_option("--server", common.target.server, "address of the server (127.0.0.1:8471)");
  AddStoreFlags(app, common);
  app.add_option("--format", common.format, "table, json or jsonl");
}

// A command that asks a server or a store; `may_create` when it makes a store that is not there.
Command Asking(Common& common, std::function<absl::Status(Client&, Format)> ask,
               bool may_create = false) {
  return [&common, ask, may_create] {
    common.target.may_create = may_create;
    RETURN_IF_ERROR(common.Resolve());
    ASSIGN_OR_RETURN(const Format format, FormatOf(common.format));
    ASSIGN_OR_RETURN(auto client, Client::Connect(common.target));
    return ask(*client, format);
  };
}

class Program {
 public:
  Program()
      : app_(
            "Rapport remembers relationships: it folds every touchpoint and says why.\n\n"
            "Examples:\n"
            "  rapport demo\n"
            "  rapport serve --data ./data\n"
            "  rapport events publish purchase.json\n"
            "  rapport customer show cust-0417 --as-of 2026-01-31\n") {
    app_.set_version_flag("--version", RAPPORT_VERSION);
    app_.require_subcommand(1);
    AddServe();
    AddDemo();
    AddEvents(*Noun("events", "publish, import and follow events"));
    AddCustomer(*Noun("customer", "one customer"));
    AddFollowUps(*Noun("follow-ups", "what is owed"));
    AddStatus();
    AddKafka(*Noun("kafka", "the topics on Kafka"));
  }

  int Parse(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      // Help and version are no errors.
      if (error.get_exit_code() == 0) return app_.exit(error), kDone;
      return Tell(UsageError(app_, argc, argv, error.what()));
    }
    const absl::Status status = command_();
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
    verb->callback([this, command] { command_ = command; });
  }
  template <typename T>
  T& Keep(std::shared_ptr<T> value = std::make_shared<T>()) {
    kept_.push_back(value);
    return *value;
  }

  void AddServe() {
    CLI::App* verb = app_.add_subcommand("serve", "run the engine until it is told to stop");
    Serve& serve = Keep<Serve>();
    AddStoreFlags(*verb, common_);
    verb->add_option("--grpc", serve.grpc, "address to listen on (127.0.0.1:8471)");
    Does(verb, [this, &serve] {
      RETURN_IF_ERROR(common_.Resolve());
      if (common_.target.store.engine.data_directory.empty()) {
        common_.target.store.engine.data_directory = "rapport-data";
      }
      serve.server = common_.target.store;
      return RunServe(serve);
    });
  }

  void AddDemo() {
    CLI::App* verb = app_.add_subcommand("demo", "see it work, on a made-up shop or on your data");
    Demo& demo = Keep<Demo>();
    verb->add_option("--seed", demo.seed, "of the made-up shop (1)");
    verb->add_option("--customers", demo.customers, "of the made-up shop (2000)")
        ->check(CLI::Range(10, 1'000'000));
    verb->add_option("--data", demo.file, "your own history instead");
    verb->add_option("--map", demo.mapping, "mapping of that file, see deploy/import");
    verb->add_option("--keep", demo.keep, "directory to keep the store in");
    verb->add_option("--grpc", demo.grpc, "address to serve on afterwards (127.0.0.1:8471)");
    verb->add_flag("--no-serve", demo.no_serve, "end after the report");
    Does(verb, [&demo] { return RunDemo(demo); });
  }

  void AddEvents(CLI::App& noun) {
    CLI::App* publish = noun.add_subcommand("publish", "touchpoints as JSON, one a line");
    EventsPublish& events = Keep<EventsPublish>();
    publish->add_option("file", events.file, "file, or - for stdin")->required();
    publish->add_flag("--dry-run", events.dry_run, "check only");
    AddClientFlags(*publish, common_);
    Does(publish, Asking(
                      common_,
                      [&events](Client& client, Format format) {
                        events.format = format;
                        return PublishEvents(client, events);
                      },
                      /*may_create=*/true));
    CLI::App* import = noun.add_subcommand("import", "a file of your own, by a mapping");
    EventsImport& file = Keep<EventsImport>();
    import->add_option("file", file.file, "CSV or blank separated, may be gzipped")->required();
    import->add_option("--map", file.mapping, "mapping, see deploy/import")->required();
    import->add_flag("--dry-run", file.dry_run, "print five events and the counts");
    AddClientFlags(*import, common_);
    Does(import, [this, &file] {
      if (file.dry_run) return ImportEvents(nullptr, file);
      return Asking(
          common_,
          [&file](Client& client, Format format) {
            file.format = format;
            return ImportEvents(&client, file);
          },
          /*may_create=*/true)();
    });
    CLI::App* tail = noun.add_subcommand("tail", "follow the log");
    EventsTail& follow = Keep<EventsTail>();
    tail->add_option("--customer", follow.customer, "only this customer's");
    tail->add_option("--kinds", follow.kinds, "only these kinds")->delimiter(',');
    tail->add_option("--from", follow.from_position, "from this position on");
    tail->add_flag("--once", follow.once, "end at the log's present end");
    tail->add_flag("--json", follow.json, "one JSON object a line (always so)");
    AddClientFlags(*tail, common_);
    Does(tail,
         Asking(common_, [&follow](Client& client, Format) { return TailEvents(client, follow); }));
  }

  void AddCustomer(CLI::App& noun) {
    CLI::App* show = noun.add_subcommand("show", "stage, score, what is owed, and why");
    CustomerShow& card = Keep<CustomerShow>();
    show->add_option("ids", card.ids, "customer ids; - reads them from stdin")->required();
    show->add_option("--as-of", card.as_of, "2026-01-31, RFC 3339, or 90d (ago)");
    show->add_option("--known-at", card.known_at, "position: only what the log held then");
    show->add_option("--min-position", card.min_position, "wait until this position is applied");
    show->add_flag("--facts", card.facts, "the facts too (JSON)");
    AddRevealFlags(*show, card.reveal, card.purpose, "the name too");
    AddClientFlags(*show, common_);
    Does(show, Asking(common_, [&card](Client& client, Format format) {
           card.format = format;
           return ShowCustomers(client, card);
         }));
    CLI::App* line = noun.add_subcommand("timeline", "what happened, newest first");
    CustomerTimeline& timeline = Keep<CustomerTimeline>();
    line->add_option("id", timeline.id, "customer id")->required();
    line->add_option("--as-of", timeline.as_of, "2026-01-31, RFC 3339, or 90d (ago)");
    line->add_option("--known-at", timeline.known_at, "position: only what the log held then");
    line->add_option("--limit", timeline.limit, "entries (50)")->check(CLI::Range(1, 100'000));
    AddRevealFlags(*line, timeline.reveal, timeline.purpose, "notes, names and aliases too");
    AddClientFlags(*line, common_);
    Does(line, Asking(common_, [&timeline](Client& client, Format format) {
           timeline.format = format;
           return ShowTimeline(client, timeline);
         }));
    AddPrivacy(noun);
  }

  // What is opened is written down with its purpose.
  static void AddRevealFlags(CLI::App& verb, bool& reveal, std::string& purpose, const char* what) {
    CLI::Option* flag = verb.add_flag("--reveal", reveal, what);
    CLI::Option* why = verb.add_option("--purpose", purpose, "why they are opened, for the audit");
    flag->needs(why);
    why->needs(flag);
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
    Does(erase, Asking(common_, [&gone](Client& client, Format format) {
           gone.format = format;
           return EraseCustomer(client, gone);
         }));
    CLI::App* find = noun.add_subcommand("find", "whose an e-mail address or phone number is");
    std::string& alias = Keep<std::string>();
    find->add_option("alias", alias, "the address or number; - reads it from stdin")->required();
    AddClientFlags(*find, common_);
    Does(find, Asking(common_, [&alias](Client& client, Format format) {
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

  void AddFollowUps(CLI::App& noun) {
    CLI::App* list = noun.add_subcommand("list", "due and overdue ones, overdue first");
    FollowUpsList& owed = Keep<FollowUpsList>();
    list->add_option("--customer", owed.customer, "only this customer's");
    list->add_option("--due", owed.due, "due within 7d, or by a moment");
    list->add_option("--policy", owed.policies, "only these policies")->delimiter(',');
    list->add_option("--department", owed.departments, "only these departments")->delimiter(',');
    list->add_option("--as-of", owed.as_of, "2026-01-31, RFC 3339, or 90d (ago)");
    list->add_option("--limit", owed.limit, "entries (50)")->check(CLI::Range(1, 200));
    AddClientFlags(*list, common_);
    Does(list, Asking(common_, [&owed](Client& client, Format format) {
           owed.format = format;
           return ListFollowUps(client, owed);
         }));
  }

  void AddStatus() {
    CLI::App* status = app_.add_subcommand("status", "positions, lag, counts, disk");
    AddClientFlags(*status, common_);
    Does(status, Asking(common_, ShowStatus));
    CLI::App* digest = app_.add_subcommand("digest", "prove that two states are the same");
    bool& customers = Keep(std::make_shared<bool>(false));
    digest->add_flag("--customers", customers, "one digest per customer too");
    AddClientFlags(*digest, common_);
    Does(digest, Asking(common_, [&customers](Client& client, Format format) {
           return ShowDigest(client, customers, format);
         }));
    CLI::App* list = Noun("quarantine", "records that could not be folded")
                         ->add_subcommand("list", "by reason, with an example");
    std::string& reason = Keep<std::string>();
    int& limit = Keep(std::make_shared<int>(50));
    list->add_option("--reason", reason, "only this reason");
    list->add_option("--limit", limit, "entries (50)")->check(CLI::Range(1, 200));
    AddClientFlags(*list, common_);
    Does(list, Asking(common_, [&reason, &limit](Client& client, Format format) {
           return ListQuarantine(client, reason, limit, format);
         }));
  }

  void AddKafka(CLI::App& noun) {
    CLI::App* verb = noun.add_subcommand("topics", "create or check the topics");
    KafkaTopics& topics = Keep<KafkaTopics>();
    bool& create = Keep(std::make_shared<bool>(false));
    bool& check = Keep(std::make_shared<bool>(false));
    verb->add_option("--brokers", topics.brokers, "HOST:PORT, several joined with commas")
        ->required();
    verb->add_option("--topic", topics.topic, "topic of the events");
    verb->add_option("--partitions", topics.partitions, "of new topics (8)")
        ->check(CLI::Range(1, 1024));
    verb->add_option("--replication", topics.replication, "copies of new topics (1)")
        ->check(CLI::Range(1, 16));
    auto* group = verb->add_option_group("what", "what to do");
    group->add_flag("--create", create, "create those that are missing");
    group->add_flag("--check", check, "compare settings with what they must be");
    group->require_option(1);
    Does(verb, [this, &topics, &create]() -> absl::Status {
      if (create) return CreateKafkaTopics(topics);
      ASSIGN_OR_RETURN(const int findings, CheckKafkaTopics(topics));
      found_wrong_ = findings > 0;
      return absl::OkStatus();
    });
  }

  CLI::App app_;
  Common common_;
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
