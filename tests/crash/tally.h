// Tally counts what crash cycles did and what they found broken.
//
// Threads: belongs to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/kit/rocks_crash_disk.h"

namespace rapport::crash {

struct Tally {
  // Lives begun; those that ended by a power cut, by one while the table was being opened.
  int64_t cycles = 0;
  int64_t cut = 0;
  int64_t cut_at_open = 0;
  // Commits tried, of them ingested, and of them promised to stay.
  int64_t commits = 0;
  int64_t ingests = 0;
  int64_t durable = 0;
  // States that were refused as damaged, and begun anew: with `damage` only.
  int64_t refused = 0;
  // Consistent reads beside the writers.
  int64_t reads = 0;
  kit::CrashStory story;
  // Cycles after which a partition was wrong; after which one partition kept what came after a lost
  // write of another; and the first few of them.
  int64_t violations = 0;
  int64_t disorders = 0;
  std::vector<std::string> examples;

  void Broken(uint64_t seed, const absl::Status& status) {
    ++(absl::IsFailedPrecondition(status) ? disorders : violations);
    if (examples.size() < 5) {
      examples.push_back("seed " + std::to_string(seed) + ": " + std::string(status.message()));
    }
  }
  void Add(const kit::CrashStory& more) {
    story.independent += more.independent;
    story.files_torn += more.files_torn;
    story.files_damaged += more.files_damaged;
    story.entries_undone += more.entries_undone;
    story.deletions_undone += more.deletions_undone;
    story.tables_made += more.tables_made;
    story.tables_deleted += more.tables_deleted;
  }
};

}  // namespace rapport::crash
