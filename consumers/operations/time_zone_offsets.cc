#include "consumers/operations/time_zone_offsets.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "consumers/edge/nearest_name.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr int kYearFirst = 1970, kYearLast = 2100;

// The instant of a change: the first local time that it skips, or has twice, says when.
absl::Time InstantOf(const absl::TimeZone& zone,
                     const absl::TimeZone::CivilTransition& transition) {
  return zone.At(transition.from < transition.to ? transition.from : transition.to).trans;
}

absl::StatusOr<std::string> Entry(const absl::TimeZone& zone, absl::Time at) {
  const int seconds = zone.At(at).offset;
  if (seconds % 60 != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("the offset of ", zone.name(), " on ",
                     absl::FormatTime("%Y-%m-%d", at, absl::UTCTimeZone()), " is ", seconds,
                     " seconds, and rules know whole minutes; begin with a later year"));
  }
  return absl::StrCat("    offset { begins: \"",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", at, absl::UTCTimeZone()),
                      "\" minutes: ", seconds / 60, " }\n");
}

}  // namespace

absl::StatusOr<std::string> TimeZoneOffsets(const std::string& zone, int first_year,
                                            int last_year) {
  if (first_year < kYearFirst || last_year > kYearLast || first_year > last_year) {
    return absl::InvalidArgumentError(
        absl::StrCat("wrong usage: --years must be FIRST-LAST within ", kYearFirst, "-", kYearLast,
                     ", such as 2020-2035"));
  }
  absl::TimeZone known;
  // Names of files are understood too, and what this machine takes for local.
  const bool is_name = !zone.empty() && zone != "localtime" && zone.front() != '/' &&
                       zone.front() != ':' && !absl::StartsWith(zone, "file:");
  if (!is_name || !absl::LoadTimeZone(zone, &known)) {
    return absl::InvalidArgumentError(
        absl::StrCat("wrong usage: there is no time zone ", edge::ShownName(zone),
                     " on this machine; write one such as Europe/Madrid, as the folder "
                     "/usr/share/zoneinfo names them (package tzdata)"));
  }
  absl::Time at = absl::FromCivil(absl::CivilYear(first_year), absl::UTCTimeZone());
  const absl::Time end = absl::FromCivil(absl::CivilYear(last_year + 1), absl::UTCTimeZone());
  std::string text =
      absl::StrCat("# ", zone, ", ", first_year, " to ", last_year, ": rapport rules time-zone ",
                   zone, " --years ", first_year, "-", last_year, "\nevaluate {\n  calendar {\n");
  ASSIGN_OR_RETURN(std::string entry, Entry(known, at));
  text += entry;
  int offset = known.At(at).offset;
  absl::TimeZone::CivilTransition transition;
  // A change of the name alone is none.
  while (known.NextTransition(at, &transition)) {
    at = InstantOf(known, transition);
    if (at >= end) break;
    if (known.At(at).offset == offset) continue;
    offset = known.At(at).offset;
    ASSIGN_OR_RETURN(entry, Entry(known, at));
    text += entry;
  }
  return text + "  }\n}\n";
}

}  // namespace rapport::operations
