#include "engine/log/embedded_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/log/archive_block.h"
#include "engine/log/partitioner.h"

namespace rapport::log {
namespace {

// How far the clock may stand before the newest record.
constexpr int64_t kClockBehindMax = kMicrosPerHour;
// A batch read ends about here, whatever number of records was asked for.
constexpr size_t kReadBytesMax = 16 << 20;
// What a record or a batch in memory costs beside its bytes, about.
constexpr size_t kOverheadBytes = 128;

size_t BytesOf(const NewRecord& record) {
  size_t bytes = record.key.size() + record.value.size() + kOverheadBytes;
  for (const auto& [name, value] : record.headers) bytes += name.size() + value.size() + 32;
  return bytes;
}

// The bytes that the views of a batch borrow.
struct Owned {
  std::deque<NewRecord> records;
  std::deque<std::vector<HeaderView>> headers;
};

// Joins pieces that follow each other into one batch.
class Joiner {
 public:
  Joiner(Partition partition, Offset next, size_t max_records) : max_records_(max_records) {
    batch_.partition = partition;
    batch_.first = batch_.next = next;
  }

  // Adds what is new in `piece`. False when the batch is full.
  bool Add(const RecordBatch& piece) {
    const Offset from = batch_.next;
    owners_->push_back(piece.owner);
    for (const RecordView& record : piece.records) {
      if (record.offset < from) continue;
      if (batch_.records.size() >= max_records_ || bytes_ > kReadBytesMax) return false;
      batch_.records.push_back(record);
      batch_.next = record.offset + 1;
      bytes_ += RecordBytes(record);
    }
    batch_.next = piece.next;
    return true;
  }

  RecordBatch Take() {
    batch_.owner = std::move(owners_);
    return std::move(batch_);
  }

 private:
  using Owners = std::vector<std::shared_ptr<const void>>;
  const size_t max_records_;
  RecordBatch batch_;
  std::shared_ptr<Owners> owners_ = std::make_shared<Owners>();
  size_t bytes_ = 0;
};

}  // namespace

class EmbeddedLog::Reader : public LogReader {
 public:
  Reader(EmbeddedLog* log, Partition partition, Offset next)
      : log_(log), partition_(partition), next_(next) {}

  absl::StatusOr<RecordBatch> Read(size_t max_records, absl::Duration timeout) override {
    ASSIGN_OR_RETURN(RecordBatch batch, log_->ReadFrom(partition_, next_, max_records, timeout));
    next_ = batch.next;
    return batch;
  }

 private:
  EmbeddedLog* const log_;
  const Partition partition_;
  Offset next_;
};

// What one synced write holds.
struct EmbeddedLog::Group {
  std::vector<Waiting> waiting;
  // Where each of them goes.
  std::vector<Appended> places;
  // One batch per partition that has any.
  std::vector<RecordBatch> batches;
};

EmbeddedLog::EmbeddedLog(Archive* archive, const Clock& clock, EmbeddedLogOptions options)
    : archive_(archive),
      clock_(clock),
      options_(std::move(options)),
      visible_(static_cast<size_t>(archive->partitions())) {
  for (Partition partition = 0; partition < archive->partitions(); ++partition) {
    const ArchiveEnd end = archive->End(partition);
    visible_[static_cast<size_t>(partition)].end = end.next;
    visible_[static_cast<size_t>(partition)].append_time_us = end.append_time_us;
  }
}

std::unique_ptr<EmbeddedLog> EmbeddedLog::Start(Archive* archive, const Clock& clock,
                                                EmbeddedLogOptions options) {
  std::unique_ptr<EmbeddedLog> log = Open(archive, clock, std::move(options));
  log->writer_ = std::thread([raw = log.get()] { raw->RunWriter(); });
  return log;
}

std::unique_ptr<EmbeddedLog> EmbeddedLog::Open(Archive* archive, const Clock& clock,
                                               EmbeddedLogOptions options) {
  return std::unique_ptr<EmbeddedLog>(new EmbeddedLog(archive, clock, std::move(options)));
}

EmbeddedLog::~EmbeddedLog() {
  {
    absl::MutexLock lock(&mutex_);
    is_ending_ = true;
  }
  if (writer_.joinable()) writer_.join();
}

absl::Status EmbeddedLog::Health() const {
  absl::MutexLock lock(&mutex_);
  return health_;
}

absl::Status EmbeddedLog::CheckPartition(Partition partition) const {
  if (partition >= 0 && partition < partitions()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the log has no partition ", partition, ", only 0 to ", partitions() - 1));
}

absl::Status EmbeddedLog::Admit(const Waiting& waiting) {
  RETURN_IF_ERROR(health_);
  if (waiting.bytes > kRecordBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("TOO_LARGE: a record of ", waiting.bytes,
                                                   " bytes; the log takes at most ",
                                                   kRecordBytesMax));
  }
  if (queue_bytes_ + waiting.bytes > options_.queue_bytes_max) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "QUEUE_FULL: ", queue_bytes_, " bytes wait to be written; try again in a moment"));
  }
  const int64_t newest = visible_[static_cast<size_t>(waiting.partition)].append_time_us;
  const int64_t now_us = clock_.NowMicros();
  if (now_us < newest - kClockBehindMax) {
    return absl::UnavailableError(absl::StrCat(
        "CLOCK_BEHIND: the clock says ", FormatTime(now_us), ", partition ", waiting.partition,
        " ends at ", FormatTime(newest), "; set the machine's clock and try again"));
  }
  return absl::OkStatus();
}

