// Bodies of the engine's own records (archive.h, EngineRecord), as docs/format.md says.
//
//   AcceptedGap gap{.partition = 3, .from = 10, .to = 90, .reason = "ops: disk of 2026-01-02"};
//   RETURN_IF_ERROR(archive->AppendEngineRecord(
//       {EngineRecord::Type::kGapAccepted, now_us, EncodeGap(gap)}));
//
// Threads: all functions are pure.
// Errors:  DATA_LOSS (ARCHIVE_DAMAGED) for bytes that are no such body.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/log/archive.h"
#include "engine/model/ids.h"
#include "engine/model/position.h"

namespace rapport::log {

// Of kIdentity: which log is archived. A further one opens the log's next epoch.
struct ArchivedLog {
  LogIdentity identity;
  int partitions = 0;
};

std::string EncodeIdentity(const ArchivedLog& log);
absl::StatusOr<ArchivedLog> DecodeIdentity(absl::string_view body);

// Of kGapAccepted: offsets [from, to) are lost and an operator said so. The range itself is
// archived as a block without records.
struct AcceptedGap {
  Partition partition = 0;
  Offset from = 0;
  Offset to = 0;
  // Who accepted it, and why: `ops: disk of 2026-01-02`.
  std::string reason;
};

std::string EncodeGap(const AcceptedGap& gap);
absl::StatusOr<AcceptedGap> DecodeGap(absl::string_view body);

// Of kVerdict: a record that ends the process whenever it is folded is set aside, or an operator
// takes that back. Of several about one record the last one counts.
struct CrashVerdict {
  enum class Kind : uint8_t { kCrashed = 1, kReleased = 2 };
  Partition partition = 0;
  Offset offset = 0;
  Kind kind = Kind::kCrashed;
  // How often the process died of it.
  uint32_t deaths = 0;
  // Of kReleased: who took it back.
  std::string caller;
};

std::string EncodeVerdict(const CrashVerdict& verdict);
absl::StatusOr<CrashVerdict> DecodeVerdict(absl::string_view body);

// The row of an engine record in the table.
std::string EncodeEngineRecord(const EngineRecord& record);
absl::StatusOr<EngineRecord> DecodeEngineRecord(absl::string_view row);

}  // namespace rapport::log
