#include "tests/stories/ask_history.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"
#include "tests/stories/reason.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

// The row as the question writes it, with its causes.
std::string Told(const v1::StandingRow& row) {
  std::string text = absl::StrCat(Written(row.at_us()), " ",
                                  absl::StripPrefix(v1::Stage_Name(row.stage()), "STAGE_"));
  for (const int flag : row.flags()) {
    absl::StrAppend(&text, " ",
                    absl::StripPrefix(v1::Flag_Name(static_cast<v1::Flag>(flag)), "FLAG_"));
  }
  absl::StrAppend(&text, " after ", absl::StripPrefix(v1::Stage_Name(row.stage_before()), "STAGE_"),
                  " because ", row.stage_rule().rule_id());
  if (row.by_time()) absl::StrAppend(&text, " because TIME");
  for (const v1::ChangeCause& cause : row.causes()) {
    absl::StrAppend(&text, " because ", absl::StripPrefix(v1::Kind_Name(cause.kind()), "KIND_"));
  }
  return text;
}

// What the row should be.
struct Expected {
  int64_t at_us = 0;
  v1::Stage stage = v1::STAGE_UNSPECIFIED;
  std::vector<int> flags;
  std::optional<v1::Stage> before;
};

absl::StatusOr<Expected> ReadExpected(const std::vector<std::string>& words, int64_t base_us) {
  Expected expected;
  size_t next = 1;
  ASSIGN_OR_RETURN(expected.at_us, TakeMoment(words, next, base_us));
  for (; next < words.size(); ++next) {
    v1::Stage stage;
    v1::Flag flag;
    const bool is_before = words[next] == "after" && next + 1 < words.size();
    if (is_before) ++next;
    if (v1::Stage_Parse(absl::StrCat("STAGE_", words[next]), &stage)) {
      if (is_before) {
        expected.before = stage;
      } else {
        expected.stage = stage;
      }
    } else if (!is_before && v1::Flag_Parse(absl::StrCat("FLAG_", words[next]), &flag)) {
      expected.flags.push_back(flag);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("there is no stage and no flag ", words[next]));
    }
  }
  return expected;
}

// Every reason is the row's rule or one of its causes, and none of its causes is left out.
absl::StatusOr<bool> IsBecause(const Clause& clause, const View& view, const v1::StandingRow& row) {
  bool by_time = false;
  bool causes_asked = false;
  std::set<std::string> told;
  for (const std::vector<std::string>& words : clause.because) {
    if (words == std::vector<std::string>{"TIME"}) {
      by_time = causes_asked = true;
      continue;
    }
    ASSIGN_OR_RETURN(const Reason reason, ReadReason(words, view));
    if (!reason.rule.empty()) {
      if (row.stage_rule().rule_id() != reason.rule) return false;
      continue;
    }
    causes_asked = true;
    const bool names =
        std::any_of(row.causes().begin(), row.causes().end(), [&](const v1::ChangeCause& cause) {
          const bool is = reason.events.contains(cause.id());
          if (is) told.insert(cause.id());
          return is;
        });
    if (!names) return false;
  }
  return !causes_asked ||
         (by_time == row.by_time() && static_cast<int>(told.size()) == row.causes_size());
}

}  // namespace

absl::Status AskHistory(const Clause& clause, const View& view, Memory&) {
  const std::vector<std::string>& words = clause.words;
  const std::vector<v1::StandingRow>& rows = view.history();
  if (words.size() == 3 && words[0] == "has" && absl::StartsWith(words[2], "change")) {
    if (words[1] == absl::StrCat(rows.size())) return absl::OkStatus();
    std::string told;
    for (const v1::StandingRow& row : rows) absl::StrAppend(&told, "; ", Told(row));
    return absl::FailedPreconditionError(absl::StrCat("it has ", rows.size(), told));
  }
  if (words.size() < 3 || words[0] != "shows" || clause.negated) {
    return absl::InvalidArgumentError(
        "write `history has 3 changes` or `history shows 2024-06-01 DISSOLUTION because TIME`");
  }
  ASSIGN_OR_RETURN(const Expected expected, ReadExpected(words, view.line_us));
  std::string told;
  for (const v1::StandingRow& row : rows) {
    if (row.at_us() != expected.at_us) continue;
    ASSIGN_OR_RETURN(const bool because, IsBecause(clause, view, row));
    if (because && row.stage() == expected.stage &&
        std::equal(row.flags().begin(), row.flags().end(), expected.flags.begin(),
                   expected.flags.end()) &&
        (!expected.before.has_value() || *expected.before == row.stage_before())) {
      return absl::OkStatus();
    }
    absl::StrAppend(&told, told.empty() ? "" : "; ", Told(row));
  }
  return absl::FailedPreconditionError(told.empty() ? "there is no change at that moment"
                                                    : absl::StrCat("it is ", told));
}

}  // namespace rapport::stories
