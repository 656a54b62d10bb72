#include "consumers/support/follow_up_desk.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "engine/base/hash.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/touchpoint.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::support {
namespace {

constexpr char kSource[] = "rapport/desk";
constexpr int64_t kClaimDefaultUs = 15 * 60 * kMicrosPerSecond;
constexpr int64_t kClaimMaxUs = 30 * kMicrosPerDay;
constexpr int64_t kSnoozeMaxUs = 3653 * kMicrosPerDay;

absl::Status Invalid(absl::string_view field, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("FIELD_INVALID: ", field, ": ", what));
}

absl::Status CheckId(const std::string& id) {
  const bool is_hex = std::all_of(id.begin(), id.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
  });
  if (id.size() == 32 && is_hex) return absl::OkStatus();
  return Invalid("follow_up_id", "must be the 32 hexadecimal digits that its name ends with");
}

absl::Status CheckEtag(const std::string& asked, const v1::FollowUp& is) {
  if (asked == is.etag()) return absl::OkStatus();
  return absl::AbortedError(
      absl::StrCat("ETAG_MISMATCH: the follow-up ", is.policy(), " is ",
                   absl::AsciiStrToLower(absl::StripPrefix(v1::FollowUpStatus_Name(is.status()),
                                                           "FOLLOW_UP_STATUS_")),
                   " now and was not as it is when it was read; read it again"));
}

absl::Status CheckOpen(const v1::FollowUp& is) {
  if (is.status() != v1::FOLLOW_UP_STATUS_DONE && is.status() != v1::FOLLOW_UP_STATUS_EXPIRED) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("FOLLOW_UP_OVER: the follow-up ", is.policy(),
                   is.status() == v1::FOLLOW_UP_STATUS_DONE ? " is done" : " has expired",
                   "; there is nothing left to do about it"));
}

// The labels of `closes_by` of this kind: `OutreachMade:CHECK`, `ThanksGiven`.
std::vector<absl::string_view> LabelsOf(const v1::FollowUp& follow_up, absl::string_view kind) {
  std::vector<absl::string_view> labels;
  for (const std::string& label : follow_up.closes_by()) {
    if (label == kind || absl::StartsWith(label, absl::StrCat(kind, ":"))) labels.push_back(label);
  }
  return labels;
}

// An outreach that says no purpose gets the only one that closes the follow-up.
absl::Status FillPurpose(const std::vector<absl::string_view>& labels, v1::OutreachMade& outreach) {
  std::vector<absl::string_view> purposes;
  for (absl::string_view label : labels) {
    const size_t colon = label.find(':');
    if (colon == absl::string_view::npos) return absl::OkStatus();
    purposes.push_back(label.substr(colon + 1));
  }
  const std::string named = absl::StrJoin(purposes, " or ");
  if (outreach.purpose() != v1::OUTREACH_PURPOSE_UNSPECIFIED) {
    const std::string name = v1::OutreachPurpose_Name(outreach.purpose());
    for (absl::string_view purpose : purposes) {
      if (absl::EndsWith(name, absl::StrCat("_", purpose))) return absl::OkStatus();
    }
    return Invalid("touchpoint.outreach_made.purpose",
                   absl::StrCat("closes nothing, must be ", named));
  }
  v1::OutreachPurpose purpose;
  if (purposes.size() != 1 ||
      !v1::OutreachPurpose_Parse(absl::StrCat("OUTREACH_PURPOSE_", purposes[0]), &purpose)) {
    return Invalid("touchpoint.outreach_made.purpose", absl::StrCat("is empty, must be ", named));
  }
  outreach.set_purpose(purpose);
  return absl::OkStatus();
}

// The first field of a payload is its key.
void FillKey(const std::string& key, google::protobuf::Message& payload) {
  const google::protobuf::FieldDescriptor* first = payload.GetDescriptor()->FindFieldByNumber(1);
  if (key.empty() || first == nullptr || first->is_repeated() ||
      first->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
    return;
  }
  const google::protobuf::Reflection* reflection = payload.GetReflection();
  if (reflection->GetString(payload, first).empty()) reflection->SetString(&payload, first, key);
}

