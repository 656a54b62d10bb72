#include "consumers/operations/cure.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace rapport::operations {
namespace {

// `$P` stands for the partition.
constexpr std::pair<absl::string_view, absl::string_view> kCures[] = {
    {"ARCHIVE_GAP",
     "set retention.ms and retention.bytes to -1, then restore an archive that holds the range, or "
     "give it up: rapport accept-loss --partition $P --reason TEXT"},
    {"LOG_CHANGED",
     "find out who truncated, re-created or grew the topic; bring the old log back and start "
     "again, or copy its events into a new topic and start with an empty --data"},
    {"TOPIC_UNFIT",
     "set the topic right (rapport kafka topics --check names the commands), then start again"},
    {"LOG_DAMAGED",
     "restore the partition from a replica; a batch that inflates to over 16 MiB can only be "
     "given up: delete the topic's records up to it, start again, then rapport accept-loss"},
    {"ARCHIVE_DAMAGED",
     "check the disk, then stop and restore the folder `archive` from a backup; what is missing "
     "behind it is read from the log again"},
    {"STATE_DAMAGED", "stop, delete the folder `state` and start: it is rebuilt from the archive"},
    {"TOO_LARGE",
     "find who publishes such records and stop them; then delete the topic's records up to this "
     "one, start again, and rapport accept-loss"},
    {"TOPIC_MISSING", "bring the topic back and start again"},
    {"LOG_FORBIDDEN", "grant this principal READ and DESCRIBE on the topic and start again"},
    {"LOG_UNAVAILABLE", "start the broker or mend the network; it goes on by itself"},
    {"DISK_LOW", "free some space or lower --disk-reserve; it goes on by itself"},
};

}  // namespace

std::string CureOf(absl::string_view cause, Partition partition) {
  for (const auto& [known, cure] : kCures) {
    if (known == cause) return absl::StrReplaceAll(cure, {{"$P", absl::StrCat(partition)}});
  }
  return "see docs/runbook.md, and keep the message for a report";
}

std::vector<absl::string_view> KnownCauses() {
  std::vector<absl::string_view> causes;
  for (const auto& [cause, cure] : kCures) causes.push_back(cause);
  return causes;
}

}  // namespace rapport::operations
