#include "consumers/edge/viewpoint.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::edge {
namespace {

constexpr int64_t kAheadMax = 3653 * kMicrosPerDay;
// So long a position is waited for at most.
constexpr absl::Duration kPositionMax = absl::Seconds(30);

void SetCompleteFrom(const Position& complete, v1::AnswerInfo& info) {
  info.set_complete_from(complete.next.empty() ? "" : complete.ToString());
}

}  // namespace

std::string FaultOfMoment(int64_t as_of_us, int64_t now_us) {
  if (as_of_us > 0 && as_of_us <= now_us + kAheadMax) return "";
  return absl::StrCat("must be after 1970 and at most ten years ahead, is ", FormatTime(as_of_us));
}

absl::StatusOr<history::Viewpoint> ViewpointOf(const v1::Viewpoint& viewpoint, absl::Time deadline,
                                               const Engine& engine, absl::string_view field) {
  history::Viewpoint result;
  result.rules = engine.rules();
  result.deadline = deadline;
  const int64_t now = engine.clock().NowMicros();
  result.as_of_us = viewpoint.has_as_of_us() ? viewpoint.as_of_us() : now;
  if (const std::string fault = FaultOfMoment(result.as_of_us, now); !fault.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("TIME_OUT_OF_RANGE: ", field, ".as_of_us: ", fault));
  }
  ASSIGN_OR_RETURN(result.known_at, PositionOf(viewpoint.known_at(), engine));
  if (!viewpoint.rules().empty()) {
    ASSIGN_OR_RETURN(result.rules, engine.RulesNamed(viewpoint.rules(), result.known_at));
  }
  // What the log held then must all be applied, or the same question has two answers.
  // Who waits as long as it takes waits for the answer, not for a place that may never come.
  RETURN_IF_ERROR(
      engine.pipeline().WaitFor(result.known_at, std::min(deadline, absl::Now() + kPositionMax)));
  return result;
}

absl::StatusOr<history::Viewpoint> ViewpointOfPage(const v1::Viewpoint& viewpoint, const Page& page,
                                                   absl::Time deadline, const Engine& engine) {
  ASSIGN_OR_RETURN(history::Viewpoint result,
                   ViewpointOf(OfPage(viewpoint, page), deadline, engine));
  if (page.begin != 0 && page.rules != RulesDigestOf(*result.rules)) {
    return absl::InvalidArgumentError(
        "PAGE_TOKEN_INVALID: page_token: the rules changed since the pages before; start again "
        "without one");
  }
  return result;
}

std::string NextPageToken(const PageTokens& tokens, const Page& page, size_t total,
                          const google::protobuf::Message& query,
                          const history::Viewpoint& viewpoint) {
  return tokens.Next(page, total, query, viewpoint.as_of_us, RulesDigestOf(*viewpoint.rules));
}

std::string NextPageTokenAfter(const PageTokens& tokens, const Page& page, absl::string_view place,
                               const google::protobuf::Message& query,
                               const history::Viewpoint& viewpoint) {
  return tokens.NextAfter(page, place, query, viewpoint.as_of_us, RulesDigestOf(*viewpoint.rules));
}

absl::Status CheckAsked(const Call& call) {
  return call.cancelled() ? CallerLeft() : history::CheckInTime(call.given_deadline());
}

history::BaseWalk::GoOn WhileAsked(const Call& call) {
  return [&call](Partition partition, int64_t done) {
    call.Note(partition, done);
    return CheckAsked(call);
  };
}

std::vector<int64_t> CustomersByPartition(const Engine& engine) {
  std::vector<int64_t> customers;
  for (Partition partition = 0; partition < engine.pipeline().partitions(); ++partition) {
    customers.push_back(engine.pipeline().progress(partition).customers);
  }
  return customers;
}

absl::StatusOr<Position> PositionOf(const std::string& text, const Engine& engine) {
  ASSIGN_OR_RETURN(Position position, Position::Parse(text));
  RETURN_IF_ERROR(engine.pipeline().CheckPosition(position));
  return position;
}

absl::Status AwaitPosition(const std::string& min_position, absl::Time deadline,
                           const pipeline::Pipeline& pipeline) {
  if (min_position.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Position position, Position::Parse(min_position));
  return pipeline.WaitFor(position, deadline);
}

const std::string& RulesDigestOf(const fold::Projection& rules) { return rules.digest(); }

v1::AnswerInfo AnswerInfoOf(const Engine& engine, int64_t as_of_us) {
  history::Viewpoint viewpoint;
  viewpoint.as_of_us = as_of_us;
  viewpoint.rules = engine.rules();
  return AnswerInfoOf(engine, viewpoint);
}

v1::AnswerInfo AnswerInfoOf(const Engine& engine, const history::Viewpoint& viewpoint) {
  v1::AnswerInfo info;
  info.set_position(engine.pipeline().Applied().ToString());
  info.set_durable_position(engine.pipeline().Durable().ToString());
  const pipeline::Lag lag = engine.TotalLag();
  info.set_lag_events(lag.events);
  info.set_lag_ms((lag.micros + 999) / 1000);
  info.set_rules_digest(RulesDigestOf(*viewpoint.rules));
  info.set_as_of_us(viewpoint.as_of_us);
  SetCompleteFrom(engine.CompleteFrom(), info);
  return info;
}

void LimitTo(const Group& group, const Engine& engine, v1::AnswerInfo& info) {
  SetCompleteFrom(engine.CompleteFrom(group), info);
}

}  // namespace rapport::edge