absl::Status FillPayload(const v1::FollowUp& follow_up, v1::Event& event) {
  const event::KindInfo* kind = event::FindKind(event.kind());
  if (kind == nullptr) {
    return Invalid("touchpoint", absl::StrCat("says nothing that was done; it must be ",
                                              absl::StrJoin(follow_up.closes_by(), " or ")));
  }
  const std::vector<absl::string_view> labels = LabelsOf(follow_up, kind->name);
  if (labels.empty()) {
    return Invalid("touchpoint",
                   absl::StrCat(kind->name, " does not close ", follow_up.policy(), "; that do ",
                                absl::StrJoin(follow_up.closes_by(), ", ")));
  }
  const std::unique_ptr<google::protobuf::Message> payload(kind->prototype->New());
  if (!payload->ParseFromString(event.payload())) {
    return absl::InvalidArgumentError("PAYLOAD_MALFORMED: touchpoint: cannot be read");
  }
  if (event.kind() == v1::KIND_OUTREACH_MADE) {
    RETURN_IF_ERROR(FillPurpose(labels, static_cast<v1::OutreachMade&>(*payload)));
  }
  FillKey(follow_up.key(), *payload);
  event.set_payload(payload->SerializeAsString());
  return absl::OkStatus();
}

// What became of an act; the follow-up is left out when it is no more.
template <typename Done, typename Response>
void Tell(const Done& done, Response& response) {
  if (!done.follow_up.name().empty()) *response.mutable_follow_up() = done.follow_up;
  response.set_event_id(done.event_id);
  response.set_position(done.position);
}

}  // namespace

absl::Mutex& FollowUpDesk::MutexOf(const std::string& customer_id) {
  return mutexes_[Crc32c(0, customer_id) % mutexes_.size()];
}

absl::StatusOr<v1::FollowUp> FollowUpDesk::Find(const std::string& customer_id,
                                                const std::string& id) const {
  history::Viewpoint viewpoint;
  viewpoint.as_of_us = engine_->clock().NowMicros();
  fold::EvaluateOptions options;
  options.next_change = false;
  options.receipts = false;
  ASSIGN_OR_RETURN(Relationship relationship,
                   engine_->ReadRelationship(customer_id, viewpoint, options));
  for (v1::FollowUp& one : *relationship.standing.mutable_follow_ups()) {
    if (absl::EndsWith(one.name(), absl::StrCat("/", id))) return std::move(one);
  }
  return absl::NotFoundError(absl::StrCat("FOLLOW_UP_UNKNOWN: customer ", customer_id,
                                          " has no follow-up ", id,
                                          " now; list those there are, and take one of them"));
}

absl::Status FollowUpDesk::FillSubject(const std::string& customer_id,
                                       const v1::FollowUp& follow_up, v1::Event& event) const {
  if (!event.subject().empty() || follow_up.cause().empty()) return absl::OkStatus();
  absl::StatusOr<pipeline::FoundEvent> cause = engine_->pipeline().FindEvent(
      customer_id, EventId::FromBytes(absl::HexStringToBytes(follow_up.cause())));
  // What brought it about may belong to another of the merged; then it has no subject to give.
  if (absl::IsNotFound(cause.status())) return absl::OkStatus();
  RETURN_IF_ERROR(cause.status());
  event.set_subject(cause->event.subject());
  return absl::OkStatus();
}

absl::StatusOr<FollowUpDesk::Done> FollowUpDesk::Publish(const edge::Call& call,
                                                         const v1::Event& event) const {
  RETURN_IF_ERROR(engine_->MayWrite());
  RETURN_IF_ERROR(call.TakePublishes(1));
  pipeline::PublishOptions options;
  options.deadline = call.deadline();
  const auto outcomes = engine_->publisher().Publish(absl::MakeConstSpan(&event, 1), options);
  RETURN_IF_ERROR(outcomes[0].status);
  const Position position = engine_->publisher().PositionOf(outcomes);
  RETURN_IF_ERROR(engine_->pipeline().WaitFor(position, call.deadline()));
  Done done;
  done.position = position.ToString();
  done.appended = outcomes[0].appended;
  return done;
}

