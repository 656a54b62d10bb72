#include "engine/engine.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/disk.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/seal.h"
#include "engine/log/embedded_log.h"
#include "engine/log/kafka_log.h"
#include "engine/log/partitioner.h"

namespace rapport {
namespace {

// A reader waits so long at most for keys that may not serve yet, and hears why then.
constexpr absl::Duration kKeysPatience = absl::Seconds(3);
// A moment so long ago is the past, which is folded anew for lists of everybody.
constexpr int64_t kRecentMicros = 600 * kMicrosPerSecond;

// A new log's identity: not secret, only unlikely to be that of another log.
LogIdentity NewIdentity() {
  std::random_device device;
  return {device(), 1};
}

}  // namespace

// Asks for the free space at most twice a second: publishers and folders ask often.
class Engine::DiskGuard {
 public:
  DiskGuard(const EngineOptions& options, const Clock* clock) : options_(options), clock_(clock) {}

  absl::Status Check() {
    if (options_.disk_reserve_permille == 0) return absl::OkStatus();
    const int64_t now = clock_->NowMicros();
    int64_t checked = checked_us_.load();
    if (now - checked > 500'000 || now < checked) {
      if (checked_us_.compare_exchange_strong(checked, now)) Measure();
    }
    if (!low_.load()) return absl::OkStatus();
    return absl::ResourceExhaustedError(absl::StrCat(
        "DISK_LOW: the disk that holds ", options_.data_directory, " has ",
        free_bytes_.load() >> 20, " MiB left, at least ", needed_bytes_.load() >> 20,
        " MiB must stay free. Nothing is taken in until there is more; reads go on. Free space or "
        "lower --disk-reserve"));
  }

  // Whether `bytes` more would leave enough.
  absl::Status CheckRoom(uint64_t bytes) {
    RETURN_IF_ERROR(Check());
    if (options_.disk_reserve_permille == 0) return absl::OkStatus();
    Measure();
    if (free_bytes_.load() >= needed_bytes_.load() + bytes) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        absl::StrCat("DISK_LOW: another ", bytes >> 20, " MiB would leave less than the ",
                     needed_bytes_.load() >> 20, " MiB free that must stay on the disk that holds ",
                     options_.data_directory, "; free space, or lower --disk-reserve"));
  }

 private:
  void Measure() {
    const auto space = DiskSpaceOf(options_.data_directory);
    if (!space.ok()) return;
    uint64_t needed = std::max(options_.disk_reserve_bytes,
                               space->total_bytes / 1000 * options_.disk_reserve_permille);
    // Taking in begins again only at half as much more, so that it does not flap.
    if (low_.load()) needed += needed / 2;
    free_bytes_ = space->free_bytes;
    needed_bytes_ = needed;
    low_ = space->free_bytes < needed;
  }

  const EngineOptions& options_;
  const Clock* const clock_;
  std::atomic<int64_t> checked_us_{0};
  std::atomic<bool> low_{false};
  std::atomic<uint64_t> free_bytes_{0};
  std::atomic<uint64_t> needed_bytes_{0};
};

Engine::Engine(const EngineOptions& options, const fold::Projection* projection, const Clock* clock)
    : options_(options),
      projection_(projection),
      // Borrowed: nothing is deleted.
      rules_(std::shared_ptr<const fold::Projection>(std::shared_ptr<void>(), projection)),
      clock_(clock),
      disk_guard_(std::make_unique<DiskGuard>(options_, clock)) {}

// What is declared last goes first: readers, then the log they read, then tables and lock.
Engine::~Engine() = default;

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(const EngineOptions& options,
                                                     const fold::Projection* projection,
                                                     const Clock* clock) {
  if (options.read_structured != nullptr) event::SetStructuredReader(options.read_structured);
  std::unique_ptr<Engine> engine(new Engine(options, projection, clock));
  ASSIGN_OR_RETURN(engine->lock_, DirectoryLock::Take(options.data_directory));
  RETURN_IF_ERROR(engine->OpenKeys());
  RETURN_IF_ERROR(engine->OpenLog());
  engine->ApplyErasures();
  RETURN_IF_ERROR(engine->OpenState());
  engine->log_ends_ = std::make_unique<log::LogEnds>(engine->log_.get());
  engine->publisher_ = std::make_unique<pipeline::Publisher>(
      engine->log_.get(), engine->pipeline_.get(), engine->clock_, engine->keys_.get());
  pipeline::EraserParts eraser;
  eraser.publisher = engine->publisher_.get();
  eraser.pipeline = engine->pipeline_.get();
  eraser.log = engine->log_.get();
  eraser.archive = engine->archive_.get();
  eraser.keys = engine->keys_.get();
  eraser.audit = engine->audit_.get();
  engine->eraser_ = std::make_unique<pipeline::Eraser>(eraser);
  engine->history_ = std::make_unique<history::History>(engine->archive_.get(), projection,
                                                        engine->pipeline_.get());
  engine->relationships_ = std::make_unique<history::RelationshipReader>(
      engine->archive_.get(), projection, engine->pipeline_.get(), engine->history_.get());
  return engine;
}

