#include "engine/log/log.h"

#include <optional>
#include <utility>

#include "absl/synchronization/notification.h"

namespace rapport::log {

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
