#include "consumers/support/watch_stream.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/support/base_filter.h"
#include "consumers/support/watch_change.h"
#include "engine/base/status_macros.h"

namespace rapport::support {
namespace {

constexpr absl::Duration kPatience = absl::Milliseconds(100);
// Of who catches up by himself.
constexpr size_t kMemoryBytes = size_t{1} << 20;

// Whether one of the two states is of those asked for.
bool Matches(const BaseFilter& filter, const v1::RelationshipState& state) {
  if (!filter.NeedsMetrics()) return filter.Matches(state.standing());
  // Only the owner is asked for by metrics, and what is known says who he is, too.
  v1::Standing standing = state.standing();
  standing.mutable_metrics()->mutable_owner()->set_agent(state.known().owner().key());
  return filter.Matches(standing);
}

// Why a place cannot be gone on from: told to the caller, who reads anew.
absl::StatusOr<WatchPlace> Lost(const absl::Status& why) {
  return absl::DataLossError(why.message());
}

class WatchStream final : public WatchListener {
 public:
  WatchStream(const Engine* engine, WatchHub* hub, const edge::Call* call,
              const v1::WatchRelationshipsRequest* request, BaseFilter filter,
              edge::Sink<v1::WatchRelationshipsResponse>* sink)
      : engine_(engine),
        hub_(hub),
        call_(call),
        request_(request),
        filter_(std::move(filter)),
        sink_(sink) {}

  absl::Status Run(const WatchPlaceText& from);

  bool OnChange(v1::RelationshipChange change, const WatchPlace& place) override {
    if (!Wants(change)) return GoOn();
    resume_ = place;
    v1::WatchRelationshipsResponse message;
    message.set_position(place.ToString());
    *message.mutable_change() = std::move(change);
    return Send(message);
  }
  bool OnStep(const WatchPlace& place) override {
    place_ = place;
    resume_ = place;
    return GoOn();
  }
  bool GoOn() override { return !call_->cancelled() && KeepAlive(); }

 private:
  // A place of this log that can be gone on from; DATA_LOSS when it is none.
  absl::StatusOr<WatchPlace> Resolve(const WatchPlaceText& from, const WatchPlace& present) const;
  absl::StatusOr<int64_t> NewestBefore(const Position& position) const;
  absl::Status BeginAt(const WatchPlaceText& from);
  // Goes on from the present, after everybody was told of if that is wanted.
  absl::Status BeginHere();
  absl::Status TellEverybody();
  absl::Status Resync(const std::string& reason);
  // From the own place to the hub's.
  absl::Status CatchUp();
  absl::Status Follow();
  absl::Status SayCaughtUp();

  bool Wants(const v1::RelationshipChange& change) const {
    return (change.has_before() && Matches(filter_, change.before())) ||
           (change.has_after() && Matches(filter_, change.after()));
  }
  bool Send(const v1::WatchRelationshipsResponse& message) {
    sent_at_ = absl::Now();
    return sink_->Write(message);
  }
  // Says that the watch lives when nothing else did for a while.
  bool KeepAlive();