// Facts answer without keys, so keys that cannot be read stop no start; they say so when asked.
absl::Status Engine::OpenKeys() {
  event::KeyStoreOptions options{options_.keys_directory, options_.wrapping_key_file};
  if (options.directory.empty()) options.directory = options_.data_directory + "/keys";
  if (options.wrapping_key_file.empty()) {
    options.wrapping_key_file = options_.data_directory + "/wrapping.key";
  }
  if (SystemFiles().MakeDirectory(options.directory).ok()) {
    absl::StatusOr<std::unique_ptr<DirectoryLock>> lock = DirectoryLock::Take(options.directory);
    if (absl::IsUnavailable(lock.status())) return lock.status();
    if (lock.ok()) keys_lock_ = *std::move(lock);
  }
  keys_ = event::KeyStore::Open(&SystemFiles(), options, clock_->NowMicros());
  audit_ = event::Audit::Open(&SystemFiles(), options_.data_directory + "/audit.jsonl");
  revealer_ = std::make_unique<event::Revealer>(
      keys_.get(), audit_.get(), [this](const std::string& customer_id, absl::Time deadline) {
        return AwaitErasuresKnown({customer_id}, deadline);
      });
  return absl::OkStatus();
}

void Engine::ApplyErasures() {
  const absl::Status applied = pipeline::ApplyErasures(*archive_, *keys_, clock_->NowMicros());
  // Facts are answered without keys; keys of which it is not known whether they may be used are
  // not.
  if (!applied.ok()) keys_->Close(applied);
}

absl::Status Engine::AwaitErasuresKnown(const std::vector<std::string>& customers,
                                        absl::Time deadline) const {
  const absl::Time until = std::min(deadline, absl::Now() + kKeysPatience);
  for (const std::string& customer : customers) {
    const Partition partition = pipeline_->PartitionOfCustomer(customer);
    RETURN_IF_ERROR(pipeline_->AwaitErasuresKnown(partition, until));
  }
  return absl::OkStatus();
}

// The key store knows whom an alias was ever sealed for; whether it stands is told by what is
// folded.
absl::StatusOr<std::vector<std::string>> Engine::Resolve(absl::string_view alias,
                                                         absl::Time deadline) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> candidates, keys_->Resolve(alias));
  RETURN_IF_ERROR(AwaitErasuresKnown(candidates, deadline));
  std::vector<std::pair<Moment, std::string>> linked;
  for (const std::string& customer : candidates) {
    const absl::StatusOr<event::CustomerKey> key = keys_->Find(customer);
    // Forgotten meanwhile.
    if (absl::IsFailedPrecondition(key.status())) continue;
    RETURN_IF_ERROR(key.status());
    const Hash128 lookup = event::LookupOf(*key, alias);
    const absl::Status read = pipeline_->Read(customer, [&](const store::CustomerView& view) {
      if (const Moment* at = view.aliases->Find(lookup)) linked.emplace_back(*at, customer);
    });
    if (!absl::IsNotFound(read)) RETURN_IF_ERROR(read);
  }
  std::sort(linked.begin(), linked.end(), std::greater<>());
  std::vector<std::string> customers;
  for (auto& [moment, customer] : linked) customers.push_back(std::move(customer));
  return customers;
}

absl::Status Engine::RotateKeysIfDue() {
  RETURN_IF_ERROR(keys_->status());
  const int64_t now_us = clock_->NowMicros();
  if (now_us - keys_->wrapping_key_made_at_us() < kMicrosPerDay) return keys_->CheckRotation();
  return keys_->RotateWrappingKey(now_us);
}

