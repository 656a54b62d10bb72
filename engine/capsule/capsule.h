// Capsules: all that one relationship's standing rests on, taken out of archive and state.
//
//   ASSIGN_OR_RETURN(v1::Capsule capsule, MakeCapsule(source, "cust-1", viewpoint, origin));
//
// It holds each record that stands under the ids of all who are one with the customer, with what
// became of it, and what is expected of them: facts and standing, as history tells them at the
// viewpoint. The same viewpoint gives the same bytes. What replays it is replay.h.
//
// Threads:   any. Ownership: borrows all of the source.
// Errors:    NOT_FOUND (CUSTOMER_UNKNOWN); FAILED_PRECONDITION (CUSTOMER_ERASED) for who asked to
//            be forgotten, (CAPSULE_IMPOSSIBLE) for a record that cannot be told without its texts;
//            INVALID_ARGUMENT (TOO_LARGE); those of History.
// Cost:      reads the partitions of the members once each.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "engine/history/history.h"
#include "engine/log/archive.h"
#include "engine/pipeline/pipeline.h"
#include "rapport/v1/capsule.pb.h"

namespace rapport::capsule {

inline constexpr int kFormat = 1;
inline constexpr int64_t kRecordsMax = 20'000;
inline constexpr size_t kBytesMax = size_t{16} << 20;

struct CapsuleSource {
  log::Archive* archive = nullptr;
  const pipeline::Pipeline* pipeline = nullptr;
  const history::History* history = nullptr;
  // Of the facts.
  const fold::Projection* projection = nullptr;
};

// What only the caller knows.
struct CapsuleOrigin {
  // All of the rules of the viewpoint.
  std::string rules_text;
  // Of the program.
  std::string engine_version;
};

// REQUIRES: the viewpoint has rules, and a position that names every partition and is durable.
absl::StatusOr<v1::Capsule> MakeCapsule(const CapsuleSource& source, const std::string& customer_id,
                                        const history::Viewpoint& viewpoint,
                                        const CapsuleOrigin& origin);

// What `digest` has to say.
std::string DigestOf(const v1::Capsule& capsule);

// How an event's facts are named in capsules and by HistoryService.Digest.
std::string FactsDigestOf(absl::string_view customer_id, absl::string_view facts);

}  // namespace rapport::capsule