  const Engine* const engine_;
  WatchHub* const hub_;
  const edge::Call* const call_;
  const v1::WatchRelationshipsRequest* const request_;
  const BaseFilter filter_;
  edge::Sink<v1::WatchRelationshipsResponse>* const sink_;
  std::unique_ptr<WatchHub::Seat> seat_;
  // Where the last step ended, and where a watch goes on after the last message.
  WatchPlace place_;
  WatchPlace resume_;
  // Those that the step names which the place is within.
  std::shared_ptr<const fold::Projection> rules_within_;
  // While everybody is told of a watch cannot go on anywhere.
  bool can_resume_ = false;
  absl::Time sent_at_ = absl::Now();
};

bool WatchStream::KeepAlive() {
  if (absl::Now() - sent_at_ < hub_->options().heartbeat) return true;
  v1::WatchRelationshipsResponse message;
  if (can_resume_) message.set_position(resume_.ToString());
  message.mutable_heartbeat();
  return Send(message);
}

absl::Status WatchStream::SayCaughtUp() {
  can_resume_ = true;
  v1::WatchRelationshipsResponse message;
  message.set_position(resume_.ToString());
  message.mutable_caught_up();
  return Send(message) ? absl::OkStatus() : edge::CallerLeft();
}

absl::StatusOr<int64_t> WatchStream::NewestBefore(const Position& position) const {
  int64_t newest_us = 0;
  for (const auto& [partition, next] : position.next) {
    if (next == 0 || next > engine_->archive().End(partition).next) continue;
    const auto batch = engine_->archive().Read(partition, next - 1);
    if (absl::IsNotFound(batch.status())) continue;
    RETURN_IF_ERROR(batch.status());
    newest_us = std::max(newest_us, batch->records.at(0).append_time_us);
  }
  return newest_us;
}

absl::StatusOr<WatchPlace> WatchStream::Resolve(const WatchPlaceText& from,
                                                const WatchPlace& present) const {
  RETURN_IF_ERROR(engine_->pipeline().CheckPosition(from.position));
  const auto rules = hub_->RulesOf(from.rules);
  if (!rules.ok()) return Lost(rules.status());
  WatchPlace place = present;
  place.rules = *rules;
  place.step = from.step;
  for (const auto& [partition, next] : from.position.next) place.position.next[partition] = next;
  if (place.step.has_value() && place.step->what == WatchedStep::What::kEvents) {
    const auto begin = place.position.next.find(place.step->partition);
    if (begin == place.position.next.end() || place.step->end <= begin->second) place.step.reset();
  }
  for (const auto& [partition, complete] : engine_->CompleteFrom().next) {
    if (place.position.next.at(partition) >= complete) continue;
    return absl::DataLossError(absl::StrCat("HISTORY_INCOMPLETE: of partition ", partition,
                                            " events before ", complete, " were lost"));
  }
  if (from.told_to_us.has_value()) {
    place.told_to_us = *from.told_to_us;
  } else {
    ASSIGN_OR_RETURN(place.told_to_us, NewestBefore(from.position));
  }
  return place;
}

absl::Status WatchStream::Run(const WatchPlaceText& from) {
  ASSIGN_OR_RETURN(seat_, hub_->Attach());
  RETURN_IF_ERROR(request_->from_position().empty() ? BeginHere() : BeginAt(from));
  return Follow();
}

absl::Status WatchStream::BeginAt(const WatchPlaceText& from) {
  const absl::StatusOr<WatchPlace> place = Resolve(from, seat_->Begin());
  if (absl::IsDataLoss(place.status())) return Resync(std::string(place.status().message()));
  RETURN_IF_ERROR(place.status());
  place_ = *place;
  resume_ = *place;
  can_resume_ = true;
  if (place_.step.has_value() && place_.step->what == WatchedStep::What::kRules) {
    const auto rules = hub_->RulesOf(place_.step->rules);
    if (!rules.ok()) return Resync(std::string(rules.status().message()));
    rules_within_ = *rules;
  }
  return CatchUp();
}

absl::Status WatchStream::Resync(const std::string& reason) {
  v1::WatchRelationshipsResponse message;
  if (!request_->include_snapshot()) message.set_position(seat_->Begin().ToString());
  message.mutable_resync()->set_reason(reason);
  if (!Send(message)) return edge::CallerLeft();
  return BeginHere();
}

absl::Status WatchStream::BeginHere() {
  place_ = seat_->Begin();
  resume_ = place_;
  if (request_->include_snapshot()) {
    can_resume_ = false;
    RETURN_IF_ERROR(TellEverybody());
  }
  return SayCaughtUp();
}

absl::Status WatchStream::TellEverybody() {
  ASSIGN_OR_RETURN(std::vector<std::string> customers, engine_->pipeline().CustomerIds());
  std::sort(customers.begin(), customers.end());
  WatchReader reader(engine_);
  for (size_t i = 0; i < customers.size(); ++i) {
    if (!GoOn()) return edge::CallerLeft();
    if (i % WatchReader::kNotedMax == 0) {
      const auto next = absl::MakeConstSpan(customers).subspan(i, WatchReader::kNotedMax);
      RETURN_IF_ERROR(reader.NoteAppendedOf(next, place_.position));
    }
    ASSIGN_OR_RETURN(const Group group, reader.GroupAt(customers[i], place_.position));
    if (group.survivor != customers[i]) continue;
    ASSIGN_OR_RETURN(const auto facts, reader.FactsAt(group, place_.position, place_.rules));
    if (facts == nullptr) continue;
    v1::WatchRelationshipsResponse message;
    *message.mutable_change() =
        ChangeBetween(customers[i], nullptr, facts->At(*place_.rules, place_.told_to_us));
    message.mutable_change()->clear_changed_fields();
    if (Wants(message.change()) && !Send(message)) {
      return edge::CallerLeft();
    }
  }
  return absl::OkStatus();
}

absl::Status WatchStream::CatchUp() {
  WatchPlace present = seat_->Begin();
  // A place may be ahead of an engine that was started anew.
  while (!place_.IsWithin(present)) {
    if (call_->CancelledWithin(kPatience) || !KeepAlive()) {
      return edge::CallerLeft();
    }
    RETURN_IF_ERROR(seat_->failure());
    present = seat_->Begin();
  }
  WatchSteps steps(engine_, kMemoryBytes);
  WatchPlace place = place_;
  RETURN_IF_ERROR(steps.TellStep(place, rules_within_, *this));
  RETURN_IF_ERROR(steps.TellEvents(place, present.position, *this));
  RETURN_IF_ERROR(steps.TellTime(place, present.told_to_us, *this));
  if (edge::RulesDigestOf(*place.rules) != edge::RulesDigestOf(*present.rules)) {
    RETURN_IF_ERROR(steps.TellRules(place, present.rules, *this));
  }
  place_ = present;
  resume_ = present;
  return SayCaughtUp();
}

absl::Status WatchStream::Follow() {
  while (GoOn()) {
    std::shared_ptr<const WatchTold> told;
    switch (seat_->Next(kPatience, told, place_)) {
      case WatchHub::Seat::News::kStep:
        for (const v1::WatchRelationshipsResponse& message : told->messages) {
          if (Wants(message.change()) && !Send(message)) return absl::OkStatus();
        }
        place_ = told->after;
        resume_ = place_;
        break;
      case WatchHub::Seat::News::kNothing:
        resume_ = place_;
        break;
      case WatchHub::Seat::News::kBehind:
        RETURN_IF_ERROR(CatchUp());
        break;
      case WatchHub::Seat::News::kLost:
        RETURN_IF_ERROR(Resync("HISTORY_INCOMPLETE: events were lost and the loss was accepted"));
        break;
      case WatchHub::Seat::News::kFailed:
        return seat_->failure();
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Watch(const Engine& engine, WatchHub& hub, const edge::Call& call,
                   const v1::WatchRelationshipsRequest& request,
                   edge::Sink<v1::WatchRelationshipsResponse>& sink) {
  ASSIGN_OR_RETURN(BaseFilter filter, BaseFilter::Parse(request.filter()));
  ASSIGN_OR_RETURN(const WatchPlaceText from, WatchPlaceText::Parse(request.from_position()));
  WatchStream stream(&engine, &hub, &call, &request, std::move(filter), &sink);
  const absl::Status status = stream.Run(from);
  // Nobody reads any more what the leaving of the caller is called.
  return absl::IsCancelled(status) ? absl::OkStatus() : status;
}

}  // namespace rapport::support
