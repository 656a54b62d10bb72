// Projection: the seam between the engine, which moves any event, and the meaning of events.
//
// A projection owns a plain struct of *facts* per customer that the engine keeps, stores and moves
// without knowing what is in it. Fold, Merge and Evaluate are total: they cannot fail, and they
// read no clock, no randomness and no floating point.
//
// Facts are a commutative monoid: any order of the same events gives the same bytes, Construct is
// zero, and Merge(facts of A, facts of B) = facts of A and B together.
//
// Threads: const methods may be called from any thread on different facts; the caller keeps two
// threads from one customer's facts. Ownership: the engine owns the memory, the projection what it
// hangs there, until Destroy.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/fold/report.h"
#include "engine/model/ids.h"
#include "engine/model/index_row.h"
#include "engine/model/introduction.h"
#include "engine/model/valid_event.h"
#include "rapport/v1/explanation.pb.h"
#include "rapport/v1/relationships.pb.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::fold {

// What Evaluate is asked for besides stage and score.
struct EvaluateOptions {
  bool follow_ups = true;
  // next_stage_change_day, next_follow_up_change and their lesser.
  bool next_change = true;
  // next_stage_change_day alone: what follow-ups do costs much more.
  bool next_stage_change = false;
  // Receipts with inputs and words, of what is asked for.
  bool receipts = true;
  // Parts of the standing that most do not look at: the nine lines, the flags, the outlook; types,
  // mode and what recurs.
  bool lines = true;
  bool flags = true;
  bool outlook = true;
  bool kind = true;
  // What the facts add up to; costs as much as all the rest.
  bool metrics = false;
  // Events of the customer are in quarantine.
  bool quarantined = false;
  // The customer's partition has lost events; nobody knows whose they were.
  bool lost = false;
};

// Collects the events of one customer, and says why they mean what they mean.
//
// Threads: one. Ownership: borrows the projection that made it.
class Explainer {
 public:
  virtual ~Explainer() = default;

  // The next event that counts. REQUIRES: the projection folds its kind; its moment is not before
  // that of the event added last.
  virtual void Add(const ValidEvent& event) = 0;

  // The reasons of what Evaluate says of all events added, of the parts asked about; none = all.
  // Called once.
  virtual void Explain(absl::string_view customer_id, int64_t as_of_us,
                       const EvaluateOptions& options,
                       absl::Span<const v1::ExplainSubject> subjects,
                       v1::Explanation& explanation) = 0;
};

// Says what each event of one customer did to the standing: what a timeline tells beside it. Around
// the fold of each event, by moment, both functions are called with the facts and the event's
// moment; nothing else changes the facts.
//
// Threads: one. Ownership: borrows the projection that made it, and the facts.
class Effects {
 public:
  virtual ~Effects() = default;

  virtual void Before(const void* facts, int64_t at_us) = 0;
  // Fills effects, stages, opened and closed with what Evaluate says otherwise since Before.
  virtual void After(const void* facts, int64_t at_us, v1::TimelineEntry& entry) = 0;
};

class Projection {
 public:
  virtual ~Projection() = default;

  // Digests of the rules it was made with: 32 hexadecimal digits each. Facts depend on the first
  // only.
  virtual const std::string& fold_digest() const = 0;
  virtual std::string evaluate_digest() const = 0;
  // The short name of both together, as RulesDigest gives it.
  virtual const std::string& digest() const = 0;

  // Size and alignment of the facts struct.
  virtual size_t size() const = 0;
  virtual size_t align() const = 0;
  // The facts of a customer of whom nothing is known.
  virtual void Construct(void* facts) const = 0;
  virtual void Destroy(void* facts) const = 0;

  // True when events of this kind change facts; others are kept and counted only.
  virtual bool Folds(v1::Kind kind) const = 0;

  // Asks the memory for what a fold will soon look at: step 0, 1, ... kPrefetchSteps - 1, each a
  // while after the one before, which it may look at without waiting. Changes nothing.
  static constexpr int kPrefetchSteps = 3;
  virtual void Prefetch(const void* facts, int step) const = 0;

  // Adds `event`. REQUIRES: Folds(kind), and no event with this id was folded before.
  virtual void Fold(void* facts, const ValidEvent& event) const = 0;

  // Adds the facts of another customer, or of other events of this one.
  virtual void Merge(void* into, const void* from) const = 0;

  // CustomerFacts as deterministic bytes. `with_offsets` also writes offsets of claims, which the
  // facts digest leaves out.
  virtual void Encode(const void* facts, bool with_offsets, std::string& out) const = 0;
  // DATA_LOSS when the bytes are not facts. REQUIRES: `facts` is as Construct left it.
  virtual absl::Status Decode(absl::string_view bytes, void* facts) const = 0;

  // Bytes in memory, the struct included.
  virtual size_t MemoryBytes(const void* facts) const = 0;

  // Moment of the newest event, microseconds UTC; 0 = none.
  virtual int64_t NewestAt(const void* facts) const = 0;

  // The event whose profile stands; nothing when none was recorded.
  virtual std::optional<Moment> ProfileOf(const void* facts) const = 0;

  // Who referred the customer, and whether it has bought. Borrows from the facts.
  virtual Introduction IntroductionOf(const void* facts) const = 0;

  // What the facts mean at max(as_of_us, NewestAt).
  virtual void Evaluate(absl::string_view customer_id, const void* facts, int64_t as_of_us,
                        const EvaluateOptions& options, v1::Standing& standing) const = 0;

  // For the reasons of what Evaluate says.
  virtual std::unique_ptr<Explainer> NewExplainer() const = 0;

  // For what the customer's events did.
  virtual std::unique_ptr<Effects> NewEffects(absl::string_view customer_id) const = 0;

  // What can be looked up about the customer: rows that say of each moment in [as_of_us,
  // changes_at_us) what Evaluate says. REQUIRES: as_of_us >= NewestAt; `rows` is empty.
  virtual void Index(absl::string_view customer_id, const void* facts, int64_t as_of_us,
                     IndexRows& rows) const = 0;

  // Begins the reports of these names. INVALID_ARGUMENT (FIELD_INVALID) for a name that nobody
  // knows, with those that there are.
  virtual absl::StatusOr<std::unique_ptr<ReportRun>> Report(const std::vector<std::string>& names,
                                                            const ReportWindow& window) const = 0;
};

// Whether both fold alike, so that each reads what the other has folded.
inline bool FoldAlike(const Projection& a, const Projection& b) {
  return &a == &b || a.fold_digest() == b.fold_digest();
}

}  // namespace rapport::fold
