#include "engine/pipeline/anchor.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::pipeline {

// The archive's last records, without those before `from`.
absl::StatusOr<std::deque<Anchor::Archived>> Anchor::LastArchived(Offset from) const {
  // Blocks are short, so a window of offsets that doubles soon holds a record.
  for (Offset window = 512;; window *= 2) {
    const Offset begin = std::max(from, end_ > window ? end_ - window : 0);
    std::deque<Archived> last;
    const auto cursor = archive_->Scan(partition_, begin, end_);
    RecordBatch batch;
    while (cursor->NextBatch(batch)) {
      for (const RecordView& record : batch.records) {
        last.push_back({record.offset, log::RecordCrc(record), record.append_time_us});
        if (last.size() > kAnchorRecords) last.pop_front();
      }
    }
    RETURN_IF_ERROR(cursor->status());
    if (!last.empty() || begin <= from) return last;
  }
}

absl::Status Anchor::Take(const log::OffsetRange& range) {
  end_ = archive_->End(partition_).next;
  if (range.start > end_) {
    return absl::FailedPreconditionError(absl::StrCat(
        "ARCHIVE_GAP: the log of partition ", partition_, " begins at ", range.start,
        ", the archive ends at ", end_, ": the events between are lost to both, reads go on"));
  }
  ASSIGN_OR_RETURN(records_, LastArchived(range.start));
  if (range.end < end_) {
    while (records_.size() > 1) records_.pop_front();
    return Differs(end_ - 1, "is gone", absl::StrCat("its end at ", range.end));
  }
  next_ = records_.empty() ? range.start : records_.front().offset;
  return absl::OkStatus();
}

absl::Status Anchor::Compare(const RecordBatch& batch) {
  next_ = batch.next;
  for (const RecordView& record : batch.records) {
    if (record.offset >= end_) break;
    if (records_.empty()) return Differs(record.offset, "was not there", log::OutlineOf(record));
    const Archived& archived = records_.front();
    if (record.offset > archived.offset) {
      return Differs(archived.offset, "is gone", absl::StrCat("next ", log::OutlineOf(record)));
    }
    if (record.offset < archived.offset || log::RecordCrc(record) != archived.crc) {
      return Differs(record.offset, "differs", log::OutlineOf(record));
    }
    records_.pop_front();
  }
  if (records_.empty() || batch.next <= records_.front().offset) return absl::OkStatus();
  const auto later = std::find_if(batch.records.begin(), batch.records.end(),
                                  [this](const RecordView& r) { return r.offset >= end_; });
  return Differs(records_.front().offset, "is gone",
                 later == batch.records.end() ? absl::StrCat("none before ", batch.next)
                                              : absl::StrCat("next ", log::OutlineOf(*later)));
}

// `now` is what the log has in the place of what was archived.
absl::Status Anchor::Differs(Offset offset, absl::string_view how, absl::string_view now) const {
  return absl::FailedPreconditionError(absl::StrCat(
      "LOG_CHANGED: the log was truncated or re-created (record ", partition_, "@", offset, " ",
      how, "): the archive ",
      records_.empty() ? "has none there"
                       : absl::StrCat("has ", log::OutlineOf(partition_, records_.front().offset,
                                                             records_.front().crc,
                                                             records_.front().append_time_us)),
      ", the log has ", now, ". Partition ", partition_,
      " is stopped, reads go on. Check the cluster, then: rapport status"));
}

}  // namespace rapport::pipeline
