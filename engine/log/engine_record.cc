#include "engine/log/engine_record.h"

#include "absl/strings/str_cat.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"

namespace rapport::log {
namespace {

constexpr char kRowVersion = 1;

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("ARCHIVE_DAMAGED: engine record: ", what,
                                          "; restore the archive from a backup"));
}

// Takes a big-endian number off the front.
bool Take32(absl::string_view& in, uint32_t& value) {
  absl::string_view bytes;
  if (!TakeBytes(in, 4, bytes)) return false;
  value = ReadBigEndian32(bytes);
  return true;
}
bool Take64(absl::string_view& in, int64_t& value) {
  absl::string_view bytes;
  if (!TakeBytes(in, 8, bytes)) return false;
  value = static_cast<int64_t>(ReadBigEndian64(bytes));
  return true;
}

}  // namespace

std::string EncodeIdentity(const ArchivedLog& log) {
  std::string body;
  AppendBigEndian32(body, log.identity.id);
  AppendBigEndian32(body, log.identity.epoch);
  AppendBigEndian32(body, static_cast<uint32_t>(log.partitions));
  return body;
}

absl::StatusOr<ArchivedLog> DecodeIdentity(absl::string_view body) {
  ArchivedLog log;
  uint32_t partitions = 0;
  if (!Take32(body, log.identity.id) || !Take32(body, log.identity.epoch) ||
      !Take32(body, partitions) || !body.empty() || partitions < 1 || partitions > 1024) {
    return Damaged("not an identity");
  }
  log.partitions = static_cast<int>(partitions);
  return log;
}

std::string EncodeGap(const AcceptedGap& gap) {
  std::string body;
  AppendBigEndian32(body, static_cast<uint32_t>(gap.partition));
  AppendBigEndian64(body, static_cast<uint64_t>(gap.from));
  AppendBigEndian64(body, static_cast<uint64_t>(gap.to));
  body += gap.reason;
  return body;
}

absl::StatusOr<AcceptedGap> DecodeGap(absl::string_view body) {
  AcceptedGap gap;
  uint32_t partition = 0;
  if (!Take32(body, partition) || !Take64(body, gap.from) || !Take64(body, gap.to) ||
      partition >= 1024 || gap.from < 0 || gap.to < gap.from) {
    return Damaged("not an accepted gap");
  }
  gap.partition = static_cast<Partition>(partition);
  gap.reason = std::string(body);
  return gap;
}

std::string EncodeVerdict(const CrashVerdict& verdict) {
  std::string body;
  AppendBigEndian32(body, static_cast<uint32_t>(verdict.partition));
  AppendBigEndian64(body, static_cast<uint64_t>(verdict.offset));
  body.push_back(static_cast<char>(verdict.kind));
  AppendBigEndian32(body, verdict.deaths);
  body += verdict.caller;
  return body;
}

absl::StatusOr<CrashVerdict> DecodeVerdict(absl::string_view body) {
  CrashVerdict verdict;
  uint32_t partition = 0;
  absl::string_view kind;
  if (!Take32(body, partition) || !Take64(body, verdict.offset) || !TakeBytes(body, 1, kind) ||
      !Take32(body, verdict.deaths) || partition >= 1024 || verdict.offset < 0 || kind[0] < 1 ||
      kind[0] > 2) {
    return Damaged("not a verdict");
  }
  verdict.partition = static_cast<Partition>(partition);
  verdict.kind = static_cast<CrashVerdict::Kind>(kind[0]);
  verdict.caller = std::string(body);
  return verdict;
}

std::string EncodeEngineRecord(const EngineRecord& record) {
  std::string row;
  row.push_back(kRowVersion);
  row.push_back(static_cast<char>(record.type));
  AppendBigEndian64(row, static_cast<uint64_t>(record.at_us));
  row += record.body;
  AppendBigEndian32(row, Crc32c(0, row));
  return row;
}

absl::StatusOr<EngineRecord> DecodeEngineRecord(absl::string_view row) {
  constexpr size_t kFixed = 1 + 1 + 8 + 4;
  if (row.size() < kFixed) return Damaged("too short");
  const absl::string_view covered = row.substr(0, row.size() - 4);
  if (ReadBigEndian32(row.substr(covered.size())) != Crc32c(0, covered)) {
    return Damaged("its checksum does not match");
  }
  if (row[0] != kRowVersion) return Damaged("written by a newer version");
  EngineRecord record;
  record.type = static_cast<EngineRecord::Type>(row[1]);
  record.at_us = static_cast<int64_t>(ReadBigEndian64(row.substr(2)));
  record.body = std::string(covered.substr(10));
  return record;
}

}  // namespace rapport::log
