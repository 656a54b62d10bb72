// Engine: the front door. Opens a data directory and a log, folds what the log holds, and hands out
// publisher, reader and history.
//
//   ASSIGN_OR_RETURN(auto engine, Engine::Open(options, projection, SystemClock()));
//   engine->publisher().Publish(events, {});
//   engine->Relationship("cust-1", viewpoint, evaluate_options);
//
// Knows no loyalty and no stage: those are the projection's. Other rules can take its place while
// it serves, at once when they evaluate the same facts (Activate), else when all facts were folded
// anew beside (StartRefold); an answer is all of one set of rules, those of its viewpoint.
//
// Threads:   all methods from any thread.
// Ownership: borrows projection and clock, which must outlive it; shares rules that are activated
//            later; owns the rest, and the data directory while it lives. Destroying it commits
//            what is applied.
// Errors:    Open: UNAVAILABLE (DIRECTORY_IN_USE, LOG_UNAVAILABLE), NOT_FOUND (no such topic),
//            FAILED_PRECONDITION (archive, state and log do not fit), DATA_LOSS (a damaged
//            archive). A damaged state is no error: it is set aside and folded again (`alarm` is
//            told).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/clock.h"
#include "engine/capsule/capsule.h"
#include "engine/event/audit.h"
#include "engine/event/framing.h"
#include "engine/event/key_store.h"
#include "engine/event/revealer.h"
#include "engine/fold/active_rules.h"
#include "engine/fold/projection.h"
#include "engine/history/base_walk.h"
#include "engine/history/history.h"
#include "engine/history/relationship.h"
#include "engine/log/archive.h"
#include "engine/log/log.h"
#include "engine/log/log_ends.h"
#include "engine/pipeline/eraser.h"
#include "engine/pipeline/pipeline.h"
#include "engine/pipeline/publisher.h"
#include "engine/store/folder_generations.h"
#include "engine/store/start_count.h"
#include "engine/store/state_folder.h"

namespace rapport {

struct EngineOptions {
  // Everything the engine keeps lies below.
  std::string data_directory;
  // Where customers' keys lie, and the key that wraps them; empty = `keys` and `wrapping.key` in
  // the data directory. The second belongs where backups of the first do not reach.
  std::string keys_directory;
  std::string wrapping_key_file;
  enum class LogKind { kEmbedded, kKafka };
  LogKind log = LogKind::kEmbedded;
  // Of a new embedded log.
  int partitions = 8;
  // Kafka: `host:port,...`, topic, and properties passed through to librdkafka, of which only
  // some are allowed (kafka_options.h).
  std::string brokers;
  std::string topic = "crm.touchpoints.v1";
  std::map<std::string, std::string> kafka_properties;
  // Gives the log the twins of events that concern a second customer; with Kafka it needs WRITE.
  // Who only asks a question leaves it off.
  bool echo = false;
  // Notes them where the echo has begun, for whoever serves next; off only when an operator wants
  // none.
  bool notes_echoes = true;
  // Reads CloudEvents in structured JSON (engine/event/framing.h), from then on for the whole
  // process; null = leaves that as it is.
  event::StructuredReader read_structured = nullptr;
  // Takes records that their producer stamped; history then trusts producers' clocks.
  bool allow_producer_time = false;
  // Bytes of resident customers.
  size_t memory_bytes = size_t{1} << 30;
  // Publishing and folding stop below this share of free disk, and below 2 GiB, and go on at 1.5
  // times of it. Thousandths; 0 = never.
  uint32_t disk_reserve_permille = 100;
  uint64_t disk_reserve_bytes = uint64_t{2} << 30;
  pipeline::PartitionOptions partition;
  // Deletes the states of other rules once the own one holds all that the archive does. Who only
  // asks a question under other rules leaves it off.
  bool delete_other_states = false;
  // Called when the process cannot go on (a failed write or sync, a damaged state); must not
  // return.
  pipeline::Fatal fatal;
  // Told what an operator should know and need not act on: a damaged state that is set aside and
  // folded again, a torn tail that was cut. From any thread; may be empty.
  store::Alarm alarm;
  // Who ends the process on purpose while Open is at work says so here (Forgive), from any thread:
  // that start is then counted to no damage of the state. May be empty.
  std::shared_ptr<store::StartCount> start_count;
};

using history::Relationship;

// How what is folded anew is folded, and who is told at its end: see pipeline::RebuildOrder.
struct RefoldCare {
  int64_t records_per_second = 0;
  std::function<void(const pipeline::RebuildStatus& status)> ended;
};

class Engine {
 public:
  static absl::StatusOr<std::unique_ptr<Engine>> Open(const EngineOptions& options,
                                                      const fold::Projection* projection,
                                                      const Clock* clock);
  ~Engine();

