#include "engine/history/standings.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/history/history.h"

namespace rapport::history {
namespace {

// What a row is made for when it differs.
struct State {
  v1::Stage stage = v1::STAGE_UNSPECIFIED;
  v1::StageReason reason = v1::STAGE_REASON_UNSPECIFIED;
  std::string rule;
  // A bit of each flag that holds.
  uint32_t flags = 0;

  bool operator==(const State&) const = default;
};

State StateOf(const v1::Standing& standing) {
  State state{standing.stage(), standing.stage_reason(), standing.stage_rule().rule_id()};
  for (const v1::FlagState& flag : standing.flags()) state.flags |= 1u << flag.flag();
  return state;
}

v1::ChangeCause CauseOf(const PastEvent& event) {
  v1::ChangeCause cause;
  cause.set_event_id(event.envelope.event_id());
  cause.set_id(event.moment.id.Hex());
  cause.set_customer_id(event.envelope.customer_id());
  cause.set_kind(event.counting().kind());
  return cause;
}

// What happened since the row before.
struct Pending {
  std::vector<v1::ChangeCause> causes;
  bool by_time = false;
};

// One walk through the events.
class Walk {
 public:
  Walk(absl::string_view customer_id, const fold::Projection& rules,
       const fold::EvaluateOptions& options, const StandingsSpan& span, const GoOn& go_on)
      : customer_id_(customer_id),
        rules_(rules),
        options_(options),
        span_(span),
        go_on_(go_on),
        facts_(&rules) {
    options_.follow_ups = false;
    options_.next_change = false;
    options_.metrics = false;
  }

  absl::Status Run(absl::Span<const PastEvent> events) {
    size_t next = 0;
    while (next < events.size() && events[next].moment.at_us <= span_.to_us) {
      const int64_t at_us = events[next].moment.at_us;
      size_t end = next;
      while (end < events.size() && events[end].moment.at_us == at_us) ++end;
      RETURN_IF_ERROR(LetTimePass(at_us));
      RETURN_IF_ERROR(Take(at_us, events.subspan(next, end - next)));
      next = end;
    }
    RETURN_IF_ERROR(LetTimePass(span_.to_us));
    return span_.step_us == 0 || !begun_ ? absl::OkStatus() : StepsUpTo(span_.to_us);
  }

  std::vector<v1::StandingRow> TakeRows() { return std::move(rows_); }

 private:
  v1::Standing StandingAt(int64_t at_us, bool receipts, bool next_stage_change) const {
    fold::EvaluateOptions options = options_;
    options.receipts = receipts;
    options.next_stage_change = next_stage_change;
    v1::Standing standing;
    rules_.Evaluate(customer_id_, facts_.get(), at_us, options, standing);
    return standing;
  }

  // Remembers the state from `standing` on, and when it changes by itself.
  void Adopt(const v1::Standing& standing) {
    state_ = StateOf(standing);
    next_day_ = standing.has_next_stage_change_day()
                    ? std::optional<int64_t>(standing.next_stage_change_day())
                    : std::nullopt;
  }

  // What changes by itself up to `until_us`, that instant included.
  absl::Status LetTimePass(int64_t until_us) {
    while (begun_ && next_day_.has_value() && *next_day_ * kMicrosPerDay <= until_us) {
      const int64_t at_us = *next_day_ * kMicrosPerDay;
      RETURN_IF_ERROR(go_on_());
      RETURN_IF_ERROR(StepsUpTo(at_us - 1));
      const State before = state_;
      Adopt(StandingAt(at_us, /*receipts=*/false, /*next_stage_change=*/true));
      if (state_ == before) continue;
      pending_.by_time = true;
      RETURN_IF_ERROR(Changed(at_us, before));
    }
    return absl::OkStatus();
  }

  // The events of one instant.
  absl::Status Take(int64_t at_us, absl::Span<const PastEvent> events) {
    RETURN_IF_ERROR(StepsUpTo(at_us - 1));
    const State before = state_;
    std::vector<v1::ChangeCause> causes;
    bool counts = false;
    for (const PastEvent& event : events) {
      RETURN_IF_ERROR(go_on_());
      if (!facts_.Fold(event)) continue;
      counts = true;
      const State until_it = state_;
      Adopt(StandingAt(at_us, /*receipts=*/false, /*next_stage_change=*/true));
      if (!(state_ == until_it)) causes.push_back(CauseOf(event));
    }
    if (!counts) return absl::OkStatus();
    if (!std::exchange(begun_, true)) next_step_us_ = FirstStep(at_us);
    if (state_ == before) return absl::OkStatus();
    for (v1::ChangeCause& cause : causes) pending_.causes.push_back(std::move(cause));
    return Changed(at_us, before);
  }

