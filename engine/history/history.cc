#include "engine/history/history.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/event/link.h"
#include "engine/event/revision.h"
#include "engine/event/seal.h"
#include "engine/event/touchpoint.h"

namespace rapport::history {
namespace {

// Records that are read at once; between two such readings somebody may have given up waiting.
constexpr size_t kReadAtOnce = 1024;

bool Counts(const PastEvent& event, const fold::Projection& projection) {
  return event.retracted_by.empty() && projection.Folds(event.counting().kind());
}

// All of an entry but what the event did.
absl::Status TellEvent(const PastEvent& event, bool folded, v1::TimelineEntry& entry) {
  const v1::Kind kind = event.envelope.kind();
  entry.set_not_folded(!folded && event.retracted_by.empty() && !event::IsRevision(kind) &&
                       !event::IsLink(kind) && kind != v1::KIND_ALIAS_LINKED);
  ASSIGN_OR_RETURN(*entry.mutable_touchpoint(), event::EventToTouchpoint(event.envelope));
  for (const std::string& path : event::SealedPaths(event.envelope)) {
    entry.add_masked_fields(path);
  }
  for (const std::string& path : event.clear_fields) entry.add_masked_fields(path);
  entry.set_partition(event.partition);
  entry.set_offset(event.offset);
  entry.set_appended_at_us(event.append_time_us);
  entry.set_retracted_by(event.retracted_by);
  entry.set_corrected_by(event.corrected_by);
  if (event.counts_as.has_value()) {
    ASSIGN_OR_RETURN(*entry.mutable_counts_as(), event::EventToTouchpoint(*event.counts_as));
  }
  return absl::OkStatus();
}

// What counts of the event, opened. Good until the validator is used again.
const ValidEvent& Counting(const PastEvent& event, event::Validator& validator) {
  const auto rejection =
      validator.Adopt(event.counting(), event.partition, event.offset, event.append_time_us);
  RAPPORT_CHECK(!rejection.has_value())
      << event.partition << "@" << event.offset << " was checked before: " << rejection->message;
  return validator.event();
}

// Says of each event what became of it. `events` ascend by offset.
void Revise(std::vector<event::Revision> all, std::vector<PastEvent>& events) {
  const event::Revisions revisions(std::move(all));
  for (PastEvent& event : events) {
    const v1::Kind kind = event.envelope.kind();
    const event::Ruling ruling = revisions.RulingOn(event.moment.id, event.moment, kind);
    if (ruling.by == nullptr) continue;
    const auto by =
        std::lower_bound(events.begin(), events.end(), ruling.by->offset,
                         [](const PastEvent& one, Offset offset) { return one.offset < offset; });
    if (ruling.fate == event::Ruling::Fate::kRetracted) {
      event.retracted_by = by->envelope.event_id();
      continue;
    }
    event.corrected_by = by->envelope.event_id();
    if (event::IsRevision(kind)) continue;
    event.counts_as = event::InPlaceOf(event.envelope, by->envelope);
    event.moment.at_us = event.counts_as->occurred_at_us();
  }
}

bool HasPassed(absl::Time deadline) {
  return deadline != absl::InfiniteFuture() && absl::Now() > deadline;
}

}  // namespace

absl::Status CheckInTime(absl::Time deadline) {
  if (!HasPassed(deadline)) return absl::OkStatus();
  return absl::DeadlineExceededError(
      "DEADLINE_PASSED: the answer takes longer than its caller waits; ask for less at once, or "
      "wait longer, up to 30 s");
}

bool Viewpoint::IsLate() const { return HasPassed(deadline); }

bool PastFacts::Fold(const PastEvent& event) {
  if (!Counts(event, *projection_)) return false;
  projection_->Fold(facts_.get(), Counting(event, validator_));
  return true;
}

absl::StatusOr<std::vector<PastEvent>> History::KnownEvents(absl::string_view customer_id,
                                                            const Viewpoint& viewpoint) const {
  ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, reader_->Touches(customer_id));
  const Partition partition = reader_->PartitionOfCustomer(customer_id);
  const Position& known_at = viewpoint.known_at;
  const auto known = known_at.next.find(partition);
  std::vector<Offset> offsets;
  std::vector<uint32_t> tags;
  for (const store::Touch& touch : touches) {
    if (known == known_at.next.end() || touch.offset < known->second) {
      offsets.push_back(touch.offset);
      tags.push_back(touch.tag);
    }
  }
  const Offset end = archive_->End(partition).next;
  event::Validator validator(event::ValidatorOptions{});
  std::vector<PastEvent> events;
  std::vector<event::Revision> revisions;
  const auto add = [&](const absl::StatusOr<RecordBatch>& batch) -> absl::Status {
    const size_t place = events.size();
    if (absl::IsNotFound(batch.status())) {
      return log::NotWhereFolded(partition, offsets[place], end, customer_id);
    }
    RETURN_IF_ERROR(batch.status());
    const RecordView& record = batch->records.at(0);
    const bool is_valid = !validator.CheckEnvelope(record).has_value();
    const ValidEvent& event = validator.event();
    // A list that was damaged may name any record, also one of this customer that was rejected.
    if (!is_valid || event.customer_id != customer_id || event.id.Tag() != tags[place] ||
        validator.CheckPayload().has_value()) {
      return log::OfAnotherHistory(partition, record.offset, customer_id);
    }
    if (event::IsRevision(event.kind)) revisions.push_back(event::RevisionOf(event));
    events.push_back({event.moment(), *event.envelope, partition, record.offset,
                      record.append_time_us, event.clear_fields});
    return absl::OkStatus();
  };
  while (events.size() < offsets.size()) {
    RETURN_IF_ERROR(CheckInTime(viewpoint));
    const auto some = absl::MakeConstSpan(offsets).subspan(events.size(), kReadAtOnce);
    for (const auto& batch : archive_->ReadMany(partition, some)) RETURN_IF_ERROR(add(batch));
  }
  Revise(std::move(revisions), events);
  return events;
}

