// Refolder folds one customer anew from the archive: some of its records, in the order of the log,
// judged by today's code, as a rebuild would: first which of them are events of the customer, then
// the facts of those that stand.
//
//   Refolder refolder(parts, &verdicts);
//   ASSIGN_OR_RETURN(Refolded anew, refolder.Refold("ana", offsets));
//
// It changes nothing. It reads the archive at the offsets it is given and nowhere else, so never
// beyond what is applied.
//
// Threads:   one thread. Ownership: borrows everything.
// Errors:    DATA_LOSS when a record cannot be read.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/event/validator.h"
#include "engine/fold/projection.h"
#include "engine/log/archive.h"
#include "engine/pipeline/breadcrumbs.h"
#include "engine/pipeline/folder.h"
#include "engine/pipeline/revised_fold.h"
#include "engine/pipeline/verdicts.h"

namespace rapport::pipeline {

struct RefoldParts {
  Partition partition = 0;
  int partitions = 1;
  const fold::Projection* projection = nullptr;
  log::Archive* archive = nullptr;
  // Told each record before it is looked at; may be null.
  Breadcrumbs* breadcrumbs = nullptr;
};

// What became of one record.
enum class Fate {
  kFolded,
  // Kept for a later version.
  kNotFolded,
  kDuplicate,
  kConflict,
  kRejected,
  // It is good, but another customer's.
  kElsewhere,
};

struct Outcome {
  Offset offset = 0;
  Fate fate = Fate::kRejected;
  // Whether events of its kind are folded, as far as the record tells.
  bool folds = true;
  // Whether it holds a text in clear, where it can be read.
  bool clear_text = false;
  // Whether it is the engine's request to erase its customer.
  bool asks_erasure = false;
  // Of a duplicate: whether every copy of it is one of the event that stands, too. It need not be
  // where one has a text sealed and the other in clear.
  bool is_exact = false;
  EventId id;
};

struct Refolded {
  // Without what only who asked can know: `released`, `asks_erasure` and `change`.
  Replacement anew;
  std::vector<Outcome> outcomes;
};

// One record by itself.
struct Judgement {
  // Whose it is, when it is good.
  std::string name;
  // Else why not, as the quarantine keeps it.
  std::optional<store::QuarantineEntry> entry;
};

// Events that do not stand any more: by name, id -> where each stood.
using Displaced = std::map<EventId, Offset>;
using DisplacedByName = std::map<std::string, Displaced, std::less<>>;

class Refolder {
 public:
  Refolder(const RefoldParts& parts, const Verdicts* verdicts);

  absl::StatusOr<Judgement> Judge(Offset offset);

  // REQUIRES: offsets ascending; each of them was applied.
  absl::StatusOr<Refolded> Refold(absl::string_view name, absl::Span<const Offset> offsets);

  // Where copies of these events stand before `to`, by name. Duplicates leave no other trace than
  // the log, so it is read from the first of the events on: once, for however many names.
  absl::StatusOr<std::map<std::string, std::set<Offset>>> FindCopies(
      const DisplacedByName& displaced, Offset to);

 private:
  struct First {
    Offset offset = 0;
    event::Content content;
  };
  struct Work;

  absl::Status ForEach(absl::Span<const Offset> offsets,
                       absl::FunctionRef<void(const RecordView&)> visit);
  // Checks envelope, or says that a verdict forbids to look.
  std::optional<Rejection> CheckEnvelope(const RecordView& record);
  Outcome Add(const RecordView& record, absl::string_view name, Work& work);
  Outcome Quarantine(const RecordView& record, absl::string_view name, const Rejection& rejection,
                     Work& work);

  const RefoldParts parts_;
  const Verdicts* const verdicts_;
  event::Validator validator_;
  RevisedFold fold_;
};

}  // namespace rapport::pipeline
