#include "engine/table/rocks_logs.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"
#include "engine/base/status_macros.h"

namespace rapport::table {
namespace {

// RocksDB's log format: blocks of 32 KiB; in them pieces of a masked CRC32C, a length and a type.
// A row is one piece, or a first, middle ones and a last.
constexpr size_t kBlockBytes = 32768;
constexpr size_t kHeaderBytes = 7;
enum PieceType : uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

// RocksDB's batch format: sequence number, count, then tagged rows. Ours begin with the mark.
constexpr size_t kBatchHeaderBytes = 12;
constexpr char kLogDataTag = 3;
constexpr absl::string_view kMarkName = "rs";
// The mark and what is before it lie in so many bytes, and so do the numbers that a row of the
// manifest begins with.
constexpr size_t kHeadBytesMax = 128;

// RocksDB's manifest: rows of tagged fields. The ones before the log's number, in their order.
enum ManifestTag : uint64_t { kComparator = 1, kLogNumber = 2, kDatabaseId = 0x2001 };

uint64_t ReadLittle(absl::string_view bytes, size_t count) {
  uint64_t value = 0;
  for (size_t i = count; i > 0; --i) value = value << 8 | static_cast<uint8_t>(bytes[i - 1]);
  return value;
}

uint32_t Masked(uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }

struct Piece {
  PieceType type = kFull;
  absl::string_view payload;
  size_t end = 0;
};

// The piece that begins at `at`, if there is a sound one.
std::optional<Piece> PieceAt(absl::string_view log, size_t at) {
  if (log.size() < at + kHeaderBytes) return std::nullopt;
  const size_t length = ReadLittle(log.substr(at + 4), 2);
  const auto type = static_cast<uint8_t>(log[at + 6]);
  const size_t end = at + kHeaderBytes + length;
  const size_t block_end = (at / kBlockBytes + 1) * kBlockBytes;
  if (type < kFull || type > kLast || end > block_end || end > log.size()) return std::nullopt;
  const absl::string_view covered = log.substr(at + 6, 1 + length);
  if (Masked(Crc32c(0, covered)) != ReadLittle(log.substr(at), 4)) return std::nullopt;
  return Piece{static_cast<PieceType>(type), covered.substr(1), end};
}

// Where the next piece begins at or behind `at`: too little room at a block's end is left empty.
size_t SkipTrailer(size_t at) {
  const size_t left = kBlockBytes - at % kBlockBytes;
  return left < kHeaderBytes ? at + left : at;
}

// What the beginning of a batch tells.
struct BatchHead {
  uint64_t sequence = 0;
  uint64_t count = 0;
  // How far the log was synced when it was written, 0 without mark.
  uint64_t synced = 0;
};

std::optional<BatchHead> HeadOf(absl::string_view payload) {
  if (payload.size() < kBatchHeaderBytes) return std::nullopt;
  BatchHead head;
  head.sequence = ReadLittle(payload, 8);
  head.count = ReadLittle(payload.substr(8), 4);
  absl::string_view rest = payload.substr(kBatchHeaderBytes);
  absl::string_view mark;
  if (rest.empty() || rest[0] != kLogDataTag) return head;
  rest.remove_prefix(1);
  if (TakeSized(rest, mark) && mark.size() == kMarkName.size() + 8 &&
      absl::StartsWith(mark, kMarkName)) {
    head.synced = ReadBigEndian64(mark.substr(kMarkName.size()));
  }
  return head;
}

// The log's number in the beginning of a row of the manifest, 0 when the row names none: from that
// log on, rows may not be in files yet.
uint64_t LogNumberOf(absl::string_view row) {
  uint64_t tag = 0;
  while (TakeVarint(row, tag)) {
    uint64_t number = 0;
    absl::string_view text;
    if (tag == kLogNumber) return TakeVarint(row, number) ? number : 0;
    if ((tag != kComparator && tag != kDatabaseId) || !TakeSized(row, text)) return 0;
  }
  return 0;
}

// How far a log is sound.
struct SoundPart {
  // Its rows end here; what follows up to the end of the file is no row.
  size_t end = 0;
  // The next sequence number, 0 when there is no batch.
  uint64_t next_sequence = 0;
};

// Calls `row` with the beginning of each row: its first piece, or so much of it as a head can take.
template <typename Row>
SoundPart FindSoundPart(absl::string_view log, const Row& row) {
  SoundPart sound;
  bool in_row = false;
  // The first bytes of the row, which may begin in one piece and go on in the next.
  std::string first;
  for (size_t at = SkipTrailer(0);;) {
    const std::optional<Piece> piece = PieceAt(log, at);
    if (!piece.has_value()) return sound;
    const bool begins = piece->type == kFull || piece->type == kFirst;
    if (begins == in_row) return sound;
    if (begins) first.clear();
    if (first.size() < kHeadBytesMax) {
      first.append(piece->payload.data(), std::min(piece->payload.size(), kHeadBytesMax));
    }
    in_row = piece->type == kFirst || piece->type == kMiddle;
    at = SkipTrailer(piece->end);
    if (in_row) continue;
    sound.end = piece->end;
    row(first);
  }
}

SoundPart FindSoundPart(absl::string_view log) {
  uint64_t next_sequence = 0;
  SoundPart sound = FindSoundPart(log, [&next_sequence](absl::string_view first) {
    if (const auto head = HeadOf(first)) next_sequence = head->sequence + head->count;
  });
  sound.next_sequence = next_sequence;
  return sound;
}

// Batches, or their beginnings, that are sound anywhere from `from` on, behind a bad place.
// `any` becomes true when there is anything sound.
std::vector<BatchHead> FindFrom(absl::string_view log, size_t from, bool& any) {
  std::vector<BatchHead> heads;
  for (size_t at = from; at + kHeaderBytes <= log.size();) {
    const std::optional<Piece> piece = PieceAt(log, at);
    if (!piece.has_value()) {
      ++at;
      continue;
    }
    any = true;
    const bool begins = piece->type == kFull || piece->type == kFirst;
    if (const auto head = HeadOf(piece->payload); begins && head.has_value()) {
      heads.push_back(*head);
    }
    at = piece->end;
  }
  return heads;
}

// Whether what is behind a bad place says that the place had been synced. `next` is the sequence
// number that was to follow there, 0 if unknown.
bool HadBeenSynced(uint64_t next, const std::vector<BatchHead>& behind) {
  if (behind.empty()) return false;
  // Unknown: the row right before the first sound one is in the bad place, whatever else is.
  if (next == 0) next = behind.front().sequence - 1;
  return std::any_of(behind.begin(), behind.end(),
                     [next](const BatchHead& head) { return head.synced >= next; });
}

absl::Status Damaged(const std::string& path, size_t at, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("table file ", path, ": damaged bytes at ", at, ": ", what,
                   "; restore the folder from a backup or let it be rebuilt"));
}

absl::Status FromRocks(const rocksdb::Status& status, const std::string& path) {
  if (status.ok()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("table file ", path, ": ", status.ToString(),
                                                    "; look at the disk and start again"));
}

absl::Status Cut(rocksdb::Env* env, const std::string& path, size_t from, size_t size,
                 const Note& note) {
  std::unique_ptr<rocksdb::WritableFile> file;
  RETURN_IF_ERROR(FromRocks(env->ReopenWritableFile(path, &file, rocksdb::EnvOptions()), path));
  RETURN_IF_ERROR(FromRocks(file->Truncate(from), path));
  RETURN_IF_ERROR(FromRocks(file->Sync(), path));
  RETURN_IF_ERROR(FromRocks(file->Close(), path));
  if (note) {
    note(absl::StrCat("table file ", path, ": ", size - from,
                      " bytes at its end were never synced and came back torn; they are cut"));
  }
  return absl::OkStatus();
}

struct LogFile {
  uint64_t number = 0;
  std::string path;
  std::string bytes;
};

// The write-ahead logs of a folder from number `live_from` on, oldest first. RocksDB reads no older
// one; a power cut can bring such a one back without those after it.
absl::Status ReadLogs(rocksdb::Env* env, const std::string& directory, uint64_t live_from,
                      std::vector<LogFile>& logs) {
  std::vector<std::string> names;
  if (!env->GetChildren(directory, &names).ok()) return absl::OkStatus();
  for (const std::string& name : names) {
    LogFile log;
    if (!absl::EndsWith(name, ".log") ||
        !absl::SimpleAtoi(absl::StripSuffix(name, ".log"), &log.number) || log.number < live_from) {
      continue;
    }
    log.path = absl::StrCat(directory, "/", name);
    RETURN_IF_ERROR(FromRocks(rocksdb::ReadFileToString(env, log.path, &log.bytes), log.path));
    logs.push_back(std::move(log));
  }
  std::sort(logs.begin(), logs.end(),
            [](const LogFile& a, const LogFile& b) { return a.number < b.number; });
  return absl::OkStatus();
}

// Sets `live_from` to the number of the oldest write-ahead log whose rows are not all in files.
absl::Status CheckManifest(rocksdb::Env* env, const std::string& directory, const Note& note,
                           uint64_t& live_from) {
  std::string name;
  // Where there is no RocksDB yet, or none any more, it says so itself.
  if (!rocksdb::ReadFileToString(env, directory + "/CURRENT", &name).ok()) return absl::OkStatus();
  const std::string path = absl::StrCat(directory, "/", absl::StripSuffix(name, "\n"));
  std::string log;
  if (!rocksdb::ReadFileToString(env, path, &log).ok()) return absl::OkStatus();
  const size_t end = FindSoundPart(log, [&live_from](absl::string_view first) {
                       live_from = std::max(live_from, LogNumberOf(first));
                     }).end;
  if (end == log.size()) return absl::OkStatus();
  bool any = false;
  FindFrom(log, end + 1, any);
  if (any || end == 0) return Damaged(path, end, "the list of files is broken");
  return Cut(env, path, end, log.size(), note);
}

absl::Status CheckWriteAheadLogs(rocksdb::Env* env, const std::string& directory, const Note& note,
                                 uint64_t live_from) {
  std::vector<LogFile> logs;
  RETURN_IF_ERROR(ReadLogs(env, directory, live_from, logs));
  uint64_t next_sequence = 0;
  for (size_t i = 0; i < logs.size(); ++i) {
    const SoundPart sound = FindSoundPart(logs[i].bytes);
    if (sound.next_sequence != 0) next_sequence = sound.next_sequence;
    if (sound.end == logs[i].bytes.size()) continue;
    bool any = false;
    std::vector<BatchHead> behind = FindFrom(logs[i].bytes, sound.end + 1, any);
    for (size_t later = i + 1; later < logs.size(); ++later) {
      const std::vector<BatchHead> more = FindFrom(logs[later].bytes, 0, any);
      behind.insert(behind.end(), more.begin(), more.end());
    }
    if (HadBeenSynced(next_sequence, behind)) {
      return Damaged(logs[i].path, sound.end, "a row behind it says that they had been synced");
    }
    // The latest first, so that a stop in between leaves a hole only where one was.
    for (size_t later = logs.size() - 1; later > i; --later) {
      if (logs[later].bytes.empty()) continue;
      RETURN_IF_ERROR(Cut(env, logs[later].path, 0, logs[later].bytes.size(), note));
    }
    return Cut(env, logs[i].path, sound.end, logs[i].bytes.size(), note);
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeSyncMark(uint64_t synced) {
  std::string mark(kMarkName);
  AppendBigEndian64(mark, synced);
  return mark;
}

absl::Status CheckRocksLogs(rocksdb::Env* env, const std::string& directory, const Note& note) {
  // The logs of a table that is open are not torn, only not finished. What cannot be locked is new
  // or in use, and RocksDB says so.
  rocksdb::FileLock* lock = nullptr;
  if (!env->LockFile(directory + "/LOCK", &lock).ok()) return absl::OkStatus();
  uint64_t live_from = 0;
  absl::Status checked = CheckManifest(env, directory, note, live_from);
  if (checked.ok()) checked = CheckWriteAheadLogs(env, directory, note, live_from);
  RETURN_IF_ERROR(FromRocks(env->UnlockFile(lock), directory));
  return checked;
}

}  // namespace rapport::table