absl::StatusOr<std::vector<PastEvent>> History::Events(absl::string_view customer_id,
                                                       const Viewpoint& viewpoint) const {
  ASSIGN_OR_RETURN(std::vector<PastEvent> events, KnownEvents(customer_id, viewpoint));
  std::erase_if(events,
                [&](const PastEvent& event) { return event.moment.at_us > viewpoint.as_of_us; });
  std::sort(events.begin(), events.end(),
            [](const PastEvent& a, const PastEvent& b) { return a.moment < b.moment; });
  return events;
}

absl::StatusOr<Links> History::LinksOf(const std::string& customer_id,
                                       const Viewpoint& viewpoint) const {
  Links links;
  bool may_have_been_others = false;
  const absl::Status read = reader_->Read(customer_id, [&](const store::CustomerView& view) {
    links = *view.links;
    // A word that was taken back since may have been known then.
    may_have_been_others = !links.empty() || view.has_revisions;
  });
  if (absl::IsNotFound(read)) return links;
  RETURN_IF_ERROR(read);
  if (viewpoint.known_at.next.empty() || !may_have_been_others) return links;
  ASSIGN_OR_RETURN(const std::vector<PastEvent> events, KnownEvents(customer_id, viewpoint));
  links = {};
  event::Validator validator(event::ValidatorOptions{});
  for (const PastEvent& event : events) {
    event::AddErasure(event.envelope, links);
    const v1::Event& counting = event.counting();
    if (!event.retracted_by.empty() || !event::IsLink(counting.kind())) continue;
    const auto rejection =
        validator.Adopt(counting, event.partition, event.offset, event.append_time_us);
    if (rejection.has_value()) return log::OfAnotherHistory(event.partition, event.offset);
    event::AddLink(validator.event(), links);
  }
  return links;
}

absl::StatusOr<Group> History::GroupOf(absl::string_view customer_id,
                                       const Viewpoint& viewpoint) const {
  return FindGroup(customer_id,
                   [&](const std::string& member) { return LinksOf(member, viewpoint); });
}

absl::StatusOr<std::vector<PastEvent>> History::EventsOf(const Group& group,
                                                         const Viewpoint& viewpoint) const {
  std::vector<PastEvent> events;
  for (const std::string& member : group.members) {
    ASSIGN_OR_RETURN(std::vector<PastEvent> own, Events(member, viewpoint));
    events.insert(events.end(), std::make_move_iterator(own.begin()),
                  std::make_move_iterator(own.end()));
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const PastEvent& a, const PastEvent& b) { return a.moment < b.moment; });
  return events;
}

absl::Status History::Evaluate(absl::string_view customer_id, const Viewpoint& viewpoint,
                               const fold::EvaluateOptions& options, v1::Standing& standing,
                               std::string* encoded) const {
  ASSIGN_OR_RETURN(const Group group, GroupOf(customer_id, viewpoint));
  return Evaluate(group, viewpoint, options, standing, encoded);
}

