#include "engine/pipeline/pipeline.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "engine/base/check.h"
#include "engine/base/coding.h"
#include "engine/base/status_macros.h"
#include "engine/fold/facts_memory.h"
#include "engine/log/partitioner.h"
#include "engine/store/keys.h"

namespace rapport::pipeline {
namespace {

// The embedded log has lost events that were acknowledged.
absl::Status ArchiveTooShort(Partition partition, Offset end, Offset next) {
  return absl::DataLossError(absl::StrCat(
      "ARCHIVE_DAMAGED: partition ", partition, ": the archive ends at ", end,
      ", but events up to ", next,
      " were folded: those between are gone from the log. Restore the folder `archive` from its "
      "newest backup; do not delete `state`, it is all that knows of them"));
}

int Cores() { return static_cast<int>(std::thread::hardware_concurrency()); }

absl::Status CustomerUnknown(absl::string_view customer_id) {
  return absl::NotFoundError(absl::StrCat("CUSTOMER_UNKNOWN: nothing is known of customer ",
                                          customer_id,
                                          "; check the id, or publish its first event"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Pipeline>> Pipeline::Open(const PipelineParts& parts,
                                                         const PartitionOptions& options) {
  const int partitions = parts.log->partitions();
  ASSIGN_OR_RETURN(auto store, store::StateStore::Open(parts.state,
                                                       {parts.archive->identity(), partitions,
                                                        parts.projection->fold_digest()},
                                                       options.ingest_rows_min));
  const std::shared_ptr<const fold::Projection> folds(std::shared_ptr<void>(), parts.projection);
  const auto state =
      std::make_shared<StateGeneration>(std::move(store), parts.state, parts.generations, folds);
  std::unique_ptr<Pipeline> pipeline(new Pipeline(parts, &state->store()));
  ASSIGN_OR_RETURN(std::vector<Verdicts> verdicts, Verdicts::Load(*parts.archive));
  for (Partition partition = 0; partition < partitions; ++partition) {
    ASSIGN_OR_RETURN(const store::PartitionState at, state->store().Load(partition));
    // What the archive does not hold any more, the task fills up from the log.
    const log::ArchiveEnd end = parts.archive->End(partition);
    absl::Status fits;
    if (end.next >= at.next) {
      const absl::StatusOr<log::Chain> chain = parts.archive->ChainAt(partition, at.next);
      if (!chain.ok() || *chain != at.chain) fits = HistoriesDiffer(partition, at.next);
    } else if (!parts.mirror) {
      fits = ArchiveTooShort(partition, end.next, at.next);
    }
    PartitionParts own;
    own.partition = partition;
    own.partitions = partitions;
    own.log = parts.log;
    own.archive = parts.archive;
    own.mirror = parts.mirror;
    own.is_whole = !parts.mirror && fits.ok();
    own.state = state;
    own.committer = pipeline->committer_.get();
    own.rules = parts.rules;
    own.progress = &pipeline->progress_;
    own.durations = &pipeline->durations_;
    own.clock = parts.clock;
    own.may_write = parts.may_write;
    own.on_erasure = parts.on_erasure;
    own.echo = parts.echo;
    own.notes_echoes = parts.echo || parts.notes_echoes;
    own.fatal = parts.fatal;
    own.breadcrumbs = parts.breadcrumbs;
    own.verdicts = std::move(verdicts[static_cast<size_t>(partition)]);
    RETURN_IF_ERROR(pipeline->JudgeDeaths(partition, at.next, own.verdicts));
    PartitionOptions share = options;
    share.memory_bytes = options.memory_bytes / static_cast<size_t>(partitions);
    pipeline->runners_.push_back(std::make_unique<PartitionRunner>(own, share, at));
    RETURN_IF_ERROR(pipeline->runners_.back()->task().OpenEcho());
    if (!fits.ok()) pipeline->runners_.back()->task().Halt(fits);
  }
  pipeline->MakeRebuilder(options);
  if (!parts.threads) return pipeline;
  pipeline->committer_->Start(std::clamp(Cores(), 1, partitions));
  for (const auto& runner : pipeline->runners_) runner->Start();
  return pipeline;
}

absl::Status Pipeline::JudgeDeaths(Partition partition, Offset next, Verdicts& verdicts) const {
  if (parts_.breadcrumbs == nullptr) return absl::OkStatus();
  const Breadcrumbs::Suspicion suspicion = parts_.breadcrumbs->Of(partition);
  if (suspicion.deaths >= Breadcrumbs::kDeathsMax && suspicion.record >= next &&
      !verdicts.IsCrashed(suspicion.record)) {
    const log::CrashVerdict verdict{partition, suspicion.record, log::CrashVerdict::Kind::kCrashed,
                                    suspicion.deaths, ""};
    RETURN_IF_ERROR(Pronounce(*parts_.archive, verdict, parts_.clock->NowMicros()));
    verdicts.Add(verdict);
  }
  if (suspicion.careful_to <= next) parts_.breadcrumbs->Clear(partition);
  return absl::OkStatus();
}

Pipeline::Pipeline(const PipelineParts& parts, store::StateStore* store)
    : parts_(parts),
      progress_(parts.log->partitions()),
      committer_(std::make_unique<Committer>(store, parts.archive, parts.fatal)) {}

void Pipeline::MakeRebuilder(const PartitionOptions& options) {
  RebuilderParts own;
  own.archive = parts_.archive;
  own.committer = committer_.get();
  own.progress = &progress_;
  own.generations = parts_.generations;
  own.clock = parts_.clock;
  own.may_write = parts_.may_write;
  own.fatal = parts_.fatal;
  for (const auto& runner : runners_) own.tasks.push_back(&runner->task());
  own.memory_bytes = options.memory_bytes / 2 / runners_.size();
  own.ingest_rows_min = options.ingest_rows_min;
  own.threads = parts_.rebuild_threads > 0 ? parts_.rebuild_threads : std::max(1, Cores() / 2);
  if (!parts_.threads) own.threads = 0;
  rebuilder_ = std::make_unique<Rebuilder>(std::move(own));
}

Pipeline::~Pipeline() {
  rebuilder_.reset();
  if (parts_.threads) {
    // All at once: their last cuts go into one commit.
    for (const auto& runner : runners_) runner->BeginStop();
    for (const auto& runner : runners_) runner->Stop();
    // Also of partitions that have nothing to commit. What cannot be written now is read from the
    // log again.
    if (parts_.mirror) (void)parts_.archive->Sync();
  }
  // Its last callbacks touch the runners.
  committer_.reset();
}

store::EventCounters Pipeline::counters() const {
  store::EventCounters sum;
  for (const auto& runner : runners_) sum += runner->task().counters();
  return sum;
}

std::map<Reason, int64_t> Pipeline::quarantined() const {
  std::map<Reason, int64_t> sum;
  for (const auto& runner : runners_) {
    for (const auto& [reason, records] : runner->task().quarantined()) sum[reason] += records;
  }
  return sum;
}

Partition Pipeline::PartitionOfCustomer(absl::string_view customer_id) const {
  return log::PartitionOf(customer_id, partitions());
}

absl::Status Pipeline::Read(absl::string_view customer_id,
                            absl::FunctionRef<void(const store::CustomerView&)> visit) const {
  if (customer_id.empty() || store::IsAnonymous(customer_id)) return CustomerUnknown(customer_id);
  const Partition partition = PartitionOfCustomer(customer_id);
  const auto generation = GenerationOf(partition);
  const fold::Projection& projection = generation->folder.projection();
  bool known = false;
  const auto visit_slot = [&](const store::Slot& slot) {
    known = slot.touches.size() > 0;
    if (!known) return;
    visit({slot.facts(), &projection, slot.quarantined, slot.touches.size(), slot.folded_to,
           !slot.touches.revisions().empty(), &slot.links, &slot.aliases});
  };
  if (generation->folder.table().ReadSlot(customer_id, visit_slot)) {
    return known ? absl::OkStatus() : CustomerUnknown(customer_id);
  }
  const std::vector<std::string> names = {std::string(customer_id)};
  const auto rows = generation->state->store().ReadCustomers(partition, names);
  if (absl::IsNotFound(rows[0].status())) return CustomerUnknown(customer_id);
  RETURN_IF_ERROR(rows[0].status());
  ASSIGN_OR_RETURN(const store::CustomerRow row, store::CustomerRow::Parse(*rows[0]));
  if (row.touches() == 0) return CustomerUnknown(customer_id);
  fold::FactsMemory facts(projection);
  RETURN_IF_ERROR(projection.Decode(row.facts, facts.get()));
  Links links;
  RAPPORT_CHECK(Links::Decode(row.links, links)) << "a row that was checked";
  Aliases aliases;
  RAPPORT_CHECK(Aliases::Decode(row.aliases, aliases)) << "a row that was checked";
  visit({facts.get(), &projection, row.quarantined, row.touches(), row.folded_to,
         !row.revisions.empty(), &links, &aliases});
  return absl::OkStatus();
}

absl::StatusOr<std::vector<store::Touch>> Pipeline::TouchesOf(Partition partition,
                                                              absl::string_view name) const {
  const auto generation = GenerationOf(partition);
  const store::ResidentTable& table = generation->folder.table();
  while (true) {
    const uint64_t replaced = table.replaced();
    absl::StatusOr<std::vector<store::Touch>> touches = ReadTouches(*generation, partition, name);
    // Beside a customer that is folded anew a list may be of before and after, and what is missing
    // there is no damage: errors are believed only when nobody was.
    if (table.replaced() == replaced) return touches;
  }
}

absl::StatusOr<std::vector<store::Touch>> Pipeline::ReadTouches(
    const PartitionGeneration& generation, Partition partition, absl::string_view name) const {
  const store::StateStore& store = generation.state->store();
  uint32_t rows_count = 0;
  std::vector<std::string> resident;
  const bool found = generation.folder.table().ReadSlot(name, [&](const store::Slot& slot) {
    rows_count = slot.touches.first_unsaved();
    resident = slot.touches.unsaved();
    resident.emplace_back(slot.touches.tail());
  });
  if (!found) {
    const std::vector<std::string> names = {std::string(name)};
    const auto rows = store.ReadCustomers(partition, names);
    if (absl::IsNotFound(rows[0].status())) return std::vector<store::Touch>();
    RETURN_IF_ERROR(rows[0].status());
    ASSIGN_OR_RETURN(const store::CustomerRow row, store::CustomerRow::Parse(*rows[0]));
    rows_count = row.chunks;
    resident = {std::string(row.tail)};
  }
  ASSIGN_OR_RETURN(std::vector<store::Touch> touches,
                   store.ReadChunks(partition, name, rows_count));
  for (const std::string& chunk : resident) {
    RAPPORT_CHECK(store::DecodeTouches(chunk, touches)) << "partition " << partition;
  }
  if (const store::Touch* back = store::FirstGoingBack(touches)) {
    return log::OfAnotherHistory(partition, back->offset, name);
  }
  return touches;
}

absl::StatusOr<std::vector<store::Touch>> Pipeline::Touches(absl::string_view customer_id) const {
  ASSIGN_OR_RETURN(std::vector<store::Touch> touches,
                   TouchesOf(PartitionOfCustomer(customer_id), customer_id));
  if (customer_id.empty() || store::IsAnonymous(customer_id) || touches.empty())
    return CustomerUnknown(customer_id);
  return touches;
}

absl::StatusOr<std::vector<std::string>> Pipeline::CustomerIds() const {
  std::vector<std::string> ids;
  for (Partition partition = 0; partition < partitions(); ++partition) {
    RETURN_IF_ERROR(AddCustomerIds(partition, ids));
  }
  return ids;
}

absl::Status Pipeline::AddCustomerIds(Partition partition, std::vector<std::string>& ids) const {
  const auto generation = GenerationOf(partition);
  const store::ResidentTable& table = generation->folder.table();
  // Residents first: a slot is evicted only when its row is in the store.
  absl::flat_hash_set<std::string> seen;
  for (std::string& name : table.Names()) {
    bool known = false;
    const bool resident =
        table.ReadSlot(name, [&](const store::Slot& slot) { known = slot.touches.size() > 0; });
    if (!resident) continue;
    if (known && !store::IsAnonymous(name)) ids.push_back(name);
    seen.insert(std::move(name));
  }
  absl::Status failed;
  const auto add = [&](absl::string_view name, absl::string_view bytes) {
    if (store::IsAnonymous(name) || seen.contains(name)) return true;
    const absl::StatusOr<store::CustomerRow> row = store::CustomerRow::Parse(bytes);
    failed = row.status();
    if (failed.ok() && row->touches() > 0) ids.emplace_back(name);
    return failed.ok();
  };
  RETURN_IF_ERROR(generation->state->store().ForEachCustomer(partition, add));
  return failed;
}

absl::StatusOr<store::IndexSight> Pipeline::ReadIndex(int64_t as_of_us, size_t limit,
                                                      store::WantsRows wants,
                                                      std::string rules) const {
  if (rules.empty()) {
    rules = parts_.rules != nullptr ? parts_.rules->Get()->digest() : folds()->digest();
  }
  store::IndexSight sight;
  for (Partition partition = 0; partition < partitions(); ++partition) {
    const store::CustomerIndex& index = runner(partition).task().index();
    if (index.Read(as_of_us, limit, wants, sight, rules)) continue;
    RETURN_IF_ERROR(AddCustomerIds(partition, sight.unsure));
  }
  return sight;
}

int Pipeline::IndexesReady() const {
  int ready = 0;
  for (const auto& runner : runners_) ready += runner->task().index().ready();
  return ready;
}

int64_t Pipeline::IndexRowsOf(const std::string& name) const {
  size_t rows = 0;
  for (const auto& runner : runners_) rows += runner->task().index().RowsOf(name);
  return static_cast<int64_t>(rows);
}

size_t Pipeline::IndexBytes() const {
  size_t bytes = 0;
  for (const auto& runner : runners_) bytes += runner->task().index().MemoryBytes();
  return bytes;
}

absl::StatusOr<Earlier> Pipeline::FindEarlier(const ValidEvent& event,
                                              event::Validator& scratch) const {
  const std::string name =
      event.customer_id.empty() ? store::AnonymousName(event.id) : std::string(event.customer_id);
  bool greatest = false;
  const bool resident =
      GenerationOf(event.partition)->folder.table().ReadSlot(name, [&](const store::Slot& slot) {
        greatest = slot.touches.size() == 0 || event.id > slot.greatest_id ||
                   (slot.touches.AllTagsResident() && !slot.touches.HasTag(event.id.Tag()));
      });
  if (resident && greatest) return Earlier{};
  ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, TouchesOf(event.partition, name));
  return pipeline::FindEarlier(event, touches, *parts_.archive, scratch);
}

absl::StatusOr<FoundEvent> Pipeline::FindEvent(absl::string_view customer_id,
                                               const EventId& id) const {
  ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, Touches(customer_id));
  event::Validator validator(event::ValidatorOptions{});
  for (const store::Touch& touch : touches) {
    if (touch.tag != id.Tag()) continue;
    const Partition partition = PartitionOfCustomer(customer_id);
    const Offset end = parts_.archive->End(partition).next;
    const absl::StatusOr<RecordBatch> batch = parts_.archive->Read(partition, touch.offset);
    if (absl::IsNotFound(batch.status())) {
      return log::NotWhereFolded(partition, touch.offset, end, customer_id);
    }
    RETURN_IF_ERROR(batch.status());
    const RecordView& record = batch->records.at(0);
    const bool is_good = !validator.CheckEnvelope(record).has_value();
    if (!is_good || validator.event().customer_id != customer_id ||
        validator.event().id.Tag() != touch.tag) {
      return log::OfAnotherHistory(partition, touch.offset, customer_id);
    }
    if (validator.event().id != id) continue;
    return FoundEvent{validator.envelope(), record.offset, record.append_time_us};
  }
  return absl::NotFoundError(
      absl::StrCat("EVENT_UNKNOWN: customer ", customer_id, " has no such event; check the id"));
}

absl::Status Pipeline::Checkpoint(absl::Time deadline) {
  const Position applied = Applied();
  const bool reached = progress_.WaitUntil(deadline, [&](const auto& partitions) {
    bool all = true;
    for (const auto& [partition, next] : applied.next) {
      if (partitions[static_cast<size_t>(partition)].durable >= next) continue;
      runner(partition).task().RequestCheckpoint();
      all = false;
    }
    return all;
  });
  if (reached) return absl::OkStatus();
  return absl::DeadlineExceededError("the checkpoint is not done yet; try again");
}

absl::Status Pipeline::Order(Partition partition, std::function<absl::Status(PartitionTask&)> deed,
                             absl::Time deadline) {
  if (partition < 0 || partition >= partitions()) {
    return absl::InvalidArgumentError(absl::StrCat("FIELD_INVALID: partition: there is no ",
                                                   partition, ", the log has ", partitions()));
  }
  PartitionTask& task = runner(partition).task();
  if (!parts_.threads) return deed(task);
  struct Answer {
    absl::Notification is_done;
    absl::Status status;
  };
  const auto answer = std::make_shared<Answer>();
  task.Post([answer, &task, deed = std::move(deed)] {
    answer->status = deed(task);
    answer->is_done.Notify();
  });
  if (answer->is_done.WaitForNotificationWithDeadline(deadline)) return answer->status;
  return absl::DeadlineExceededError(
      absl::StrCat("NOT_READY: partition ", partition,
                   " is busy; it may still be done, look with rapport status"));
}

absl::StatusOr<log::AcceptedGap> Pipeline::AcceptLoss(Partition partition,
                                                      const std::string& reason,
                                                      absl::Time deadline) {
  const auto gap = std::make_shared<log::AcceptedGap>();
  RETURN_IF_ERROR(Order(
      partition,
      [gap, reason](PartitionTask& task) {
        ASSIGN_OR_RETURN(*gap, task.AcceptLoss(reason));
        return absl::OkStatus();
      },
      deadline));
  return *gap;
}

absl::StatusOr<RetryOutcome> Pipeline::RetryQuarantine(Partition partition,
                                                       const RetryFilter& filter,
                                                       const std::string& caller,
                                                       absl::Time deadline) {
  const auto outcome = std::make_shared<RetryOutcome>();
  RETURN_IF_ERROR(Order(
      partition,
      [outcome, filter, caller](PartitionTask& task) {
        ASSIGN_OR_RETURN(*outcome, task.RetryQuarantine(filter, caller));
        return absl::OkStatus();
      },
      deadline));
  return *outcome;
}

absl::StatusOr<Digests> Pipeline::Digest(
    Partition partition, absl::FunctionRef<void(absl::string_view, const SetDigest&)> visit) const {
  const auto generation = GenerationOf(partition);
  const fold::Projection& projection = generation->folder.projection();
  Digests digests;
  digests.folds = generation->state->folds();
  absl::Status failed;
  std::string plain;
  const auto add = [&](absl::string_view name, absl::string_view bytes) {
    const absl::StatusOr<store::CustomerRow> row = store::CustomerRow::Parse(bytes);
    failed = row.status();
    if (!failed.ok()) return false;
    digests.state.Add({name, bytes});
    if (store::IsAnonymous(name) || row->touches() == 0) return true;
    fold::FactsMemory facts(projection);
    failed = projection.Decode(row->facts, facts.get());
    if (!failed.ok()) return false;
    plain.clear();
    projection.Encode(facts.get(), /*with_offsets=*/false, plain);
    SetDigest one;
    one.Add({name, plain});
    digests.facts.Add(one);
    ++digests.customers;
    visit(name, one);
    return true;
  };
  std::vector<store::QuarantineEntry> quarantine;
  ASSIGN_OR_RETURN(const store::PartitionState state,
                   generation->state->store().Snapshot(partition, add, quarantine, digests.state));
  RETURN_IF_ERROR(failed);
  for (const store::QuarantineEntry& entry : quarantine) {
    digests.state.Add(
        {"quarantine", absl::StrCat(entry.offset), ReasonName(entry.rejection.reason)});
  }
  digests.state.Add(
      {"position", absl::StrCat(partition, "@", state.next), absl::StrCat(state.chain)});
  digests.next = state.next;
  return digests;
}

size_t Pipeline::MemoryBytes() const {
  size_t bytes = 0;
  for (const auto& runner : runners_) {
    bytes += runner->task().generation()->folder.table().MemoryBytes();
  }
  return bytes;
}

}  // namespace rapport::pipeline
