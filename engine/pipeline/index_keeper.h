// IndexKeeper keeps one partition's CustomerIndex: who was folded is evaluated anew, who has
// changed by time alone too, and at the start everybody, from the stored facts.
//
//   keeper.AfterBatch(is_behind);        // before what was folded is shown as applied
//   bool more = keeper.Work(is_behind);  // a little of what is left; between batches
//   keeper.Follow(folds, store, table);  // when another generation takes over
//
// Far behind the log's end nothing is evaluated: the table remembers by a mark in each slot who has
// changed, and the index is not ready until they were evaluated once. While it is not ready, who
// asks evaluates everybody.
//
// When other rules answer, what was evaluated by those before is doubted, a slice at a time; the
// index is not ready until all of it was. Facts that were folded by other rules are such, too.
//
// Of whom links are said, the index holds no rows: he may be one with customers of other
// partitions, so who asks evaluates him.
//
// Threads:   the partition's thread; index() from any thread.
// Ownership: borrows all of its parts.
// Errors:    a row that cannot be read leaves the index not ready until another generation takes
//            over; who asks meets the error.
// Never:     blocks folding: a call of Work evaluates a few hundred customers at most.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/fold/active_rules.h"
#include "engine/fold/projection.h"
#include "engine/model/links.h"
#include "engine/store/customer_index.h"
#include "engine/store/resident_table.h"
#include "engine/store/state_store.h"

namespace rapport::pipeline {

class IndexKeeper {
 public:
  IndexKeeper(Partition partition, std::shared_ptr<const fold::Projection> folds,
              const Clock* clock, const store::StateStore* store, store::ResidentTable* table,
              const fold::ActiveRules* active = nullptr);

  // Evaluates who was folded since the last call; far behind only notes that somebody was.
  void AfterBatch(bool is_behind);

  // Does some of what there is to do; true while there is more. Far behind there is nothing.
  bool Work(bool is_behind);

  // Goes on with another generation that holds the same customers, all of them in its store, as
  // `folds` folded them. The one before is not touched any more. REQUIRES: nothing in `table` is
  // dirty; the partition's thread stands still, and the active rules fold as `folds` before it
  // goes on.
  void Follow(std::shared_ptr<const fold::Projection> folds, const store::StateStore* store,
              store::ResidentTable* table);

  const store::CustomerIndex& index() const { return index_; }

 private:
  // The customer of a slot, at this moment.
  void Evaluate(const store::Slot& slot);
  void Evaluate(absl::string_view name, const void* facts, uint32_t touches, const Links& links);
  void WatchTable();
  absl::Status EvaluateRow(absl::string_view name, absl::string_view row);
  void NoteGone(absl::string_view name);
  void NoteClock();
  // Looks which rules answer now.
  void NoteRules();
  void SetRules(std::shared_ptr<const fold::Projection> rules);
  // Each does a part of it; true while there is more.
  bool DoubtOld();
  bool WalkTable();
  bool ScanStore();
  bool EvaluateDue();
  void ShowReady();

  const Partition partition_;
  // For facts, whatever rules they are evaluated by.
  std::shared_ptr<const fold::Projection> folds_;
  // Null: rows are of folds_.
  const fold::ActiveRules* const active_;
  // What rows are of.
  std::shared_ptr<const fold::Projection> rules_;
  const Clock* const clock_;
  // Of the generation that serves.
  const store::StateStore* store_;
  store::ResidentTable* table_;
  store::CustomerIndex index_;
  int64_t now_us_;
  // Who changed was forgotten: the whole table is looked through.
  bool is_walking_ = false;
  size_t hand_ = 0;
  // Everybody in the store, as of when it began; null before and after.
  std::unique_ptr<store::CustomerScan> scan_;
  bool is_scanned_ = false;
  bool has_failed_ = false;
  // Rows of the rules before are still there.
  bool is_doubting_ = false;
};

}  // namespace rapport::pipeline