absl::StatusOr<FollowUpDesk::Done> FollowUpDesk::Do(const edge::Call& call, const Act& act,
                                                    const MakeEvent& make) {
  RETURN_IF_ERROR(CheckId(act.follow_up_id));
  if (act.etag.empty())
    return Invalid("etag", "is empty; give that of the follow-up you have read");
  ASSIGN_OR_RETURN(const Group group, engine_->history().GroupOf(act.customer_id, {}));
  const std::string& customer = group.survivor;
  v1::Event event;
  event.set_event_id(
      absl::StrCat("desk:", Hex(Blake2b128Framed({act.follow_up_id, act.etag, act.words}))));
  event.set_customer_id(customer);
  const absl::MutexLock lock(&MutexOf(customer));
  Done done;
  const absl::StatusOr<pipeline::FoundEvent> earlier =
      engine_->pipeline().FindEvent(customer, EventId::FromText(event.event_id()));
  if (earlier.ok()) {
    pipeline::PublishOutcome outcome;
    outcome.appended = {engine_->pipeline().PartitionOfCustomer(customer), earlier->offset,
                        earlier->append_time_us};
    done.appended = outcome.appended;
    done.position = engine_->publisher().PositionOf(absl::MakeConstSpan(&outcome, 1)).ToString();
    done.was_done_before = true;
  } else {
    ASSIGN_OR_RETURN(const v1::FollowUp follow_up, Find(customer, act.follow_up_id));
    RETURN_IF_ERROR(CheckEtag(act.etag, follow_up));
    RETURN_IF_ERROR(CheckOpen(follow_up));
    event.set_occurred_at_us(engine_->clock().NowMicros());
    event.set_source(kSource);
    RETURN_IF_ERROR(make(follow_up, event));
    event.clear_publisher();
    if (call.caller().is_authenticated) event.set_publisher(call.caller().name);
    ASSIGN_OR_RETURN(done, Publish(call, event));
  }
  done.event_id = event.event_id();
  absl::StatusOr<v1::FollowUp> now = Find(customer, act.follow_up_id);
  if (now.ok()) {
    done.follow_up = *std::move(now);
  } else if (!absl::IsNotFound(now.status())) {
    return now.status();
  }
  return done;
}

