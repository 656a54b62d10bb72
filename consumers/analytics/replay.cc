#include "consumers/analytics/replay.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/edge/pace.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"
#include "engine/event/seal.h"
#include "engine/event/validator.h"

namespace rapport::analytics {
namespace {

constexpr absl::Duration kFollowPause = absl::Milliseconds(100);

bool Asked(const v1::ReplayEventsRequest& request, const v1::Event& event) {
  if (!request.customer_id().empty() && event.customer_id() != request.customer_id()) return false;
  if (request.has_from_us() && event.occurred_at_us() < request.from_us()) return false;
  if (request.has_to_us() && event.occurred_at_us() >= request.to_us()) return false;
  return request.kinds().empty() ||
         std::find(request.kinds().begin(), request.kinds().end(),
                   static_cast<int>(event.kind())) != request.kinds().end();
}

// What a dry run counts.
struct ReplayCount {
  int64_t events = 0;
  int64_t bytes = 0;
  std::set<std::string> measures;

  void Add(const RecordView& record, const v1::Event& event) {
    ++events;
    bytes += static_cast<int64_t>(record.value.size());
    for (const v1::Measure& measure : event.measures()) measures.insert(measure.name());
  }
};

// Nothing is shown as if it were whole: who wants what lies before or across a loss is told where
// the whole begins.
absl::Status CheckComplete(const Engine& engine, const std::map<Partition, Offset>& next) {
  Position complete = engine.CompleteFrom();
  bool is_complete = true;
  for (auto& [partition, from] : complete.next) {
    const auto begins = next.find(partition);
    if (begins == next.end()) continue;
    is_complete = is_complete && begins->second >= from;
    from = std::max(from, begins->second);
  }
  if (is_complete) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("HISTORY_INCOMPLETE: events before ", complete.ToString(),
                   " were lost, as rapport status shows; begin there to get what is complete"));
}

// The position behind which nothing is wanted; names only partitions that end before the log does.
absl::StatusOr<Position> EndOf(const Engine& engine, const edge::Call& call,
                               const v1::ReplayEventsRequest& request) {
  if (request.follow() && (request.dry_run() || !request.to_position().empty())) {
    return absl::InvalidArgumentError(
        "FIELD_INVALID: follow: who follows has no end; leave out to_position and dry_run");
  }
  ASSIGN_OR_RETURN(Position to, edge::PositionOf(request.to_position(), engine));
  RETURN_IF_ERROR(engine.pipeline().WaitFor(to, call.deadline()));
  return to;
}

// Places are told of in strides.
constexpr Offset kStride = 256;

class Replay {
 public:
  Replay(const Engine& engine, const edge::Call& call, const v1::ReplayEventsRequest& request,
         edge::Sink<v1::ReplayEventsResponse>& sink, int passes)
      : engine_(engine),
        call_(call),
        request_(request),
        pace_(request.records_per_second_max()),
        sink_(sink),
        passes_(passes) {}

  // From `next` on, up to `to`, which names only partitions that end before the log does.
  absl::Status Run(std::map<Partition, Offset> next, const Position& to) {
    Expect(next, to);
    do {
      // Each time: a loss may be accepted while the end is followed.
      RETURN_IF_ERROR(CheckComplete(engine_, next));
      for (auto& [partition, offset] : next) {
        const Offset end = EndOf(partition, to);
        RETURN_IF_ERROR(Send(partition, offset, end));
        // Who asked for what is not there yet gets no more than that later.
        offset = std::max(offset, end);
      }
    } while (request_.follow() && !call_.CancelledWithin(kFollowPause));
    return request_.dry_run() ? SendSummary(next) : absl::OkStatus();
  }

 private:
  Offset EndOf(Partition partition, const Position& to) const {
    const Offset end = engine_.archive().End(partition).next;
    const auto ends = to.next.find(partition);
    return ends == to.next.end() ? end : std::min(ends->second, end);
  }

  void Expect(const std::map<Partition, Offset>& next, const Position& to) const {
    std::vector<int64_t> total(static_cast<size_t>(engine_.archive().partitions()));
    for (const auto& [partition, offset] : next) {
      total[static_cast<size_t>(partition)] =
          passes_ * std::max<Offset>(0, EndOf(partition, to) - offset);
    }
    call_.Expect(total);
  }