  const pipeline::Publisher& publisher() const { return *publisher_; }
  event::KeyStore& keys() const { return *keys_; }
  const event::Revealer& revealer() const { return *revealer_; }
  pipeline::Eraser& eraser() const { return *eraser_; }
  event::Audit& audit() const { return *audit_; }
  pipeline::Pipeline& pipeline() const { return *pipeline_; }
  const history::History& history() const { return *history_; }
  // The rules that answer now: for a viewpoint, once an answer.
  std::shared_ptr<const fold::Projection> rules() const { return rules_.Get(); }
  // Lets other rules answer what is asked from now on; answers under way end as they began. Lists
  // evaluate everybody until the indexes are of these rules. Errors: those of ActiveRules::Set.
  absl::Status Activate(std::shared_ptr<const fold::Projection> rules) {
    return rules_.Set(std::move(rules));
  }
  // How rules that are not active are found, by the digest that answers name them by, or AT_KNOWN
  // for those that were active at the position. Said before anybody asks; who finds them outlives
  // what is asked.
  using FindRules = std::function<absl::StatusOr<std::shared_ptr<const fold::Projection>>(
      const std::string& name, const Position& known_at)>;
  void SetRulesFinder(FindRules find) { find_rules_ = std::move(find); }
  // NOT_FOUND (RULES_UNKNOWN) when there are none of that name. Where they fold otherwise than the
  // state was, their answers are read from the archive.
  absl::StatusOr<std::shared_ptr<const fold::Projection>> RulesNamed(
      const std::string& name, const Position& known_at) const;
  const Clock& clock() const { return *clock_; }
  log::Archive& archive() const { return *archive_; }
  log::Log& log() const { return *log_; }
  const EngineOptions& options() const { return options_; }

  // Standing, and facts when they are asked for, at a viewpoint: both of one position. A moment
  // before the newest event, or a known position, is answered from the archive. Customers that were
  // merged are answered as one. A viewpoint without rules is answered by the active ones.
  absl::StatusOr<Relationship> ReadRelationship(absl::string_view customer_id,
                                                const history::Viewpoint& viewpoint,
                                                const fold::EvaluateOptions& options,
                                                bool with_facts = false) const {
    // Most have rules, and are not copied.
    if (viewpoint.rules != nullptr) {
      return relationships_->Read(customer_id, viewpoint, options, with_facts);
    }
    return relationships_->Read(customer_id, WithRules(viewpoint), options, with_facts);
  }

  // Why it is so, event by event, at any viewpoint; none of `subjects` = all of them.
  absl::StatusOr<history::ExplainedRelationship> ExplainRelationship(
      absl::string_view customer_id, const history::Viewpoint& viewpoint,
      absl::Span<const v1::ExplainSubject> subjects) const {
    return relationships_->Explain(customer_id, WithRules(viewpoint), subjects);
  }

  // What it was over time, at any viewpoint.
  absl::StatusOr<history::RelationshipOverTime> ListStandings(absl::string_view customer_id,
                                                              const history::Viewpoint& viewpoint,
                                                              const history::StandingsSpan& span,
                                                              const history::GoOn& go_on) const {
    return relationships_->Standings(customer_id, WithRules(viewpoint), span, go_on);
  }

  // From where on nothing is missing: names only partitions that have lost events. The second is
  // about the partitions of one relationship alone.
  Position CompleteFrom() const;
  Position CompleteFrom(const Group& group) const;
  // How far behind each partition is, by where the log ended when it was last heard of.
  std::vector<pipeline::Lag> Lags() const { return pipeline_->Lags(LogEnds(absl::ZeroDuration())); }
  // Of all partitions: the events of all, the time of who is furthest behind.
  pipeline::Lag TotalLag() const;
  // Per partition the next offset of the log; waits at most `patience` for an answer of now.
  std::vector<Offset> LogEnds(absl::Duration patience) const;

  // OK once the keys have been told of every erasure of these customers that the log held at the
  // start; before, nothing that they open may be shown. Waits for it, a few seconds at most and not
  // beyond the deadline. Errors as of Pipeline::CheckErasuresKnown.
  absl::Status AwaitErasuresKnown(const std::vector<std::string>& customers,
                                  absl::Time deadline) const;

