#include "consumers/support/watch_place.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"

namespace rapport::support {
namespace {

// Reads a number of digits only.
template <typename Number>
bool ParseNumber(absl::string_view text, Number& number) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(text, &number);
}

bool ParseStep(absl::string_view text, WatchedStep& step) {
  if (absl::ConsumePrefix(&text, "t:")) {
    step.what = WatchedStep::What::kTime;
    return ParseNumber(text, step.end);
  }
  if (absl::ConsumePrefix(&text, "r:")) {
    step.what = WatchedStep::What::kRules;
    step.rules = std::string(text);
    return !text.empty();
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  return parts.size() == 2 && ParseNumber(parts[0], step.partition) &&
         ParseNumber(parts[1], step.end);
}

// One of the parts that only a watch reads; others are nothing to it.
bool ParsePart(absl::string_view part, WatchPlaceText& place) {
  if (absl::ConsumePrefix(&part, "t@")) {
    return ParseNumber(part, place.told_to_us.emplace());
  }
  if (absl::ConsumePrefix(&part, "r@")) {
    place.rules = std::string(part);
    return !part.empty();
  }
  if (absl::ConsumePrefix(&part, "s@")) return ParseStep(part, place.step.emplace());
  return true;
}

}  // namespace

std::string WatchedStep::ToString() const {
  if (what == What::kTime) return absl::StrCat("s@t:", end);
  if (what == What::kRules) return absl::StrCat("s@r:", rules);
  return absl::StrCat("s@", partition, ":", end);
}

std::string WatchPlace::ToString() const {
  std::string text = position.ToString();
  absl::StrAppend(&text, ";t@", told_to_us, ";r@", edge::RulesDigestOf(*rules));
  if (step.has_value()) absl::StrAppend(&text, ";", step->ToString());
  return text;
}

bool WatchPlace::IsWithin(const WatchPlace& other) const {
  const auto reached = [&other](Partition partition, Offset next) {
    const auto there = other.position.next.find(partition);
    return there != other.position.next.end() && next <= there->second;
  };
  if (step.has_value() && step->what == WatchedStep::What::kEvents &&
      !reached(step->partition, step->end)) {
    return false;
  }
  if (step.has_value() && step->what == WatchedStep::What::kTime && step->end > other.told_to_us) {
    return false;
  }
  return told_to_us <= other.told_to_us &&
         std::all_of(position.next.begin(), position.next.end(),
                     [&](const auto& entry) { return reached(entry.first, entry.second); });
}

absl::StatusOr<WatchPlaceText> WatchPlaceText::Parse(absl::string_view text) {
  WatchPlaceText place;
  ASSIGN_OR_RETURN(place.position, Position::Parse(text));
  for (const absl::string_view part : absl::StrSplit(text, ';')) {
    if (ParsePart(part, place)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("POSITION_MALFORMED: '", text,
                     "' is not a place of a watch; give a `position` as a message of it had it"));
  }
  return place;
}

}  // namespace rapport::support