void EmbeddedLog::Append(NewRecord record, AppendDone done) {
  Waiting waiting;
  waiting.partition = PartitionOf(record.key, partitions());
  waiting.bytes = BytesOf(record);
  waiting.record = std::move(record);
  waiting.done = std::move(done);
  absl::Status admitted = options_.check_space ? options_.check_space() : absl::OkStatus();
  if (admitted.ok()) {
    absl::MutexLock lock(&mutex_);
    admitted = Admit(waiting);
    if (admitted.ok()) {
      queue_bytes_ += waiting.bytes;
      queue_.push_back(std::move(waiting));
      return;
    }
  }
  waiting.done(admitted);
}

void EmbeddedLog::RunWriter() {
  while (true) {
    Group group;
    {
      absl::MutexLock lock(&mutex_);
      const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return !queue_.empty() || is_ending_;
      };
      mutex_.Await(absl::Condition(&has_work));
      group.waiting = TakeGroup();
    }
    if (group.waiting.empty()) return;
    Finish(std::move(group));
  }
}

bool EmbeddedLog::WriteWaiting() {
  Group group;
  {
    absl::MutexLock lock(&mutex_);
    group.waiting = TakeGroup();
  }
  if (group.waiting.empty()) return false;
  Finish(std::move(group));
  return true;
}