absl::Status Engine::OpenLog() {
  table::TableOptions table_options;
  table_options.wal = true;
  // Blocks are compressed once, by the archive.
  table_options.compress = false;
  table_options.note = options_.alarm;
  const bool kafka = options_.log == EngineOptions::LogKind::kKafka;
  int partitions = options_.partitions;
  LogIdentity identity = NewIdentity();
  if (kafka) {
    log::KafkaOptions kafka_options;
    kafka_options.brokers = options_.brokers;
    kafka_options.topic = options_.topic;
    kafka_options.properties = options_.kafka_properties;
    kafka_options.allow_producer_timestamps = options_.allow_producer_time;
    ASSIGN_OR_RETURN(log_, log::KafkaLog::Open(kafka_options));
    partitions = log_->partitions();
    identity = log_->identity();
  }
  ASSIGN_OR_RETURN(
      archive_table_,
      table::OpenRocksTable(absl::StrCat(options_.data_directory, "/archive"), table_options));
  ASSIGN_OR_RETURN(const int archived, log::Archive::Partitions(*archive_table_));
  if (!kafka && archived > 0) partitions = archived;
  ASSIGN_OR_RETURN(archive_, log::Archive::Open(archive_table_.get(), partitions, identity,
                                                clock_->NowMicros()));
  if (!kafka) {
    log::EmbeddedLogOptions log_options;
    log_options.check_space = [this] { return MayWrite(); };
    log_options.fatal = options_.fatal;
    log_ = log::EmbeddedLog::Start(archive_.get(), *clock_, log_options);
    return absl::OkStatus();
  }
  if (archive_->identity() == identity) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "LOG_CHANGED: ", options_.data_directory, " holds the archive of log ",
      archive_->identity().ToString(), ", but topic ", options_.topic, " at ", options_.brokers,
      " is log ", identity.ToString(), "; correct --brokers and --topic, or use another --data"));
}

absl::Status Engine::OpenState() {
  // One folder per generation: rules or code that fold otherwise begin a new one, which is folded
  // from the archive.
  state_folder_ = std::make_unique<store::StateFolder>(
      absl::StrCat(options_.data_directory, "/state"),
      store::StateFolder::NameOf(projection_->fold_digest()), options_.alarm, options_.start_count);
  RETURN_IF_ERROR(state_folder_->Prepare());
  absl::Status opened = OpenServing();
  // The archive's damage is not the state's.
  const bool state_damaged =
      absl::IsDataLoss(opened) && (absl::StrContains(opened.message(), "STATE_DAMAGED") ||
                                   absl::StrContains(opened.message(), state_folder_->path()));
  if (state_damaged) {
    pipeline_.reset();
    generations_.reset();
    RETURN_IF_ERROR(state_folder_->SetAside(opened));
    opened = OpenServing();
  }
  // An error that is told is no death: only starts that end in the middle count.
  state_folder_->Opened();
  if (opened.ok() && options_.delete_other_states && IsStateWhole()) state_folder_->DeleteOthers();
  return opened;
}

bool Engine::IsStateWhole() const {
  for (Partition partition = 0; partition < archive_->partitions(); ++partition) {
    if (pipeline_->progress(partition).durable < archive_->End(partition).next) return false;
  }
  return true;
}

void Engine::OnStateDamage(const absl::Status& damage) {
  {
    absl::MutexLock lock(&damage_mutex_);
    const bool is_first = state_damage_.ok();
    if (is_first) state_damage_ = damage;
    // Whoever is opening it sees to it.
    if (!state_serves_ || !is_first) return;
  }
  generations_->MarkDamaged(damage);
  // It cannot be folded again while it serves: a new start does that.
  if (options_.fatal) options_.fatal(damage);
}

absl::Status Engine::OpenServing() {
  {
    absl::MutexLock lock(&damage_mutex_);
    state_damage_ = absl::OkStatus();
  }
  store::FolderGenerationsOptions where;
  where.table.note = options_.alarm;
  where.on_damage = [this](const absl::Status& damage) { OnStateDamage(damage); };
  where.has_room = [this](uint64_t bytes) { return disk_guard_->CheckRoom(bytes); };
  generations_ = std::make_unique<store::FolderGenerations>(state_folder_.get(), std::move(where));
  pipeline::PipelineParts parts;
  ASSIGN_OR_RETURN(parts.state, generations_->OpenServing());
  parts.generations = generations_.get();
  parts.log = log_.get();
  parts.archive = archive_.get();
  parts.mirror = options_.log == EngineOptions::LogKind::kKafka;
  parts.projection = projection_;
  parts.rules = &rules_;
  parts.clock = clock_;
  parts.may_write = [this] { return MayWrite(); };
  parts.on_erasure = [this](const std::string& customer_id) {
    // When it fails the key store is closed, and the next start destroys it.
    keys_->Destroy(customer_id, clock_->NowMicros()).IgnoreError();
  };
  parts.echo = options_.echo;
  parts.notes_echoes = options_.notes_echoes;
  parts.fatal = options_.fatal;
  ASSIGN_OR_RETURN(breadcrumbs_,
                   pipeline::Breadcrumbs::Open(
                       absl::StrCat(options_.data_directory, "/breadcrumbs"), log_->partitions()));
  parts.breadcrumbs = breadcrumbs_.get();
  pipeline::PartitionOptions partition = options_.partition;
  partition.memory_bytes = options_.memory_bytes;
  ASSIGN_OR_RETURN(pipeline_, pipeline::Pipeline::Open(parts, partition));
  absl::MutexLock lock(&damage_mutex_);
  state_serves_ = state_damage_.ok();
  return state_damage_;
}