  // A change whose causes are pending.
  absl::Status Changed(int64_t at_us, const State& before) {
    if (at_us < span_.from_us) {
      // Known from before the first row.
      pending_ = {};
      return absl::OkStatus();
    }
    return span_.step_us == 0 ? AddRow(at_us, before.stage) : absl::OkStatus();
  }

  // The first step at `begin_us` or behind.
  int64_t FirstStep(int64_t begin_us) const {
    if (span_.from_us >= begin_us) return span_.from_us;
    if (span_.from_us == std::numeric_limits<int64_t>::min()) return begin_us;
    if (span_.step_us == 0) return begin_us;
    const int64_t steps = (begin_us - span_.from_us + span_.step_us - 1) / span_.step_us;
    return span_.from_us + steps * span_.step_us;
  }

  // The rows that are steps, up to `until_us`, that instant included; no event and no change is
  // between the last row and it.
  absl::Status StepsUpTo(int64_t until_us) {
    if (span_.step_us == 0 || !begun_) return absl::OkStatus();
    for (; next_step_us_ <= until_us; next_step_us_ += span_.step_us) {
      const v1::Stage before = rows_.empty() ? v1::STAGE_UNSPECIFIED : rows_.back().stage();
      RETURN_IF_ERROR(AddRow(next_step_us_, before));
    }
    return absl::OkStatus();
  }

  absl::Status AddRow(int64_t at_us, v1::Stage stage_before) {
    RETURN_IF_ERROR(go_on_());
    if (static_cast<int64_t>(rows_.size()) == span_.rows_max) {
      return absl::InvalidArgumentError(
          absl::StrCat("FIELD_INVALID: ", span_.step_us == 0 ? "changes_only" : "step_us",
                       ": more than ", span_.rows_max, " rows; ask for a shorter time",
                       span_.step_us == 0 ? "" : " or a longer step"));
    }
    v1::Standing standing = StandingAt(at_us, /*receipts=*/true, /*next_stage_change=*/false);
    v1::StandingRow& row = rows_.emplace_back();
    row.set_at_us(at_us);
    row.set_stage_before(stage_before);
    row.set_stage(standing.stage());
    row.set_stage_reason(standing.stage_reason());
    *row.mutable_stage_rule() = std::move(*standing.mutable_stage_rule());
    for (const v1::FlagState& flag : standing.flags()) row.add_flags(flag.flag());
    row.set_score(standing.score());
    row.set_score_milli(standing.score_milli());
    for (v1::Line& line : *standing.mutable_lines()) {
      line.clear_receipt();
      *row.add_lines() = std::move(line);
    }
    for (v1::ChangeCause& cause : pending_.causes) *row.add_causes() = std::move(cause);
    row.set_by_time(pending_.by_time);
    pending_ = {};
    return absl::OkStatus();
  }

  const absl::string_view customer_id_;
  const fold::Projection& rules_;
  fold::EvaluateOptions options_;
  const StandingsSpan& span_;
  const GoOn& go_on_;
  PastFacts facts_;
  // Some event counts.
  bool begun_ = false;
  // Before the beginning like no state that Evaluate gives.
  State state_;
  std::optional<int64_t> next_day_;
  int64_t next_step_us_ = 0;
  Pending pending_;
  std::vector<v1::StandingRow> rows_;
};

}  // namespace

absl::StatusOr<std::vector<v1::StandingRow>> StandingsOf(absl::string_view customer_id,
                                                         absl::Span<const PastEvent> events,
                                                         const fold::Projection& rules,
                                                         const fold::EvaluateOptions& options,
                                                         const StandingsSpan& span,
                                                         const GoOn& go_on) {
  Walk walk(customer_id, rules, options, span, go_on);
  RETURN_IF_ERROR(walk.Run(events));
  return walk.TakeRows();
}

}  // namespace rapport::history