absl::Status History::Evaluate(const Group& group, const Viewpoint& viewpoint,
                               const fold::EvaluateOptions& options, v1::Standing& standing,
                               std::string* encoded, std::optional<Moment>* profile) const {
  ASSIGN_OR_RETURN(const std::vector<PastEvent> events, EventsOf(group, viewpoint));
  const fold::Projection& rules = RulesOf(viewpoint, *projection_);
  PastFacts facts(&rules);
  for (const PastEvent& event : events) facts.Fold(event);
  rules.Evaluate(group.survivor, facts.get(), viewpoint.as_of_us, options, standing);
  if (encoded != nullptr) rules.Encode(facts.get(), /*with_offsets=*/true, *encoded);
  if (profile != nullptr) *profile = rules.ProfileOf(facts.get());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::TimelineEntry>> History::Timeline(absl::string_view customer_id,
                                                                 const Viewpoint& viewpoint) const {
  ASSIGN_OR_RETURN(const Group group, GroupOf(customer_id, viewpoint));
  ASSIGN_OR_RETURN(TimelinePage page, Timeline(group, viewpoint, 0, SIZE_MAX));
  std::reverse(page.entries.begin(), page.entries.end());
  return std::move(page.entries);
}

absl::StatusOr<TimelinePage> History::Timeline(const Group& group, const Viewpoint& viewpoint,
                                               size_t begin, size_t size) const {
  ASSIGN_OR_RETURN(const std::vector<PastEvent> events, EventsOf(group, viewpoint));
  TimelinePage page;
  page.total = events.size();
  const size_t end = events.size() - std::min(begin, events.size());
  const size_t first = end - std::min(size, end);
  const fold::Projection& rules = RulesOf(viewpoint, *projection_);
  const std::unique_ptr<fold::Effects> effects = rules.NewEffects(group.survivor);
  PastFacts facts(&rules);
  for (size_t i = 0; i < end; ++i) {
    RETURN_IF_ERROR(CheckInTime(viewpoint));
    const PastEvent& event = events[i];
    if (i < first) {
      facts.Fold(event);
      continue;
    }
    v1::TimelineEntry& entry = page.entries.emplace_back();
    effects->Before(facts.get(), event.moment.at_us);
    const bool folded = facts.Fold(event);
    effects->After(facts.get(), event.moment.at_us, entry);
    RETURN_IF_ERROR(TellEvent(event, folded, entry));
  }
  std::reverse(page.entries.begin(), page.entries.end());
  return page;
}

absl::Status History::Explain(const Group& group, const Viewpoint& viewpoint,
                              const fold::EvaluateOptions& options,
                              absl::Span<const v1::ExplainSubject> subjects,
                              v1::Explanation& explanation) const {
  ASSIGN_OR_RETURN(const std::vector<PastEvent> events, EventsOf(group, viewpoint));
  const fold::Projection& rules = RulesOf(viewpoint, *projection_);
  const std::unique_ptr<fold::Explainer> explainer = rules.NewExplainer();
  event::Validator validator(event::ValidatorOptions{});
  for (const PastEvent& event : events) {
    RETURN_IF_ERROR(CheckInTime(viewpoint));
    if (Counts(event, rules)) explainer->Add(Counting(event, validator));
  }
  explainer->Explain(group.survivor, viewpoint.as_of_us, options, subjects, explanation);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::StandingRow>> History::Standings(
    const Group& group, const Viewpoint& viewpoint, const fold::EvaluateOptions& options,
    const StandingsSpan& span, const GoOn& go_on) const {
  ASSIGN_OR_RETURN(const std::vector<PastEvent> events, EventsOf(group, viewpoint));
  return StandingsOf(group.survivor, events, RulesOf(viewpoint, *projection_), options, span,
                     go_on);
}

absl::StatusOr<CountingEvents> History::CountingEventsOf(const Group& group,
                                                         const Viewpoint& viewpoint) const {
  ASSIGN_OR_RETURN(const std::vector<PastEvent> events, EventsOf(group, viewpoint));
  return CountingEvents(events);
}

absl::Status History::AddTo(fold::ReportRun& run, const Group& group,
                            const Viewpoint& viewpoint) const {
  ASSIGN_OR_RETURN(const CountingEvents events, CountingEventsOf(group, viewpoint));
  run.AddCustomer(group.survivor, events.get());
  // What was given up on the way is no table.
  return CheckInTime(viewpoint);
}

absl::StatusOr<std::string> History::Facts(absl::string_view customer_id,
                                           const Viewpoint& viewpoint) const {
  ASSIGN_OR_RETURN(const std::vector<PastEvent> events, Events(customer_id, viewpoint));
  const fold::Projection& rules = RulesOf(viewpoint, *projection_);
  PastFacts facts(&rules);
  for (const PastEvent& event : events) facts.Fold(event);
  std::string bytes;
  rules.Encode(facts.get(), /*with_offsets=*/false, bytes);
  return bytes;
}

}  // namespace rapport::history
