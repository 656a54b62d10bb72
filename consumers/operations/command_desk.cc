#include "consumers/operations/command_desk.h"

#include <cstdio>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "consumers/operations/moment.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"

namespace rapport::operations {
namespace {

constexpr size_t kIdDigits = 32;

std::string IdOf(const v1::FollowUp& follow_up) {
  const std::string& name = follow_up.name();
  return name.size() < kIdDigits ? name : name.substr(name.size() - kIdDigits);
}

// `complaint_resolve (2b9f41c0)`; for messages.
std::string Shown(const v1::FollowUp& follow_up) {
  return absl::StrCat(follow_up.policy(), " (", IdOf(follow_up).substr(0, 8), ")");
}

// The one of the customer's follow-ups that is meant.
absl::StatusOr<v1::FollowUp> Find(Client& client, const std::string& customer,
                                  const std::string& which) {
  v1::GetRelationshipRequest request;
  request.set_customer_id(customer);
  v1::GetRelationshipResponse answer;
  RETURN_IF_ERROR(client.Call(client.relationships(),
                              &v1::RelationshipService::Stub::GetRelationship, request, &answer));
  std::vector<v1::FollowUp> meant;
  std::vector<std::string> all;
  for (const v1::FollowUp& one : answer.standing().follow_ups()) {
    all.push_back(Shown(one));
    const bool by_id = which.size() >= 4 && absl::StartsWith(IdOf(one), which);
    if (by_id || one.policy() == which) meant.push_back(one);
  }
  if (meant.size() == 1) return meant[0];
  if (meant.empty()) {
    return absl::NotFoundError(
        absl::StrCat("FOLLOW_UP_UNKNOWN: customer ", customer, " has no follow-up ", which,
                     all.empty() ? std::string("; nothing is owed to him")
                                 : absl::StrCat("; there are ", absl::StrJoin(all, ", "))));
  }
  std::vector<std::string> names;
  for (const v1::FollowUp& one : meant) names.push_back(Shown(one));
  return absl::InvalidArgumentError(absl::StrCat("wrong usage: ", which, " may be ",
                                                 absl::StrJoin(names, " or "), "; name its id"));
}

// Fills what every act says: whose follow-up, and as it was read.
template <typename Request>
absl::StatusOr<v1::FollowUp> Begin(Client& client, const DeskAct& act, Request& request) {
  const size_t slash = act.follow_up.rfind('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == act.follow_up.size()) {
    return absl::InvalidArgumentError(
        "wrong usage: a follow-up is named as CUSTOMER/POLICY or CUSTOMER/ID, such as "
        "cust-0417/complaint_resolve");
  }
  request.set_customer_id(act.follow_up.substr(0, slash));
  ASSIGN_OR_RETURN(v1::FollowUp found,
                   Find(client, request.customer_id(), act.follow_up.substr(slash + 1)));
  request.set_follow_up_id(IdOf(found));
  request.set_etag(found.etag());
  return found;
}

// Finds the follow-up, asks for the act that `fill` completes, and prints what `said` makes of the
// answer.
template <typename Request, typename Response, typename Fill, typename Said>
absl::Status Do(Client& client, const DeskAct& act, Format format,
                grpc::Status (v1::RelationshipService::Stub::*method)(grpc::ClientContext*,
                                                                      const Request&, Response*),
                Fill fill, Said said) {
  Request request;
  ASSIGN_OR_RETURN(const v1::FollowUp found, Begin(client, act, request));
  RETURN_IF_ERROR(fill(found, request));
  Response answer;
  RETURN_IF_ERROR(client.Call(client.relationships(), method, request, &answer));
  if (format != Format::kTable) {
    PrintJson(format, {&answer});
    return absl::OkStatus();
  }
  std::printf("%s: %s, as event %s\n", found.policy().c_str(), said(request, answer).c_str(),
              answer.event_id().c_str());
  return absl::OkStatus();
}

// What was done, as an empty touchpoint of its kind: the one said, else the only one that closes.
absl::StatusOr<v1::Touchpoint> DoneBy(const v1::FollowUp& follow_up, const DeskAct& act) {
  const std::string several = absl::StrJoin(follow_up.closes_by(), ", ");
  if (act.kind.empty() && follow_up.closes_by_size() != 1) {
    return absl::InvalidArgumentError(absl::StrCat("wrong usage: say what was done with --by: ",
                                                   follow_up.policy(), " is closed by ", several));
  }
  const std::string label = act.kind.empty() ? follow_up.closes_by(0) : act.kind;
  const std::pair<std::string, std::string> parts = absl::StrSplit(label, absl::MaxSplits(':', 1));
  const event::KindInfo* kind = event::FindKindByName(parts.first);
  if (kind == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("wrong usage: --by: there is no kind ",
                                                   parts.first, "; ", follow_up.policy(),
                                                   " is closed by ", several));
  }
  v1::Touchpoint touchpoint;
  const auto* field = touchpoint.GetDescriptor()->FindFieldByName(std::string(kind->field_name));
  google::protobuf::Message* payload =
      touchpoint.GetReflection()->MutableMessage(&touchpoint, field);
  if (v1::OutreachPurpose purpose;
      kind->kind == v1::KIND_OUTREACH_MADE && !parts.second.empty() &&
      v1::OutreachPurpose_Parse(absl::StrCat("OUTREACH_PURPOSE_", parts.second), &purpose)) {
    static_cast<v1::OutreachMade*>(payload)->set_purpose(purpose);
  }
  touchpoint.set_note(act.note);
  return touchpoint;
}

}  // namespace