std::vector<EmbeddedLog::Waiting> EmbeddedLog::TakeGroup() {
  std::vector<Waiting> taken;
  size_t bytes = 0;
  while (!queue_.empty() && bytes < options_.group_bytes_max) {
    bytes += queue_.front().bytes;
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queue_bytes_ -= bytes;
  return taken;
}

// Writes a group, shows it to the readers and answers its publishers.
void EmbeddedLog::Finish(Group group) {
  absl::Status written = Health();
  if (written.ok()) written = WriteGroup(group);
  if (written.ok()) {
    Show(group);
  } else {
    {
      absl::MutexLock lock(&mutex_);
      if (health_.ok()) health_ = written;
    }
    if (options_.fatal) options_.fatal(written);
  }
  for (size_t i = 0; i < group.waiting.size(); ++i) {
    if (written.ok()) {
      group.waiting[i].done(group.places[i]);
    } else {
      group.waiting[i].done(written);
    }
  }
}

absl::Status EmbeddedLog::WriteGroup(Group& group) {
  const int64_t now_us = clock_.NowMicros();
  // Partition -> its batch in the group.
  std::vector<int> batch_of(visible_.size(), -1);
  std::vector<std::shared_ptr<Owned>> owned;
  for (Waiting& waiting : group.waiting) {
    int& index = batch_of[static_cast<size_t>(waiting.partition)];
    const ArchiveEnd end = archive_->End(waiting.partition);
    if (index < 0) {
      index = static_cast<int>(group.batches.size());
      owned.push_back(std::make_shared<Owned>());
      group.batches.push_back({waiting.partition, end.next, end.next, {}, owned.back()});
    }
    RecordBatch& batch = group.batches[static_cast<size_t>(index)];
    Owned& bytes = *owned[static_cast<size_t>(index)];
    const NewRecord& record = bytes.records.emplace_back(std::move(waiting.record));
    std::vector<HeaderView>& headers = bytes.headers.emplace_back();
    headers.reserve(record.headers.size());
    for (const auto& [name, value] : record.headers) headers.push_back({name, value});
    const Appended place{waiting.partition, batch.next++, std::max(end.append_time_us, now_us)};
    batch.records.push_back({place.partition, place.offset, place.append_time_us, record.key,
                             record.value, absl::MakeConstSpan(headers)});
    group.places.push_back(place);
  }
  const absl::Status written = archive_->Append(group.batches, table::Durability::kSynced);
  if (written.ok()) return written;
  return absl::InternalError(absl::StrCat(
      "LOG_FAILED: ", written.message(),
      "; nothing is known of the records being written, the process must start again"));
}

void EmbeddedLog::Show(const Group& group) {
  const size_t recent_bytes_max = options_.recent_bytes_max / visible_.size();
  // Freed after the lock.
  std::vector<RecordBatch> dropped;
  absl::MutexLock lock(&mutex_);
  for (const RecordBatch& batch : group.batches) {
    Visible& visible = visible_[static_cast<size_t>(batch.partition)];
    visible.end = batch.next;
    visible.append_time_us = batch.records.back().append_time_us;
    const auto bytes_of = [](const RecordBatch& counted) {
      size_t bytes = kOverheadBytes;
      for (const RecordView& record : counted.records)
        bytes += RecordBytes(record) + kOverheadBytes;
      return bytes;
    };
    visible.recent.push_back(batch);
    visible.recent_bytes += bytes_of(batch);
    while (visible.recent_bytes > recent_bytes_max && !visible.recent.empty()) {
      visible.recent_bytes -= bytes_of(visible.recent.front());
      dropped.push_back(std::move(visible.recent.front()));
      visible.recent.pop_front();
    }
  }
}

absl::StatusOr<OffsetRange> EmbeddedLog::Range(Partition partition) {
  RETURN_IF_ERROR(CheckPartition(partition));
  const Offset start = archive_->End(partition).start;
  absl::MutexLock lock(&mutex_);
  return OffsetRange{start, visible_[static_cast<size_t>(partition)].end};
}

absl::StatusOr<std::unique_ptr<LogReader>> EmbeddedLog::NewReader(Partition partition,
                                                                  Offset next) {
  RETURN_IF_ERROR(CheckPartition(partition));
  if (next < 0) return absl::InvalidArgumentError(absl::StrCat("no offset is ", next));
  return std::make_unique<Reader>(this, partition, next);
}

absl::StatusOr<RecordBatch> EmbeddedLog::ReadFrom(Partition partition, Offset next,
                                                  size_t max_records, absl::Duration timeout) {
  const ArchiveEnd archived = archive_->End(partition);
  if (next < archived.start) {
    return absl::FailedPreconditionError(
        absl::StrCat("ARCHIVE_GAP: partition ", partition, " begins at ", archived.start,
                     ", offset ", next, " was accepted as lost; read from its start"));
  }
  Offset end = 0;
  {
    absl::MutexLock lock(&mutex_);
    const Visible& visible = visible_[static_cast<size_t>(partition)];
    // What is archived is shown a moment later: who has read the archive may be ahead that long.
    const auto has_news = [&visible, &archived, next] {
      return visible.end > next || archived.next < next;
    };
    // Waiting costs a system call even when there is no time to wait.
    if (timeout > absl::ZeroDuration() && !has_news()) {
      mutex_.AwaitWithTimeout(absl::Condition(&has_news), timeout);
    }
    if (next > visible.end && next > archived.next) {
      return absl::FailedPreconditionError(
          absl::StrCat("LOG_CHANGED: partition ", partition, " ends at ", visible.end,
                       " and does not hold offset ", next, "; restore the log that did"));
    }
    RecordBatch batch{partition, next, next, {}, nullptr};
    if (next >= visible.end) return batch;
    if (ReadRecent(visible, max_records, batch)) return batch;
    end = visible.end;
  }
  return ReadArchive(partition, next, end, max_records);
}

bool EmbeddedLog::ReadRecent(const Visible& visible, size_t max_records, RecordBatch& batch) const {
  if (visible.recent.empty() || batch.next < visible.recent.front().first) return false;
  auto it =
      std::upper_bound(visible.recent.begin(), visible.recent.end(), batch.next,
                       [](Offset next, const RecordBatch& recent) { return next < recent.next; });
  Joiner joiner(batch.partition, batch.next, max_records);
  while (it != visible.recent.end() && joiner.Add(*it)) ++it;
  batch = joiner.Take();
  return true;
}

absl::StatusOr<RecordBatch> EmbeddedLog::ReadArchive(Partition partition, Offset next, Offset end,
                                                     size_t max_records) {
  const std::unique_ptr<Cursor> cursor = archive_->Scan(partition, next, end);
  Joiner joiner(partition, next, max_records);
  for (RecordBatch piece; cursor->NextBatch(piece) && joiner.Add(piece);) {
  }
  RETURN_IF_ERROR(cursor->status());
  return joiner.Take();
}

}  // namespace rapport::log
