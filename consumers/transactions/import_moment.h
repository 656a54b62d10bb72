// MomentFormat: times of a file as moments, microseconds UTC.
//
//   ASSIGN_OR_RETURN(auto zone, FindTimeZone("Europe/London"));
//   ASSIGN_OR_RETURN(auto format, MomentFormat::Parse("%Y-%m-%d %H:%M:%S", zone));
//   std::optional<int64_t> at_us = format.Read("2010-12-01 08:26:00");
//
// The letters are those of strptime; %Y is four digits, so that %Y%m%d works. A format without a
// time of day gives 12:00 UTC of its day, whatever the zone, so that the day stays the day. A local
// time that a clock change skips or repeats is read with the offset before the change.
//
// Threads: plain values. The zones come from the machine's time zone database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rapport::transactions {

// The zone of an IANA name, such as `Europe/London` or `UTC`.
absl::StatusOr<absl::TimeZone> FindTimeZone(absl::string_view name);

class MomentFormat {
 public:
  MomentFormat() = default;

  // INVALID_ARGUMENT when the format does not tell year, month and day.
  static absl::StatusOr<MomentFormat> Parse(absl::string_view format, absl::TimeZone zone);

  // Nothing when `text` has another form or lies outside 1970 to 2099.
  std::optional<int64_t> Read(absl::string_view text) const;
  const std::string& written() const { return written_; }

 private:
  // As the user wrote it, and as Abseil understands it.
  std::string written_;
  std::string format_;
  absl::TimeZone zone_ = absl::UTCTimeZone();
  bool bare_day_ = false;
};

}  // namespace rapport::transactions
