// Sealed texts in answers: masked, or opened for somebody who says why.
//
// Threads: functions may be called from any thread.
// Errors:  those of event::Revealer.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::edge {

// Whether the caller may have texts opened for `purpose`. PERMISSION_DENIED (ROLE_MISSING),
// INVALID_ARGUMENT without a purpose.
absl::Status CheckReveal(const Call& call, const std::string& purpose);

event::Opening OpeningOf(const Call& call, const std::string& purpose, const Engine& engine);

// Who a deed is written down for: the name he proved, else the one he gives.
std::string DoneBy(const Call& call, const std::string& given);

// Writes down that `action`, such as `replay`, is done now, and why. Errors: those of Audit.
absl::Status WriteDown(const Call& call, const std::string& action, const std::string& customer_id,
                       const std::string& purpose, const Engine& engine);

// Takes boxes and tags out of the entries; masked_fields says what was there.
void MaskEntries(absl::Span<v1::TimelineEntry* const> entries);

// Opens what can be opened in the entries of one customer; masked_fields keeps the rest.
absl::Status RevealEntries(const Engine& engine, const std::string& customer_id,
                           const event::Opening& opening,
                           absl::Span<v1::TimelineEntry* const> entries);

}  // namespace rapport::edge
