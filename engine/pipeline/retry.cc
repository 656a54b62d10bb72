#include "engine/pipeline/retry.h"

#include <cstdint>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/pipeline/quarantine.h"
#include "engine/store/keys.h"

namespace rapport::pipeline {
namespace {

bool IsQuarantined(Fate fate) { return fate == Fate::kConflict || fate == Fate::kRejected; }

// Whether the record is one of its customer's events.
bool Stands(Fate fate) { return fate == Fate::kFolded || fate == Fate::kNotFolded; }

// Adds `by` to the counters that a record is in when this is its fate.
void Count(Fate fate, const Outcome& outcome, bool anonymous, int64_t by,
           store::EventCounters& counters) {
  if (Stands(fate)) counters.clear_text += outcome.clear_text ? by : 0;
  switch (fate) {
    case Fate::kFolded:
      counters.folded += by;
      counters.anonymous += anonymous ? by : 0;
      break;
    case Fate::kNotFolded:
      counters.not_folded += by;
      break;
    case Fate::kDuplicate:
      counters.duplicates += by;
      break;
    case Fate::kConflict:
      counters.conflicts += by;
      break;
    case Fate::kRejected:
      counters.rejected += by;
      break;
    case Fate::kElsewhere:
      break;
  }
}

}  // namespace

RetryOutcome& RetryOutcome::operator+=(const RetryOutcome& other) {
  judged += other.judged;
  released += other.released;
  customers += other.customers;
  return *this;
}

QuarantineRetry::QuarantineRetry(const RefoldParts& parts, const store::StateStore* store,
                                 Folder* folder, Fatal fatal)
    : parts_(parts),
      store_(store),
      folder_(folder),
      fatal_(std::move(fatal)),
      verdicts_(folder->verdicts()),
      refolder_(parts, &verdicts_) {}

absl::StatusOr<RetryOutcome> QuarantineRetry::Run(const RetryFilter& filter,
                                                  const std::string& caller, int64_t now_us) {
  RETURN_IF_ERROR(Select(filter));
  RETURN_IF_ERROR(Judge());
  RETURN_IF_ERROR(RefoldAll());
  RetryOutcome outcome;
  outcome.judged = static_cast<int64_t>(selected_.size());
  outcome.customers = static_cast<int64_t>(names_.size());
  for (const auto& [name, anew] : anew_) {
    for (const Offset offset : anew.released) outcome.released += selected_.contains(offset);
  }
  // Only now that nothing of it has ended the process.
  RETURN_IF_ERROR(Release(caller, now_us));
  for (auto& [name, anew] : anew_) {
    RETURN_IF_ERROR(folder_->Replace(name, std::move(anew)));
  }
  folder_->ReplaceEntries(std::move(loose_));
  return outcome;
}

// What is asked for, and verdicts about it put out of force for the trial.
absl::Status QuarantineRetry::Select(const RetryFilter& filter) {
  ASSIGN_OR_RETURN(std::vector<store::QuarantineEntry> entries,
                   store_->Quarantine(parts_.partition, 0, SIZE_MAX));
  for (store::QuarantineEntry& entry : entries) {
    const bool asked = (!filter.reason.has_value() || *filter.reason == entry.rejection.reason) &&
                       (!filter.offset.has_value() || *filter.offset == entry.offset);
    if (asked) selected_.insert(entry.offset);
    entries_.emplace(entry.offset, std::move(entry));
  }
  for (const Offset offset : selected_) {
    if (!verdicts_.IsCrashed(offset)) continue;
    verdicts_.Add({parts_.partition, offset, log::CrashVerdict::Kind::kReleased});
  }
  return absl::OkStatus();
}

// Whose the selected records are, as far as their judgement is another now.
absl::Status QuarantineRetry::Judge() {
  for (const Offset offset : selected_) {
    const store::QuarantineEntry& old = entries_.at(offset);
    ASSIGN_OR_RETURN(Judgement judgement, refolder_.Judge(offset));
    if (judgement.entry.has_value() && judgement.entry->rejection.reason == old.rejection.reason) {
      continue;
    }
    const std::string was = NameOf(old);
    const std::string is = judgement.entry.has_value() ? NameOf(*judgement.entry) : judgement.name;
    if (!was.empty()) names_.insert(was);
    assigned_[offset] = is;
    if (!is.empty()) {
      names_.insert(is);
    } else {
      loose_.push_back(*std::move(judgement.entry));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::set<Offset>> QuarantineRetry::Candidates(
    const std::string& name, const std::vector<store::Touch>& touches) const {
  std::set<Offset> offsets;
  for (const store::Touch& touch : touches) offsets.insert(touch.offset);
  for (const auto& [offset, entry] : entries_) {
    const auto assigned = assigned_.find(offset);
    const bool is_of_name =
        assigned == assigned_.end() ? NameOf(entry) == name : assigned->second == name;
    if (is_of_name) offsets.insert(offset);
  }
  return offsets;
}

absl::Status QuarantineRetry::RefoldAll() {
  DisplacedByName displaced;
  for (const std::string& name : names_) {
    ASSIGN_OR_RETURN(Displaced events, Refold(name, {}));
    if (!events.empty()) displaced.emplace(name, std::move(events));
  }
  ASSIGN_OR_RETURN(const auto copies, refolder_.FindCopies(displaced, folder_->state().next));
  for (const auto& [name, offsets] : copies) RETURN_IF_ERROR(Refold(name, offsets).status());
  return absl::OkStatus();
}

absl::StatusOr<Displaced> QuarantineRetry::Refold(const std::string& name,
                                                  const std::set<Offset>& copies) {
  ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, folder_->TouchesOf(name));
  std::set<Offset> touched;
  for (const store::Touch& touch : touches) touched.insert(touch.offset);
  ASSIGN_OR_RETURN(std::set<Offset> candidates, Candidates(name, touches));
  candidates.insert(copies.begin(), copies.end());
  ASSIGN_OR_RETURN(
      Refolded refolded,
      refolder_.Refold(name, std::vector<Offset>(candidates.begin(), candidates.end())));
  // An event that loses its place takes its copies with it: they were duplicates of it, and need
  // not be of the one that stands now, unless that says exactly the same.
  Displaced displaced;
  for (const Outcome& outcome : refolded.outcomes) {
    if (!touched.contains(outcome.offset) || Stands(outcome.fate) || outcome.is_exact) continue;
    displaced.emplace(outcome.id, outcome.offset);
  }
  Account(refolded.outcomes, touched, store::IsAnonymous(name), refolded.anew);
  anew_[name] = std::move(refolded.anew);
  return displaced;
}

void QuarantineRetry::Account(absl::Span<const Outcome> outcomes, const std::set<Offset>& touches,
                              bool anonymous, Replacement& anew) const {
  for (const Outcome& outcome : outcomes) {
    if (outcome.fate == Fate::kElsewhere) continue;
    const auto entry = entries_.find(outcome.offset);
    Fate was = Fate::kDuplicate;
    if (touches.contains(outcome.offset)) {
      was = outcome.folds ? Fate::kFolded : Fate::kNotFolded;
    } else if (entry != entries_.end()) {
      const bool conflict = entry->second.rejection.reason == Reason::kEventIdConflict;
      was = conflict ? Fate::kConflict : Fate::kRejected;
      if (!IsQuarantined(outcome.fate)) anew.released.push_back(outcome.offset);
    }
    anew.asks_erasure |= outcome.asks_erasure && Stands(outcome.fate) && !Stands(was);
    Count(was, outcome, anonymous, -1, anew.change);
    Count(outcome.fate, outcome, anonymous, 1, anew.change);
  }
}

// Takes back, in the archive, the verdicts about the selected records.
absl::Status QuarantineRetry::Release(const std::string& caller, int64_t now_us) {
  for (const Offset offset : selected_) {
    if (!folder_->verdicts().IsCrashed(offset)) continue;
    const log::CrashVerdict verdict{parts_.partition, offset, log::CrashVerdict::Kind::kReleased,
                                    folder_->verdicts().crashed().at(offset), caller};
    // Else the next start would take the old deaths for a new reason. Before the release: a crash
    // in between leaves the record set aside.
    if (parts_.breadcrumbs != nullptr) parts_.breadcrumbs->Forgive(parts_.partition, offset);
    const absl::Status released = Pronounce(*parts_.archive, verdict, now_us);
    if (!released.ok()) fatal_(released);
    RETURN_IF_ERROR(released);
    folder_->verdicts().Add(verdict);
  }
  return absl::OkStatus();
}

}  // namespace rapport::pipeline
