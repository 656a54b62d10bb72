// Replaying a capsule: its records are judged, de-duplicated and folded, and the standing is
// evaluated, by the code that does so in an engine, in memory.
//
//   RETURN_IF_ERROR(CheckCapsule(capsule));
//   ASSIGN_OR_RETURN(v1::CapsuleReplay replay, ReplayCapsule(capsule, *projection));
//   if (!replay.same()) ... replay.differences(0) ...
//
// The projection is that of the capsule's rules, or of others to see what would be.
//
// Threads:   any. Ownership: borrows capsule and projection.
// Errors:    INVALID_ARGUMENT: CAPSULE_VERSION for a format of a later program, CAPSULE_CHANGED
//            when the digest is another, CAPSULE_MALFORMED with the field for what cannot be.
// Never:     needs a file, a clock or a key.
#pragma once

#include "absl/status/statusor.h"
#include "engine/fold/projection.h"
#include "rapport/v1/capsule.pb.h"

namespace rapport::capsule {

// Whether the capsule can be replayed: anybody may have written it.
absl::Status CheckCapsule(const v1::Capsule& capsule);

// What came of it, without `file`. REQUIRES: CheckCapsule returned OK.
absl::StatusOr<v1::CapsuleReplay> ReplayCapsule(const v1::Capsule& capsule,
                                                const fold::Projection& projection);

}  // namespace rapport::capsule
