// History: the past, from the archive: timeline, standing as of a moment, effect of each event.
//
// A customer's touch list says where the events stand; they are read from the archive, ordered by
// moment, and folded by the same Fold and evaluated by the same Evaluate as the present. Kafka is
// never asked. Retractions and corrections act on every moment, from the position on where they are
// logged.
//
// Customers that were merged are answered as one: their events together, under the survivor's id.
// Who is one with whom is what the links say now, or what they said at the position asked about.
//
//   v1::Standing standing;
//   RETURN_IF_ERROR(history.Evaluate("cust-1", {.as_of_us = then}, options, standing));
//
// Threads:   methods from any thread; PastFacts belong to one thread.
// Ownership: borrows archive, projection and reader.
// Errors:    NOT_FOUND (CUSTOMER_UNKNOWN) when nothing is known of the customer at all; DATA_LOSS
//            (ARCHIVE_DAMAGED) when a block cannot be read, or the customer's touch list names
//            what was never folded for them; DEADLINE_EXCEEDED (DEADLINE_PASSED) when nobody waits
//            for the answer any more.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/event/validator.h"
#include "engine/fold/facts_memory.h"
#include "engine/fold/projection.h"
#include "engine/history/counting_events.h"
#include "engine/history/standings.h"
#include "engine/log/archive.h"
#include "engine/model/group.h"
#include "engine/store/reader.h"
#include "rapport/v1/explanation.pb.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::history {

// The moment and knowledge a question is about.
struct Viewpoint {
  // Microseconds UTC: only what happened by then. INT64_MAX = everything.
  int64_t as_of_us = INT64_MAX;
  // Only what the log held before this position; partitions not named are not limited.
  Position known_at;
  // What events are folded and facts evaluated by, held as long as the answer takes; null = as who
  // answers was made with.
  std::shared_ptr<const fold::Projection> rules = nullptr;
  // Until when somebody waits for the answer: what takes longer is given up.
  absl::Time deadline = absl::InfiniteFuture();

  bool IsLate() const;
};

// DEADLINE_EXCEEDED (DEADLINE_PASSED) when nobody waits for the answer any more.
absl::Status CheckInTime(absl::Time deadline);
inline absl::Status CheckInTime(const Viewpoint& viewpoint) {
  return CheckInTime(viewpoint.deadline);
}

// The rules of a viewpoint, else `otherwise`.
inline const fold::Projection& RulesOf(const Viewpoint& viewpoint,
                                       const fold::Projection& otherwise) {
  return viewpoint.rules == nullptr ? otherwise : *viewpoint.rules;
}

// An event of the past that owns its bytes.
struct PastEvent {
  // When what counts happened.
  Moment moment;
  // As it was logged.
  v1::Event envelope;
  Partition partition = 0;
  Offset offset = 0;
  int64_t append_time_us = 0;
  // Texts that the log holds in clear; they are not in the envelope.
  std::vector<std::string> clear_fields = {};
  // Ids of the events that took it back or put it right, as far as they were known; empty = none.
  std::string retracted_by = {};
  std::string corrected_by = {};
  // What stands in its place when it was corrected.
  std::optional<v1::Event> counts_as = std::nullopt;

  const v1::Event& counting() const { return counts_as.has_value() ? *counts_as : envelope; }
};

// Some of a timeline's entries, the newest first.
struct TimelinePage {
  std::vector<v1::TimelineEntry> entries;
  // Of the whole timeline.
  size_t total = 0;
};

// Facts of one customer as they were.
class PastFacts {
 public:
  explicit PastFacts(const fold::Projection* projection)
      : projection_(projection), validator_(event::ValidatorOptions{}), facts_(*projection) {}

  // Adds what counts of `event`; false when its kind is not folded, or it was taken back.
  // REQUIRES: the event is good, as those of History are.
  bool Fold(const PastEvent& event);
  // Adds the facts of another customer.
  void Add(const void* other) { projection_->Merge(facts_.get(), other); }
  const void* get() const { return facts_.get(); }

 private:
  const fold::Projection* const projection_;
  event::Validator validator_;
  fold::FactsMemory facts_;
};

