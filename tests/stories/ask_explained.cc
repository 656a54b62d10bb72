#include "tests/stories/ask_explained.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "tests/stories/ask_number.h"
#include "tests/stories/reason.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

// Milli-points of the lines that belong to the events; without events, to none.
int64_t PointsOf(const v1::Explanation& explanation, const std::vector<v1::ScoreLine>& lines,
                 const std::set<std::string>& events) {
  const auto is_asked = [&lines](v1::ScoreLine line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  int64_t points = 0;
  if (events.empty()) {
    for (const v1::UnsharedLine& left : explanation.unshared()) {
      if (is_asked(left.line())) points += left.milli_points();
    }
  }
  for (const v1::ExplainedEvent& event : explanation.events()) {
    if (!events.contains(event.id())) continue;
    for (const v1::LineShare& share : event.shares()) {
      if (is_asked(share.line())) points += share.milli_points();
    }
  }
  return points;
}

}  // namespace

absl::Status AskLine(const Clause& clause, const View& view, Memory&) {
  const std::vector<std::string>& words = clause.words;
  if (clause.negated || words.size() < 4 || words[1] != "of" || LinesOf(words[0]).empty()) {
    return absl::InvalidArgumentError("write `line dialogue of EnquiryMade Q1 12.4`");
  }
  if (view.explanation == nullptr) {
    return absl::InvalidArgumentError("shares are told under the story's own rules only");
  }
  ASSIGN_OR_RETURN(const int64_t expected, ReadThousandths(words.back()));
  std::set<std::string> events;
  if (words[2] != "nobody") {
    ASSIGN_OR_RETURN(const Reason reason, ReadReason({words.begin() + 2, words.end() - 1}, view));
    if (reason.events.empty()) {
      return absl::InvalidArgumentError("behind `of` stands an event, such as EnquiryMade Q1");
    }
    events = reason.events;
  }
  const int64_t is = PointsOf(*view.explanation, LinesOf(words[0]), events);
  if (EqualsAsWritten(is, words.back(), expected)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("it is ", is, " milli-points"));
}

absl::Status AskWeight(const Clause& clause, const View& view, Memory&) {
  const std::vector<std::string>& words = clause.words;
  if (clause.negated || words.size() < 4 || words[1] != "of") {
    return absl::InvalidArgumentError("write `weight community of CommunityActed first 1000`");
  }
  if (view.explanation == nullptr) {
    return absl::InvalidArgumentError("weights are told under the story's own rules only");
  }
  ASSIGN_OR_RETURN(const int64_t expected, ReadThousandths(words.back()));
  ASSIGN_OR_RETURN(const Reason reason, ReadReason({words.begin() + 2, words.end() - 1}, view));
  if (reason.events.empty()) {
    return absl::InvalidArgumentError("behind `of` stands an event, such as EnquiryMade Q1");
  }
  int64_t is = 0;
  for (const v1::ExplainedEvent& event : view.explanation->events()) {
    if (!reason.events.contains(event.id())) continue;
    for (const v1::TypeWeight& weight : event.types()) {
      if (weight.name() == absl::StrCat("type_", words[0])) is += weight.weight_now();
    }
  }
  if (is * 1000 == expected) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("it is ", is));
}

}  // namespace rapport::stories
