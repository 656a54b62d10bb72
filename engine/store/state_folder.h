// StateFolder is where the state of one fold digest and format lies, in one generation or, while it
// is rebuilt, in two; and what is done when it is damaged: it is set aside and a new one is begun,
// which the engine folds again from the archive.
//
//   StateFolder folder(data + "/state", StateFolder::NameOf(fold_digest), alarm);
//   RETURN_IF_ERROR(folder.Prepare());          // what earlier starts said of it is heeded
//   auto table = table::OpenRocksTable(folder.path(), options);
//   if (absl::IsDataLoss(table.status())) RETURN_IF_ERROR(folder.SetAside(table.status()));
//   ...
//   folder.Opened();
//
// Damage that is met later is marked (MarkDamaged), and the next start sets the state aside. A
// start that does not come as far as Opened leaves a count: after three in a row the state is taken
// for what ends the process. So no damage makes it end for ever. Starts that are ended on purpose
// do not count, see StartCount.
//
// On disk: <parent>/<name> the state, its first generation; <parent>/<name>.1, .2 and so on later
// ones; <parent>/<name>.current which of them serves (none: the first); <parent>/<name>.opening and
// .damaged the marks; <parent>/damaged the last state that was set aside, for whoever wants to
// look. Generations that do not serve are left over from a process that ended, and are deleted at
// the next start. Everything else in <parent> is of other rules or formats: kept until somebody
// says that this one has taken their place.
//
// Threads:   MarkDamaged from any thread; the rest from one.
// Errors:    INTERNAL when the folder cannot be moved, or a mark or the pointer not be written.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/store/generation_pointer.h"
#include "engine/store/start_count.h"

namespace rapport::store {

// Told what an operator should know, `CAUSE: what happened and what is done about it`.
using Alarm = std::function<void(const std::string&)>;

class StateFolder {
 public:
  // `alarm` may be empty; `start_count` is given by who may end this start on purpose.
  StateFolder(std::string parent, std::string name, Alarm alarm,
              std::shared_ptr<StartCount> start_count = nullptr);

  // The name of what is folded by those rules, in today's format.
  static std::string NameOf(absl::string_view fold_digest);
  const std::string& name() const { return name_; }
  // Another one in the same place.
  std::unique_ptr<StateFolder> Beside(std::string name) const;

  // Of the generation that serves.
  std::string path() const { return PathOf(serves_); }

  // Learns which generation serves, deletes the others, sets a damaged state aside, and counts this
  // start.
  absl::Status Prepare();

  // Makes ready for a generation of other rules to be built: deletes what is left of earlier ones,
  // and what was said of them, but for the folders that are `open`. REQUIRES: it does not serve.
  absl::Status PrepareBeside(const std::set<std::string>& open);

  // Where the next generation is built; there is nothing yet.
  absl::StatusOr<std::string> PrepareNext();
  // From now on the next generation serves: durable when it returns. After an error nobody knows
  // which one the next start opens.
  absl::Status SwitchToNext();

  // Deletes the states of other rules and formats. REQUIRES: this one is whole.
  void DeleteOthers();

  // The state is open: starts are not counted any more.
  void Opened();

  // Moves the state away and says so. REQUIRES: its table is closed.
  absl::Status SetAside(const absl::Status& why);

  // Makes the next start set the state aside.
  void MarkDamaged(const absl::Status& why);

 private:
  std::string PathOf(int64_t generation) const;
  // Its generation, or -1 when `name` is no name of one.
  int64_t GenerationOf(const std::string& name) const;
  // Of this name, in no order.
  std::vector<int64_t> Generations() const;
  absl::Status FindServing();
  std::string DamagedMark() const { return base_ + ".damaged"; }
  std::string OpeningMark() const;
  absl::Status CountStart();

  const std::string parent_;
  const std::string name_;
  const std::string base_;
  GenerationPointer pointer_;
  int64_t serves_ = 0;
  const Alarm alarm_;
  const std::shared_ptr<StartCount> start_count_;
};

}  // namespace rapport::store
