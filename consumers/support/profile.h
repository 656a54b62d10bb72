// Profile: a customer's name in an answer, named only or opened for somebody who says why.
//
// Threads: any. Errors: those of event::Revealer, of the archive, EVENT_UNKNOWN.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

// The name as it was recorded last, in the event of `profile_at`, which is of one of the group, and
// opened under that member's key; nothing when none was. REQUIRES: who has it opened may
// (edge::CheckReveal).
absl::Status FillProfile(const Engine& engine, const edge::Call& call,
                         const v1::GetRelationshipRequest& request, const Group& group,
                         const history::Viewpoint& viewpoint,
                         const std::optional<Moment>& profile_at,
                         v1::GetRelationshipResponse& response);

}  // namespace rapport::support
