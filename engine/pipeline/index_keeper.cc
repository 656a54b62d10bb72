#include "engine/pipeline/index_keeper.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/fold/facts_memory.h"
#include "engine/store/customer_row.h"
#include "engine/store/keys.h"

namespace rapport::pipeline {
namespace {

// So many customers are evaluated in a row: a millisecond, about.
constexpr size_t kSlice = 256;
// So many places of the table, and rows of the store that need no evaluation, are passed.
constexpr size_t kSlicePlaces = 16'384;
// A clock that goes back by more may have been far ahead: what was evaluated then helps nobody.
constexpr int64_t kClockStepMaxUs = 60'000'000;

}  // namespace

IndexKeeper::IndexKeeper(Partition partition, std::shared_ptr<const fold::Projection> folds,
                         const Clock* clock, const store::StateStore* store,
                         store::ResidentTable* table, const fold::ActiveRules* active)
    : partition_(partition),
      folds_(std::move(folds)),
      active_(active),
      rules_(active != nullptr ? active->Get() : folds_),
      clock_(clock),
      store_(store),
      table_(table),
      now_us_(clock->NowMicros()) {
  index_.SetRules(rules_->digest());
  WatchTable();
}

void IndexKeeper::WatchTable() {
  table_->Watch([this](absl::string_view name) { NoteGone(name); });
}

// Where facts are the same on both sides, what was evaluated holds. Who was not evaluated since he
// changed is evaluated from the other generation, in which nobody is marked.
void IndexKeeper::Follow(std::shared_ptr<const fold::Projection> folds,
                         const store::StateStore* store, store::ResidentTable* table) {
  table_->ForgetUnseen();
  std::vector<store::Slot*> changed;
  size_t hand = 0;
  table_->WalkUnseen(SIZE_MAX, SIZE_MAX, hand, changed);
  for (const store::Slot* slot : changed) {
    if (!store::IsAnonymous(slot->name())) index_.PutUnsure(slot->name());
  }
  table_->Watch(nullptr);
  is_walking_ = false;
  has_failed_ = false;
  // It begins again and passes whom the index has by now.
  scan_.reset();
  store_ = store;
  table_ = table;
  folds_ = std::move(folds);
  if (active_ == nullptr) SetRules(folds_);
  WatchTable();
}

// Before the store is scanned, the scan will find the row of whom the index does not have yet.
void IndexKeeper::NoteGone(absl::string_view name) {
  if (scan_ == nullptr && !is_scanned_ && !index_.Contains(name)) return;
  if (!store::IsAnonymous(name)) index_.PutUnsure(name);
}

void IndexKeeper::Evaluate(const store::Slot& slot) {
  Evaluate(slot.name(), slot.facts(), slot.touches.size(), slot.links);
}

void IndexKeeper::Evaluate(absl::string_view name, const void* facts, uint32_t touches,
                           const Links& links) {
  if (store::IsAnonymous(name)) return;
  // What is scanned may hold a row of his from before: he stays until the scan has passed.
  if (touches == 0) return scan_ == nullptr ? index_.Remove(name) : index_.PutUnsure(name);
  // Time changes no links; when records do, he is evaluated anew.
  if (!links.all().empty()) return index_.PutUnsure(name, INT64_MAX);
  // What has not happened yet is not known of him at this moment; the past is the reader's matter.
  const int64_t newest_us = folds_->NewestAt(facts);
  if (newest_us > now_us_) return index_.PutUnsure(name, newest_us);
  IndexRows rows;
  rules_->Index(name, facts, now_us_, rows);
  if (rows.drift) return index_.PutUnsure(name, rows.changes_at_us);
  index_.Put(name, rows, now_us_);
}

absl::Status IndexKeeper::EvaluateRow(absl::string_view name, absl::string_view bytes) {
  ASSIGN_OR_RETURN(const store::CustomerRow row, store::CustomerRow::Parse(bytes));
  fold::FactsMemory facts(*folds_);
  RETURN_IF_ERROR(folds_->Decode(row.facts, facts.get()));
  Links links;
  RAPPORT_CHECK(Links::Decode(row.links, links)) << "a row that was checked";
  Evaluate(name, facts.get(), row.touches(), links);
  return absl::OkStatus();
}

void IndexKeeper::NoteClock() {
  const int64_t now_us = clock_->NowMicros();
  if (now_us < now_us_ - kClockStepMaxUs) index_.Doubt();
  now_us_ = now_us;
}

void IndexKeeper::NoteRules() {
  if (active_ == nullptr) return;
  std::shared_ptr<const fold::Projection> rules = active_->Get();
  if (rules != rules_) SetRules(std::move(rules));
}

void IndexKeeper::SetRules(std::shared_ptr<const fold::Projection> rules) {
  const bool is_same = rules->digest() == rules_->digest();
  rules_ = std::move(rules);
  if (is_same) return;
  index_.SetRules(rules_->digest());
  is_doubting_ = true;
}

bool IndexKeeper::DoubtOld() {
  if (!is_doubting_) return false;
  is_doubting_ = index_.DoubtSome(kSlicePlaces);
  return true;
}

void IndexKeeper::AfterBatch(bool is_behind) {
  NoteRules();
  if (is_behind) {
    table_->ForgetUnseen();
    is_walking_ = true;
    // A scan would keep old rows on disk for as long as catching up takes; it begins anew.
    scan_.reset();
    return ShowReady();
  }
  NoteClock();
  for (const store::Slot* slot : table_->TakeUnseen()) Evaluate(*slot);
}

bool IndexKeeper::Work(bool is_behind) {
  if (is_behind || has_failed_) return false;
  NoteClock();
  NoteRules();
  // What was folded anew between two batches.
  for (const store::Slot* slot : table_->TakeUnseen()) Evaluate(*slot);
  const bool more = DoubtOld() || WalkTable() || ScanStore() || EvaluateDue();
  ShowReady();
  return more && !has_failed_;
}

void IndexKeeper::ShowReady() {
  const bool ready = is_scanned_ && !is_walking_ && !is_doubting_ && !has_failed_;
  if (index_.ready() != ready) index_.SetReady(ready);
}

bool IndexKeeper::WalkTable() {
  if (!is_walking_) return false;
  std::vector<store::Slot*> found;
  is_walking_ = table_->WalkUnseen(kSlicePlaces, kSlice, hand_, found);
  for (const store::Slot* slot : found) Evaluate(*slot);
  return is_walking_;
}

bool IndexKeeper::ScanStore() {
  if (is_scanned_) return false;
  if (scan_ == nullptr) scan_ = store_->ScanCustomers(partition_);
  size_t evaluated = 0;
  absl::Status status;
  for (size_t i = 0; i < kSlicePlaces && evaluated < kSlice && scan_->Valid(); ++i, scan_->Next()) {
    const absl::string_view name = scan_->name();
    if (store::IsAnonymous(name) || index_.Contains(name)) continue;
    ++evaluated;
    // Whoever is resident may be ahead of his row.
    const store::Slot* slot = table_->Find(name, store::ResidentTable::Hash(name));
    if (slot != nullptr) {
      Evaluate(*slot);
    } else {
      status = EvaluateRow(name, scan_->row());
      if (!status.ok()) break;
    }
  }
  if (status.ok() && scan_->Valid()) return true;
  if (status.ok()) status = scan_->status();
  scan_.reset();
  has_failed_ = !status.ok();
  is_scanned_ = status.ok();
  return true;
}

bool IndexKeeper::EvaluateDue() {
  std::vector<std::string> due = index_.Due(now_us_, kSlice);
  const bool more = due.size() == kSlice;
  std::vector<std::string> stored;
  for (std::string& name : due) {
    const store::Slot* slot = table_->Find(name, store::ResidentTable::Hash(name));
    slot != nullptr ? Evaluate(*slot) : stored.push_back(std::move(name));
  }
  std::sort(stored.begin(), stored.end());
  const auto rows = store_->ReadCustomers(partition_, stored);
  for (size_t i = 0; i < stored.size(); ++i) {
    if (absl::IsNotFound(rows[i].status())) {
      index_.Remove(stored[i]);
      continue;
    }
    const absl::Status evaluated =
        rows[i].ok() ? EvaluateRow(stored[i], *rows[i]) : rows[i].status();
    has_failed_ = has_failed_ || !evaluated.ok();
  }
  return more;
}

}  // namespace rapport::pipeline
