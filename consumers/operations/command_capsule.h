// `rapport capsule export` and `rapport capsule replay`: one customer's case as a file, and what
// the engine makes of such files, without a store.
//
// Threads: one thread.
// Errors:  as the server said, and those of analytics::OutputFile; NOT_FOUND for what is no file,
//          INVALID_ARGUMENT with file and place for what is no capsule. Of several files that are
//          none each is told, and the others are replayed.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CapsuleExport {
  std::string id;
  std::string as_of;
  std::string known_at;
  // Digest of rules, or AT_KNOWN; empty = the active ones.
  std::string rules;
  std::string min_position;
  // Empty = the capsule itself is the output.
  std::string file;
  // Replaces what is there.
  bool force = false;
  Format format = Format::kTable;
};
// The number of capsules that do not replay as they say.
absl::StatusOr<int> ExportCapsule(Client& client, const CapsuleExport& options);

struct CapsuleReplays {
  // Files, and folders of them.
  std::vector<std::string> paths;
  // A file, `-`, or the name of a set; empty = each under its own.
  std::string rules;
  std::string format;
};
// The same; 0 under other rules, where nothing is expected.
absl::StatusOr<int> ReplayCapsules(const CapsuleReplays& options);

}  // namespace rapport::operations
