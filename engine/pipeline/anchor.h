// Anchor holds the archive's last records against the log: it must still be the one that was
// archived.
//
//   RETURN_IF_ERROR(anchor.Take(range));               // what the log holds
//   while (!anchor.IsMet()) {                          // read the log from anchor.next() on
//     RETURN_IF_ERROR(anchor.Compare(batch));
//   }
//
// From the first of those records to the archive's end the log must hold them and, where the
// archive has a gap, nothing else. Where no record is left to compare, it must hold none either.
//
// Threads:   the partition's thread. Ownership: borrows the archive.
// Errors:    FAILED_PRECONDITION: ARCHIVE_GAP when the log begins above the archive's end,
//            LOG_CHANGED when it holds something else; those of the archive.
#pragma once

#include <deque>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/log/archive.h"
#include "engine/log/log.h"

namespace rapport::pipeline {

// How many of the archive's last records are compared with the log. One would do if no two
// histories had the same record at one offset; producers' own times allow that.
inline constexpr size_t kAnchorRecords = 64;

class Anchor {
 public:
  Anchor(log::Archive* archive, Partition partition) : archive_(archive), partition_(partition) {}

  // Begins a comparison with a log that holds `range`.
  absl::Status Take(const log::OffsetRange& range);
  // The offset that is compared next.
  Offset next() const { return next_; }
  // Everything up to the archive's end was found in the log.
  bool IsMet() const { return next_ >= end_; }
  // `batch` is what the log has from next() on.
  absl::Status Compare(const RecordBatch& batch);

 private:
  // What of an archived record is compared.
  struct Archived {
    Offset offset = 0;
    uint32_t crc = 0;
    int64_t append_time_us = 0;
  };

  absl::StatusOr<std::deque<Archived>> LastArchived(Offset from) const;
  absl::Status Differs(Offset offset, absl::string_view how, absl::string_view now) const;

  log::Archive* const archive_;
  const Partition partition_;
  // As far as the log has not shown the same yet.
  std::deque<Archived> records_;
  Offset next_ = 0;
  // Of the archive.
  Offset end_ = 0;
};

}  // namespace rapport::pipeline