class History {
 public:
  // `projection` folds and evaluates for viewpoints without rules.
  History(log::Archive* archive, const fold::Projection* projection, const store::Reader* reader)
      : archive_(archive), projection_(projection), reader_(reader) {}

  // Whom the customer is one with; alone is a group, too. Members lie on partitions of their own,
  // and each is as far as its partition is.
  absl::StatusOr<Group> GroupOf(absl::string_view customer_id, const Viewpoint& viewpoint) const;

  // The customer's own events by moment, as seen from `viewpoint`, those among them that were taken
  // back or put right.
  absl::StatusOr<std::vector<PastEvent>> Events(absl::string_view customer_id,
                                                const Viewpoint& viewpoint) const;

  // The standing at the viewpoint, of all who are one with the customer; the facts it rests on,
  // encoded with offsets, unless `facts` is null.
  absl::Status Evaluate(absl::string_view customer_id, const Viewpoint& viewpoint,
                        const fold::EvaluateOptions& options, v1::Standing& standing,
                        std::string* facts = nullptr) const;
  // The same of a group that is known already; and the event whose profile stands, unless `profile`
  // is null.
  absl::Status Evaluate(const Group& group, const Viewpoint& viewpoint,
                        const fold::EvaluateOptions& options, v1::Standing& standing,
                        std::string* facts = nullptr,
                        std::optional<Moment>* profile = nullptr) const;

  // Every event of all who are one with the customer, with what it did, oldest first: lines that
  // moved, stage before and after, follow-ups opened and closed, each evaluated at the event's
  // moment; of a corrected one all that of its correction, of a retracted one nothing. Sealed texts
  // are in it as the log has them, and named in masked_fields.
  absl::StatusOr<std::vector<v1::TimelineEntry>> Timeline(absl::string_view customer_id,
                                                          const Viewpoint& viewpoint) const;
  // Of a group that is known already `size` entries at most, the newest first, behind the `begin`
  // newest. What the others did is not looked at.
  absl::StatusOr<TimelinePage> Timeline(const Group& group, const Viewpoint& viewpoint,
                                        size_t begin, size_t size) const;

  // Why the standing at the viewpoint is what it is, event by event; of the parts asked about, none
  // = all. Each event that counts is told once, a corrected one as it counts.
  absl::Status Explain(const Group& group, const Viewpoint& viewpoint,
                       const fold::EvaluateOptions& options,
                       absl::Span<const v1::ExplainSubject> subjects,
                       v1::Explanation& explanation) const;

  // What they were over time, as standings.h tells it, of the events that the viewpoint lets see.
  absl::StatusOr<std::vector<v1::StandingRow>> Standings(const Group& group,
                                                         const Viewpoint& viewpoint,
                                                         const fold::EvaluateOptions& options,
                                                         const StandingsSpan& span,
                                                         const GoOn& go_on) const;

  // What counts of the events of all members by moment, of one moment by member: for reports.
  absl::StatusOr<CountingEvents> CountingEventsOf(const Group& group,
                                                  const Viewpoint& viewpoint) const;
  // Adds the relationship, with those events, to reports that ask whether it is late as the
  // viewpoint does.
  absl::Status AddTo(fold::ReportRun& run, const Group& group, const Viewpoint& viewpoint) const;

  // The customer's own facts at the viewpoint, folded anew from the archive, encoded as
  // CustomerFacts without offsets: the bytes that the facts digest is made of.
  absl::StatusOr<std::string> Facts(absl::string_view customer_id,
                                    const Viewpoint& viewpoint) const;

 private:
  // What the customer's own records say of others; empty when nothing is known of him.
  absl::StatusOr<Links> LinksOf(const std::string& customer_id, const Viewpoint& viewpoint) const;
  // The events of all members by moment, of one moment by member.
  absl::StatusOr<std::vector<PastEvent>> EventsOf(const Group& group,
                                                  const Viewpoint& viewpoint) const;
  // All events of the customer that are known, ascending by offset, with what became of them.
  absl::StatusOr<std::vector<PastEvent>> KnownEvents(absl::string_view customer_id,
                                                     const Viewpoint& viewpoint) const;

  log::Archive* const archive_;
  const fold::Projection* const projection_;
  const store::Reader* const reader_;
};

}  // namespace rapport::history