absl::Status ClaimFollowUp(Client& client, const DeskAct& act, Format format) {
  return Do(
      client, act, format, &v1::RelationshipService::Stub::ClaimFollowUp,
      [&](const v1::FollowUp&, v1::ClaimFollowUpRequest& request) -> absl::Status {
        request.set_assignee(act.assignee);
        if (act.lasts.empty()) return absl::OkStatus();
        ASSIGN_OR_RETURN(const int64_t until_us, MomentAfter("--for", act.lasts, NowMicros()));
        request.set_until_us(until_us);
        return absl::OkStatus();
      },
      [&](const v1::ClaimFollowUpRequest&, const v1::ClaimFollowUpResponse& answer) {
        return absl::StrCat(act.assignee, " has it until ",
                            FormatTime(answer.follow_up().claimed_until_us()));
      });
}

absl::Status CompleteFollowUp(Client& client, const DeskAct& act, Format format) {
  return Do(
      client, act, format, &v1::RelationshipService::Stub::CompleteFollowUp,
      [&](const v1::FollowUp& found, v1::CompleteFollowUpRequest& request) -> absl::Status {
        ASSIGN_OR_RETURN(*request.mutable_touchpoint(), DoneBy(found, act));
        return absl::OkStatus();
      },
      [](const auto&, const auto&) { return std::string("done"); });
}

absl::Status SnoozeFollowUp(Client& client, const DeskAct& act, Format format) {
  return Do(
      client, act, format, &v1::RelationshipService::Stub::SnoozeFollowUp,
      [&](const v1::FollowUp&, v1::SnoozeFollowUpRequest& request) -> absl::Status {
        ASSIGN_OR_RETURN(const int64_t until_us, MomentAfter("--until", act.until, NowMicros()));
        request.set_until_us(until_us);
        return absl::OkStatus();
      },
      [](const v1::SnoozeFollowUpRequest& request, const auto&) {
        return absl::StrCat("rests until ", FormatTime(request.until_us()));
      });
}

absl::Status DismissFollowUp(Client& client, const DeskAct& act, Format format) {
  return Do(
      client, act, format, &v1::RelationshipService::Stub::DismissFollowUp,
      [&](const v1::FollowUp&, v1::DismissFollowUpRequest& request) {
        request.set_reason(act.reason);
        return absl::OkStatus();
      },
      [](const auto&, const auto&) { return std::string("given up for good"); });
}

}  // namespace rapport::operations
