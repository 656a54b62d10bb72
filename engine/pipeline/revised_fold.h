// RevisedFold folds one customer anew from the archive: of the customer's events those that stand,
// corrected ones as their corrections say.
//
//   RevisedFold fold(partition, projection, archive, nullptr);
//   ASSIGN_OR_RETURN(auto folded, fold.Fold(slot.name(), touches, slot.touches.revisions()));
//
// Retractions and corrections are read first, by their notes; then all events, in the order of the
// log, some at a time. So memory grows with the number of revisions and never with that of events.
//
// Threads:   one thread. Ownership: borrows everything.
// Errors:    DATA_LOSS when a record cannot be read, or is not the one that was folded; UNAVAILABLE
//            when it is not archived again yet.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/event/revision.h"
#include "engine/event/validator.h"
#include "engine/fold/projection.h"
#include "engine/log/archive.h"
#include "engine/model/aliases.h"
#include "engine/model/links.h"
#include "engine/pipeline/breadcrumbs.h"
#include "engine/store/touch_list.h"

namespace rapport::pipeline {

// Whether events of this kind count as folded: what the projection folds, and what says how other
// events are folded. Others are kept for a later version.
bool CountsAsFolded(const fold::Projection& projection, v1::Kind kind);

// Calls `visit` with the records at `offsets` of one partition, one after the other, each noted in
// `breadcrumbs` unless that is null. REQUIRES: offsets ascending.
absl::Status ForEachRecord(log::Archive& archive, Partition partition,
                           absl::Span<const Offset> offsets, Breadcrumbs* breadcrumbs,
                           absl::FunctionRef<absl::Status(const RecordView&)> visit);

class RevisedFold {
 public:
  struct Folded {
    // Encoded with offsets.
    std::string facts;
    Links links;
    Aliases aliases;
  };

  RevisedFold(Partition partition, const fold::Projection* projection, log::Archive* archive,
              Breadcrumbs* breadcrumbs);

  // `revisions` are the notes of a TouchList.
  // REQUIRES: the touches of that customer, each of them applied.
  absl::StatusOr<Folded> Fold(absl::string_view customer_id, absl::Span<const store::Touch> touches,
                              absl::Span<const store::Touch> revisions);

  // The customer's event with this id as it stands after `revisions`, none of them = as it was
  // logged; null when there is none that stands. Good until the next call.
  absl::StatusOr<const ValidEvent*> Find(absl::string_view customer_id,
                                         absl::Span<const store::Touch> touches,
                                         absl::Span<const store::Touch> revisions,
                                         const EventId& id);

  // The customer's events as they were logged, in the order of the log, their payloads checked.
  absl::Status Visit(absl::string_view customer_id, absl::Span<const store::Touch> touches,
                     absl::FunctionRef<void(const ValidEvent&)> visit);

  // All that `revisions` are about.
  absl::StatusOr<std::vector<event::Revision>> ReadRevisions(
      absl::string_view customer_id, absl::Span<const store::Touch> revisions);

 private:
  // What is folded of one customer.
  struct Work {
    absl::string_view customer_id;
    const event::Revisions& revisions;
    void* facts;
    Folded folded = {};
  };
  // Adds the event with the tag `tag` as it stands after the revisions.
  absl::Status Add(const RecordView& record, uint32_t tag, Work& work);
  // Puts what `by` says into the place of the event that was looked at last.
  absl::Status Correct(const event::Revision& by);

  const Partition partition_;
  const fold::Projection* const projection_;
  log::Archive* const archive_;
  Breadcrumbs* const breadcrumbs_;
  event::Validator validator_;
  // Of corrections.
  event::Validator scratch_;
};

}  // namespace rapport::pipeline
