// RelationshipReader: the standing of one relationship at any moment, the present as well as the
// past, of customers that were merged as of one.
//
//   ASSIGN_OR_RETURN(Relationship one, reader.Read("cust-1", {.as_of_us = now}, {}));
//   one.group.survivor;     // whose standing it is
//
// The present is the facts that are resident or stored: of one customer evaluated where they lie,
// of several added up first. Each is looked at under its own lock and never two at once, so folds
// wait behind nobody; each is as far as its partition is applied. A moment before the newest event,
// what was known at a position, and rules that fold otherwise than what is resident or stored was,
// are History's.
//
// Threads:   any.
// Ownership: borrows everything.
// Errors:    those of History and store::Reader.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/fold/projection.h"
#include "engine/history/history.h"
#include "engine/history/standings.h"
#include "engine/log/archive.h"
#include "engine/store/reader.h"
#include "rapport/v1/explanation.pb.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::history {

// A relationship as an answer needs it.
struct Relationship {
  // Under the survivor's id.
  v1::Standing standing;
  // Of all members.
  uint32_t quarantined = 0;
  // CustomerFacts, encoded; empty unless they were asked for.
  std::string facts;
  // The event whose profile stands; nothing when none was recorded.
  std::optional<Moment> profile;
  // Who is one with the customer asked about.
  Group group;
};

// The reasons of a relationship as an answer needs them.
struct ExplainedRelationship {
  v1::Explanation explanation;
  // Of all members.
  uint32_t quarantined = 0;
  Group group;
};

// What a relationship was over time as an answer needs it.
struct RelationshipOverTime {
  std::vector<v1::StandingRow> rows;
  // Of all members.
  uint32_t quarantined = 0;
  Group group;
};

class RelationshipReader {
 public:
  RelationshipReader(const log::Archive* archive, const fold::Projection* projection,
                     const store::Reader* reader, const History* history)
      : archive_(archive), projection_(projection), reader_(reader), history_(history) {}

  // Standing, and facts when they are asked for: both of one position.
  absl::StatusOr<Relationship> Read(absl::string_view customer_id, const Viewpoint& viewpoint,
                                    fold::EvaluateOptions options, bool with_facts = false) const;

  // Why it is so: the same standing with the events behind it, read from the archive.
  absl::StatusOr<ExplainedRelationship> Explain(
      absl::string_view customer_id, const Viewpoint& viewpoint,
      absl::Span<const v1::ExplainSubject> subjects) const;

  // What it was over time, read from the archive.
  absl::StatusOr<RelationshipOverTime> Standings(absl::string_view customer_id,
                                                 const Viewpoint& viewpoint,
                                                 const StandingsSpan& span,
                                                 const GoOn& go_on) const;

 private:
  // What is amiss with the events of the group: in quarantine, how many, and lost.
  absl::Status FindAmiss(const Group& group, uint32_t& quarantined,
                         fold::EvaluateOptions& options) const;
  // Of a customer that others may be one with.
  absl::Status ReadGroup(const Viewpoint& viewpoint, fold::EvaluateOptions options, bool with_facts,
                         Relationship& relationship) const;
  // Whether the member's partition has lost events.
  bool HasLost(absl::string_view member) const;

  const log::Archive* const archive_;
  const fold::Projection* const projection_;
  const store::Reader* const reader_;
  const History* const history_;
};

}  // namespace rapport::history