  // Who is known by `alias`, an e-mail address, a phone number or another id: customers with an
  // AliasLinked that is applied and stands, whoever linked it last first. Waits and errors as of
  // AwaitErasuresKnown.
  absl::StatusOr<std::vector<std::string>> Resolve(absl::string_view alias,
                                                   absl::Time deadline) const;

  // Wraps the keys anew when the wrapping key is older than a day, so that older copies of key
  // files cannot be read any more. Says also before it is due what will hinder it.
  absl::Status RotateKeysIfDue();

  // Folds the state anew from the archive beside the one that serves, which it takes the place of
  // once both were found to hold the same. Goes on after the call; how far it is says
  // pipeline().rebuild(). Errors: those of Rebuilder::Start.
  absl::Status StartRebuild(RefoldCare care = {});
  // The same by rules that fold otherwise, which answer from then on. In between, when all
  // partitions stand at `position` and the new state is durable, `agree` makes durable that the
  // next start opens the engine with these rules; when it does not, the state before goes on.
  // INVALID_ARGUMENT for rules that fold alike, which Activate is for.
  absl::Status StartRefold(std::shared_ptr<const fold::Projection> rules,
                           std::function<absl::Status(const Position& position)> agree,
                           RefoldCare care = {});

  // Whether a viewpoint is the present: it names no position, and a moment of the last minutes or
  // later.
  bool IsPresent(const history::Viewpoint& viewpoint) const;

  // The whole base at a viewpoint: the present, or the past up to what is applied; of rules that
  // fold otherwise than the state was, the latter in either case. Errors: those of
  // Pipeline::Checkpoint.
  absl::StatusOr<std::unique_ptr<history::BaseWalk>> WalkBase(history::Viewpoint viewpoint) const;

  // All that one relationship's standing rests on at a viewpoint, up to what is applied and
  // durable. REQUIRES: the viewpoint has rules. Errors: those of MakeCapsule and
  // Pipeline::Checkpoint.
  absl::StatusOr<v1::Capsule> MakeCapsule(const std::string& customer_id,
                                          history::Viewpoint viewpoint,
                                          const capsule::CapsuleOrigin& origin) const;

  // Not OK while nothing is taken in, such as RESOURCE_EXHAUSTED (DISK_LOW).
  absl::Status MayWrite() const;

 private:
  class DiskGuard;
  // With the active rules where it names none.
  history::Viewpoint WithRules(history::Viewpoint viewpoint) const {
    if (viewpoint.rules == nullptr) viewpoint.rules = rules();
    return viewpoint;
  }
  Engine(const EngineOptions& options, const fold::Projection* projection, const Clock* clock);
  absl::Status OpenKeys();
  // Destroys again what the log says is erased; without keys there is nothing to destroy.
  void ApplyErasures();
  absl::Status OpenLog();
  absl::Status OpenState();
  // Whether the state was built from all that is archived, so that no other is needed any more.
  bool IsStateWhole() const;
  absl::Status OpenServing();
  // Leaves of what was known what is durable by now, and names every partition.
  absl::Status LimitToDurable(history::Viewpoint& viewpoint) const;
  void OnStateDamage(const absl::Status& damage);

  const EngineOptions options_;
  const fold::Projection* const projection_;
  fold::ActiveRules rules_;
  FindRules find_rules_;
  const Clock* const clock_;
  std::unique_ptr<class DirectoryLock> lock_;
  std::unique_ptr<DiskGuard> disk_guard_;
  // Two engines that wrote one directory of keys would lose each other's.
  std::unique_ptr<class DirectoryLock> keys_lock_;
  std::unique_ptr<event::KeyStore> keys_;
  std::unique_ptr<event::Audit> audit_;
  std::unique_ptr<event::Revealer> revealer_;
  std::unique_ptr<table::Table> archive_table_;
  std::unique_ptr<log::Archive> archive_;
  std::unique_ptr<log::Log> log_;
  std::unique_ptr<log::LogEnds> log_ends_;
  std::unique_ptr<store::StateFolder> state_folder_;
  // The first damage that was met in the state's files, and whether the state serves by now.
  absl::Mutex damage_mutex_;
  absl::Status state_damage_ ABSL_GUARDED_BY(damage_mutex_);
  bool state_serves_ ABSL_GUARDED_BY(damage_mutex_) = false;
  std::unique_ptr<store::FolderGenerations> generations_;
  std::unique_ptr<pipeline::Breadcrumbs> breadcrumbs_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
  std::unique_ptr<pipeline::Publisher> publisher_;
  std::unique_ptr<pipeline::Eraser> eraser_;
  std::unique_ptr<history::History> history_;
  std::unique_ptr<history::RelationshipReader> relationships_;
};

}  // namespace rapport
