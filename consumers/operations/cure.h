// Cure: what an operator does about a partition that stands still, in a sentence.
//
//   CureOf("ARCHIVE_GAP", 3);   // "restore the archive ..., or: rapport accept-loss --partition 3
//   ..."
//
// docs/runbook.md says more about each of them; a test compares the two.
//
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/model/ids.h"

namespace rapport::operations {

// For a cause without an entry, where to look.
std::string CureOf(absl::string_view cause, Partition partition);

// Every cause that has an entry.
std::vector<absl::string_view> KnownCauses();

}  // namespace rapport::operations