  // Records that were rejected are not events and are left to ListQuarantine.
  absl::Status Send(Partition partition, Offset from, Offset end) {
    // What ends the process when it is looked at is not looked at.
    const auto crashed = engine_.pipeline().progress(partition).crashed;
    const auto cursor = engine_.archive().Scan(partition, from, end);
    Offset told = from;
    while (cursor->Next()) {
      // Who filters or only counts may write nothing for long.
      if (call_.cancelled()) return edge::CallerLeft();
      const RecordView& record = cursor->record();
      if (record.offset - told >= kStride) {
        call_.Note(partition, record.offset - told);
        told = record.offset;
      }
      if (crashed.contains(record.offset) || validator_.CheckEnvelope(record).has_value()) continue;
      const v1::Event& event = *validator_.event().envelope;
      if (!Asked(request_, event)) continue;
      if (request_.dry_run()) {
        count_.Add(record, event);
        continue;
      }
      if (!sink_.Write(ResponseOf(partition, record, event))) return edge::CallerLeft();
      pace_.Keep(1, call_);
    }
    RETURN_IF_ERROR(cursor->status());
    call_.Note(partition, std::max<Offset>(0, end - told));
    return absl::OkStatus();
  }

  v1::ReplayEventsResponse ResponseOf(Partition partition, const RecordView& record,
                                      const v1::Event& event) const {
    v1::ReplayEventsResponse response;
    for (const std::string& path : event::SealedPaths(event)) response.add_masked_fields(path);
    for (const std::string& path : validator_.event().clear_fields) {
      response.add_masked_fields(path);
    }
    *response.mutable_event() = event;
    event::DropSeals(*response.mutable_event());
    response.set_partition(partition);
    response.set_offset(record.offset);
    response.set_appended_at_us(record.append_time_us);
    return response;
  }

  absl::Status SendSummary(const std::map<Partition, Offset>& next) {
    Position end = engine_.pipeline().Applied();
    for (const auto& [partition, offset] : next) end.next[partition] = offset;
    v1::ReplayEventsResponse response;
    v1::ReplaySummary& summary = *response.mutable_summary();
    summary.set_events(count_.events);
    summary.set_bytes(count_.bytes);
    summary.set_position(end.ToString());
    summary.mutable_measures()->Assign(count_.measures.begin(), count_.measures.end());
    return sink_.Write(response) ? absl::OkStatus() : edge::CallerLeft();
  }

  const Engine& engine_;
  const edge::Call& call_;
  const v1::ReplayEventsRequest& request_;
  edge::Pace pace_;
  edge::Sink<v1::ReplayEventsResponse>& sink_;
  const int passes_;
  event::Validator validator_{event::ValidatorOptions{}};
  ReplayCount count_;
};

}  // namespace

absl::Status ReplayArchive(const Engine& engine, const edge::Call& call,
                           const v1::ReplayEventsRequest& request,
                           edge::Sink<v1::ReplayEventsResponse>& sink, int passes) {
  RETURN_IF_ERROR(edge::CheckPace(request.records_per_second_max()));
  ASSIGN_OR_RETURN(const Position to, EndOf(engine, call, request));
  ASSIGN_OR_RETURN(const Position from, edge::PositionOf(request.from_position(), engine));
  // What the log does not have is no place to begin at.
  RETURN_IF_ERROR(engine.pipeline().WaitFor(from, call.deadline()));
  std::map<Partition, Offset> next;
  for (Partition partition = 0; partition < engine.archive().partitions(); ++partition) {
    const auto given = from.next.find(partition);
    next[partition] = given == from.next.end() ? 0 : given->second;
  }
  if (request.has_partition()) {
    const auto only = next.find(request.partition());
    if (only == next.end()) {
      return absl::InvalidArgumentError(absl::StrCat("FIELD_INVALID: partition: there is no ",
                                                     request.partition(), ", the log has ",
                                                     next.size()));
    }
    next = {*only};
  }
  return Replay(engine, call, request, sink, passes).Run(std::move(next), to);
}

}  // namespace rapport::analytics
