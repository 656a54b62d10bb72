#include "engine/pipeline/verdicts.h"

#include "engine/base/status_macros.h"

namespace rapport::pipeline {

absl::StatusOr<std::vector<Verdicts>> Verdicts::Load(log::Archive& archive) {
  std::vector<Verdicts> all(static_cast<size_t>(archive.partitions()));
  ASSIGN_OR_RETURN(const std::vector<log::EngineRecord> records, archive.EngineRecords());
  for (const log::EngineRecord& record : records) {
    if (record.type != log::EngineRecord::Type::kVerdict) continue;
    ASSIGN_OR_RETURN(const log::CrashVerdict verdict, log::DecodeVerdict(record.body));
    if (verdict.partition >= archive.partitions()) continue;
    all[static_cast<size_t>(verdict.partition)].Add(verdict);
  }
  return all;
}

void Verdicts::Add(const log::CrashVerdict& verdict) {
  if (verdict.kind == log::CrashVerdict::Kind::kCrashed) {
    crashed_[verdict.offset] = verdict.deaths;
    released_.erase(verdict.offset);
  } else {
    crashed_.erase(verdict.offset);
    released_.insert(verdict.offset);
  }
}

absl::Status Pronounce(log::Archive& archive, const log::CrashVerdict& verdict, int64_t at_us) {
  return archive.AppendEngineRecord(
      {log::EngineRecord::Type::kVerdict, at_us, log::EncodeVerdict(verdict)});
}

}  // namespace rapport::pipeline
