#include "consumers/support/profile.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/edge/reveal.h"
#include "engine/base/status_macros.h"
#include "engine/event/revision.h"
#include "rapport/v1/known.pb.h"

namespace rapport::support {
namespace {

// An event with texts, and under whose key they are sealed.
struct Texts {
  v1::Event event;
  std::string owner;
};

absl::Status Gone(const std::string& customer_id) {
  return absl::NotFoundError(
      absl::StrCat("EVENT_UNKNOWN: customer ", customer_id, " has no such event any more"));
}

bool Precedes(const history::PastEvent& event, const Moment& moment) {
  return event.moment < moment;
}

// Where the texts of the profile of that moment stand: in the event itself, or in the correction in
// its place.
absl::StatusOr<Texts> FindInHistory(const Engine& engine, const std::string& member,
                                    const Moment& moment, history::Viewpoint viewpoint) {
  viewpoint.as_of_us = INT64_MAX;
  ASSIGN_OR_RETURN(auto events, engine.history().Events(member, viewpoint));
  const auto found = std::lower_bound(events.begin(), events.end(), moment, Precedes);
  if (found == events.end() || found->moment != moment || !found->retracted_by.empty() ||
      found->counting().kind() != v1::KIND_PROFILE_RECORDED) {
    return Gone(member);
  }
  if (!found->counts_as.has_value()) return Texts{std::move(found->envelope), member};
  const EventId correction = EventId::FromText(found->corrected_by);
  for (history::PastEvent& event : events) {
    if (event.moment.id == correction) return Texts{std::move(event.envelope), member};
  }
  return Gone(member);
}

absl::StatusOr<Texts> FindTexts(const Engine& engine, const Group& group, const Moment& moment,
                                const history::Viewpoint& viewpoint) {
  bool has_revisions = false;
  RETURN_IF_ERROR(engine.pipeline().Read(group.survivor, [&](const store::CustomerView& view) {
    has_revisions = view.has_revisions;
  }));
  if (!group.is_merged() && !has_revisions) {
    ASSIGN_OR_RETURN(pipeline::FoundEvent found,
                     engine.pipeline().FindEvent(group.survivor, moment.id));
    return Texts{std::move(found.event), group.survivor};
  }
  for (const std::string& member : group.members) {
    absl::StatusOr<Texts> found = FindInHistory(engine, member, moment, viewpoint);
    if (!absl::IsNotFound(found.status())) return found;
  }
  return Gone(group.survivor);
}

}  // namespace

absl::Status FillProfile(const Engine& engine, const edge::Call& call,
                         const v1::GetRelationshipRequest& request, const Group& group,
                         const history::Viewpoint& viewpoint,
                         const std::optional<Moment>& profile_at,
                         v1::GetRelationshipResponse& response) {
  if (!profile_at.has_value()) return absl::OkStatus();
  if (!request.reveal()) {
    response.add_masked_fields("profile.name");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Texts found, FindTexts(engine, group, *profile_at, viewpoint));
  v1::Event* const event = &found.event;
  RETURN_IF_ERROR(engine.revealer().Open(found.owner,
                                         edge::OpeningOf(call, request.purpose(), engine),
                                         absl::MakeConstSpan(&event, 1)));
  if (event->kind() == v1::KIND_EVENT_CORRECTED) *event = event::InPlaceOf(*event, *event);
  v1::ProfileRecorded profile;
  if (profile.ParseFromString(event->payload()) && !profile.name().empty()) {
    response.mutable_profile()->set_name(profile.name());
  } else {
    response.add_masked_fields("profile.name");
  }
  return absl::OkStatus();
}

}  // namespace rapport::support