absl::Status Engine::StartRebuild(RefoldCare care) {
  pipeline::RebuildOrder order;
  order.records_per_second = care.records_per_second;
  order.ended = std::move(care.ended);
  return pipeline_->StartRebuild(std::move(order));
}

absl::Status Engine::StartRefold(std::shared_ptr<const fold::Projection> rules,
                                 std::function<absl::Status(const Position&)> agree,
                                 RefoldCare care) {
  if (fold::FoldAlike(*rules, *pipeline_->folds())) {
    return absl::InvalidArgumentError("the rules fold as those that are active");
  }
  pipeline::RebuildOrder order;
  order.records_per_second = care.records_per_second;
  order.ended = std::move(care.ended);
  order.rules = rules;
  order.before_switch = std::move(agree);
  order.after_switch = [this, rules] { rules_.Replace(rules); };
  return pipeline_->StartRebuild(std::move(order));
}

absl::StatusOr<std::shared_ptr<const fold::Projection>> Engine::RulesNamed(
    const std::string& name, const Position& known_at) const {
  if (find_rules_) return find_rules_(name, known_at);
  return absl::NotFoundError("RULES_UNKNOWN: rules: only the active rules are here; name none");
}

// Who has done something since then is read by history in either case.
bool Engine::IsPresent(const history::Viewpoint& viewpoint) const {
  return viewpoint.known_at.next.empty() &&
         viewpoint.as_of_us >= clock_->NowMicros() - kRecentMicros;
}

absl::Status Engine::LimitToDurable(history::Viewpoint& viewpoint) const {
  // What is quarantined is then in the store, too.
  RETURN_IF_ERROR(pipeline_->Checkpoint(viewpoint.deadline));
  const Position durable = pipeline_->Durable();
  for (Partition partition = 0; partition < archive_->partitions(); ++partition) {
    const auto all = durable.next.find(partition);
    const Offset end = all == durable.next.end() ? 0 : all->second;
    Offset& known = viewpoint.known_at.next.try_emplace(partition, end).first->second;
    known = std::min(known, end);
    // An older archive that is being filled up has not all that the state was folded from.
    if (archive_->End(partition).next < known) return log::NotArchivedYet(partition, known - 1);
  }
  viewpoint.known_at.log = archive_->identity();
  return absl::OkStatus();
}

absl::StatusOr<v1::Capsule> Engine::MakeCapsule(const std::string& customer_id,
                                                history::Viewpoint viewpoint,
                                                const capsule::CapsuleOrigin& origin) const {
  RETURN_IF_ERROR(LimitToDurable(viewpoint));
  return capsule::MakeCapsule(
      {archive_.get(), pipeline_.get(), history_.get(), viewpoint.rules.get()}, customer_id,
      viewpoint, origin);
}

absl::StatusOr<std::unique_ptr<history::BaseWalk>> Engine::WalkBase(
    history::Viewpoint viewpoint) const {
  viewpoint = WithRules(std::move(viewpoint));
  history::BaseWalkParts parts{archive_.get(), viewpoint.rules.get(), pipeline_.get(), nullptr};
  parts.quarantine = [this](Partition partition) {
    return pipeline_->Quarantine(partition, /*from=*/0, /*max=*/SIZE_MAX);
  };
  parts.customers = [this](Partition partition) {
    return pipeline_->progress(partition).customers;
  };
  if (!fold::FoldAlike(*pipeline_->folds(), *viewpoint.rules) || !IsPresent(viewpoint)) {
    RETURN_IF_ERROR(LimitToDurable(viewpoint));
  }
  return std::make_unique<history::BaseWalk>(std::move(parts), std::move(viewpoint));
}

absl::Status Engine::MayWrite() const { return disk_guard_->Check(); }

Position Engine::CompleteFrom() const {
  Position complete;
  complete.log = archive_->identity();
  for (Partition partition = 0; partition < archive_->partitions(); ++partition) {
    const Offset from = archive_->End(partition).complete_from;
    if (from > 0) complete.next[partition] = from;
  }
  return complete;
}

Position Engine::CompleteFrom(const Group& group) const {
  Position complete = CompleteFrom();
  std::set<Partition> own;
  for (const std::string& member : group.members) {
    own.insert(log::PartitionOf(member, archive_->partitions()));
  }
  std::erase_if(complete.next, [&own](const auto& entry) { return !own.contains(entry.first); });
  return complete;
}

std::vector<Offset> Engine::LogEnds(absl::Duration patience) const {
  return log_ends_->Ends(patience);
}

pipeline::Lag Engine::TotalLag() const {
  pipeline::Lag total;
  for (const pipeline::Lag& lag : Lags()) {
    total.events += lag.events;
    total.micros = std::max(total.micros, lag.micros);
  }
  return total;
}

}  // namespace rapport