absl::Status FollowUpDesk::Claim(const edge::Call& call, const v1::ClaimFollowUpRequest& request,
                                 v1::ClaimFollowUpResponse& response) {
  if (request.assignee().empty() || request.assignee().size() > 64) {
    return Invalid("assignee", "must be the id of an agent, 1 to 64 bytes");
  }
  const int64_t now_us = engine_->clock().NowMicros();
  const int64_t until_us = request.has_until_us() ? request.until_us() : now_us + kClaimDefaultUs;
  const auto make = [&](const v1::FollowUp& follow_up, v1::Event& event) -> absl::Status {
    if (until_us <= now_us || until_us > now_us + kClaimMaxUs) {
      return Invalid("until_us", "must be ahead of now, by 30 days at most");
    }
    if (follow_up.has_claimed_until_us() && follow_up.assignee() != request.assignee()) {
      return absl::FailedPreconditionError(
          absl::StrCat("FOLLOW_UP_CLAIMED: another agent has taken ", follow_up.policy(),
                       follow_up.claimed_until_us() == 0
                           ? std::string(" for good")
                           : absl::StrCat(" until ", FormatTime(follow_up.claimed_until_us())),
                       "; take another one, or come back then"));
    }
    v1::FollowUpClaimed claimed;
    claimed.set_follow_up_id(request.follow_up_id());
    claimed.set_assignee(request.assignee());
    if (follow_up.has_fence()) claimed.set_fence(follow_up.fence());
    claimed.set_until_us(until_us);
    event.set_kind(v1::KIND_FOLLOW_UP_CLAIMED);
    event.set_payload(claimed.SerializeAsString());
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(Done done,
                   Do(call,
                      {request.customer_id(), request.follow_up_id(), request.etag(),
                       absl::StrCat("claim ", request.assignee(), " ", request.until_us())},
                      make));
  if (done.follow_up.fence() != done.appended.offset && !done.was_done_before) {
    return absl::AbortedError(
        "ETAG_MISMATCH: another agent has taken the follow-up a moment before; read it again");
  }
  Tell(done, response);
  return absl::OkStatus();
}

absl::Status FollowUpDesk::Complete(const edge::Call& call,
                                    const v1::CompleteFollowUpRequest& request,
                                    v1::CompleteFollowUpResponse& response) {
  const v1::Event told = event::TouchpointToEvent(request.touchpoint());
  const auto make = [&](const v1::FollowUp& follow_up, v1::Event& event) -> absl::Status {
    const std::string id = event.event_id(), customer = event.customer_id();
    const int64_t at_us = event.occurred_at_us();
    event = told;
    // The id tells a second attempt; the customer is whom the follow-up is owed.
    event.set_event_id(id);
    event.set_customer_id(customer);
    if (event.occurred_at_us() == 0) event.set_occurred_at_us(at_us);
    event.clear_trace_parent();
    if (event.source().empty()) event.set_source(kSource);
    if (event.source() != kSource) {
      RETURN_IF_ERROR(edge::CheckSource(call.caller(), event.source()));
    }
    event.set_follow_up_id(request.follow_up_id());
    RETURN_IF_ERROR(FillPayload(follow_up, event));
    return FillSubject(customer, follow_up, event);
  };
  ASSIGN_OR_RETURN(const Done done,
                   Do(call,
                      {request.customer_id(), request.follow_up_id(), request.etag(),
                       absl::StrCat("complete ", told.SerializeAsString())},
                      make));
  Tell(done, response);
  return absl::OkStatus();
}

absl::Status FollowUpDesk::Snooze(const edge::Call& call, const v1::SnoozeFollowUpRequest& request,
                                  v1::SnoozeFollowUpResponse& response) {
  const auto make = [&](const v1::FollowUp&, v1::Event& event) -> absl::Status {
    const int64_t now_us = event.occurred_at_us();
    if (request.until_us() <= now_us || request.until_us() > now_us + kSnoozeMaxUs) {
      return Invalid("until_us", "must be ahead of now, by ten years at most");
    }
    v1::FollowUpSnoozed snoozed;
    snoozed.set_follow_up_id(request.follow_up_id());
    snoozed.set_until_us(request.until_us());
    event.set_kind(v1::KIND_FOLLOW_UP_SNOOZED);
    event.set_payload(snoozed.SerializeAsString());
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const Done done,
                   Do(call,
                      {request.customer_id(), request.follow_up_id(), request.etag(),
                       absl::StrCat("snooze ", request.until_us())},
                      make));
  Tell(done, response);
  return absl::OkStatus();
}

absl::Status FollowUpDesk::Dismiss(const edge::Call& call,
                                   const v1::DismissFollowUpRequest& request,
                                   v1::DismissFollowUpResponse& response) {
  if (request.reason().empty() || request.reason().size() > 64) {
    return Invalid("reason", "must be a code of 1 to 64 bytes that says why");
  }
  const auto make = [&](const v1::FollowUp&, v1::Event& event) -> absl::Status {
    v1::FollowUpDismissed dismissed;
    dismissed.set_follow_up_id(request.follow_up_id());
    dismissed.set_reason(request.reason());
    event.set_kind(v1::KIND_FOLLOW_UP_DISMISSED);
    event.set_payload(dismissed.SerializeAsString());
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const Done done, Do(call,
                                       {request.customer_id(), request.follow_up_id(),
                                        request.etag(), absl::StrCat("dismiss ", request.reason())},
                                       make));
  Tell(done, response);
  return absl::OkStatus();
}

}  // namespace rapport::support
