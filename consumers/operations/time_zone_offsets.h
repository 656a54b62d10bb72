// TimeZoneOffsets: the offsets of a time zone as the calendar of rules wants them.
//
//   ASSIGN_OR_RETURN(std::string text, TimeZoneOffsets("Europe/Madrid", 2020, 2035));
//
// The text is written once and becomes part of the rules: zone databases differ between machines
// and change, rules do not. Nothing else asks for time zones.
//
// Threads: pure. Errors: INVALID_ARGUMENT for a zone that this machine does not know, years out of
// order, and offsets that are no whole minutes.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace rapport::operations {

// Rules to lay over others: one offset for the beginning of `first_year`, one for each change up to
// the end of `last_year`.
absl::StatusOr<std::string> TimeZoneOffsets(const std::string& zone, int first_year, int last_year);

}  // namespace rapport::operations
