#include "engine/log/log.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "engine/base/time.h"

namespace rapport::log {

std::string OutlineOf(Partition partition, Offset offset, uint32_t crc, int64_t append_time_us) {
  return absl::StrCat(partition, "@", offset, " (checksum ", absl::Hex(crc, absl::kZeroPad8),
                      ", appended ", FormatTime(append_time_us), ")");
}

absl::StatusOr<Appended> AppendAndWait(Log& log, NewRecord record) {
  absl::Notification is_done;
  std::optional<absl::StatusOr<Appended>> answer;
  log.Append(std::move(record), [&](const absl::StatusOr<Appended>& result) {
    answer = result;
    is_done.Notify();
  });
  is_done.WaitForNotification();
  return *std::move(answer);
}

}  // namespace rapport::log
