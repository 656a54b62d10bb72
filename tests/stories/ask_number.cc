#include "tests/stories/ask_number.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"
#include "engine/model/ids.h"
#include "tests/stories/reason.h"
#include "tests/stories/verdict.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

constexpr const char* kTypes[] = {"transactional", "promotional", "reactive",    "proactive",
                                  "collaborative", "advocacy",    "partnership", "community"};

// A quantity and how many words name it.
struct Quantity {
  int64_t thousandths = 0;
  size_t words = 0;
  std::vector<v1::ScoreLine> lines;
};

absl::StatusOr<Quantity> ShareOf(const Clause& clause, const View& view) {
  const auto* type = clause.words.empty()
                         ? std::end(kTypes)
                         : std::find(std::begin(kTypes), std::end(kTypes), clause.words[0]);
  if (type == std::end(kTypes)) return Wrong("write `share reactive 500`, of 1000");
  Quantity quantity{0, 1, {}};
  for (const v1::TypeShare& share : view.standing->types()) {
    if (static_cast<ptrdiff_t>(share.type()) == type - std::begin(kTypes)) {
      quantity.thousandths = int64_t{share.permille()} * 1000;
    }
  }
  return quantity;
}

// What `clause` asks for, by its verb and the words that belong to it.
absl::StatusOr<Quantity> Measure(const Clause& clause, const View& view) {
  const v1::Standing& standing = *view.standing;
  if (clause.verb == "loyalty" || clause.verb == "score") {
    return Quantity{int64_t{standing.score_milli()}, 0, {}};
  }
  if (clause.verb == "alive") return Quantity{int64_t{standing.outlook().alive_ppm()} / 10, 0, {}};
  if (clause.verb == "cadence") return Quantity{standing.outlook().cadence_days() * 1000, 0, {}};
  if (clause.verb == "purchase") {
    if (clause.words.empty() || clause.words[0] != "days") return Wrong("write `purchase days 3`");
    return Quantity{int64_t{standing.purchase_days()} * 1000, 1, {}};
  }
  if (clause.verb == "share") return ShareOf(clause, view);
  Quantity quantity;
  quantity.lines = LinesOf(clause.verb);
  for (const v1::ScoreLine line : quantity.lines) {
    quantity.thousandths += standing.lines(line - 1).milli_points();
  }
  return quantity;
}

std::string WrittenThousandths(int64_t value) {
  return absl::StrFormat("%s%d.%03d", value < 0 ? "-" : "", std::abs(value) / 1000,
                         std::abs(value) % 1000);
}

// A number, or what was remembered, and possibly a number to add: `before - 10`.
absl::StatusOr<int64_t> Operand(std::vector<std::string> words, const Memory& memory) {
  if (!words.empty() &&
      (words.back() == "%" || words.back() == "days" || words.back() == "points")) {
    words.pop_back();
  }
  if (words.empty()) return Wrong("a number is missing");
  int64_t value = 0;
  const auto known = memory.find(words[0]);
  if (known != memory.end()) {
    value = known->second;
  } else {
    absl::StatusOr<int64_t> number = ReadThousandths(words[0]);
    if (!number.ok()) return Wrong(number.status().message(), ", or what was remembered");
    value = *number;
  }
  if (words.size() == 1) return value;
  if (words.size() != 3 || (words[1] != "+" && words[1] != "-")) {
    return Wrong("`", words[1], "` is too much");
  }
  ASSIGN_OR_RETURN(const int64_t more, ReadThousandths(words[2]));
  return words[1] == "+" ? value + more : value - more;
}

// Each reason must be named by the receipt of one of the lines; an event also counts when the
// timeline says that it moved one of them.
absl::Status CheckLineReasons(const Clause& clause, const View& view,
                              const std::vector<v1::ScoreLine>& lines) {
  if (clause.because.empty()) return absl::OkStatus();
  if (lines.empty()) return Wrong("only lines of the score and flags have a reason to ask for");
  for (const std::vector<std::string>& words : clause.because) {
    ASSIGN_OR_RETURN(const Reason reason, ReadReason(words, view));
    bool found = std::any_of(lines.begin(), lines.end(), [&](v1::ScoreLine line) {
      return Names(view.standing->lines(line - 1).receipt(), reason);
    });
    if (!found && !reason.events.empty()) {
      for (const v1::TimelineEntry& entry : view.timeline()) {
        if (!reason.events.contains(EventId::FromText(entry.touchpoint().event_id()).Hex()))
          continue;
        for (const v1::LineEffect& effect : entry.effects()) {
          found = found || std::find(lines.begin(), lines.end(), effect.line()) != lines.end();
        }
      }
    }
    if (!found) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the reason is another: ", view.standing->lines(lines[0] - 1).receipt().text()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<v1::ScoreLine> LinesOf(const std::string& word) {
  if (word == "sentiment") return {v1::SCORE_LINE_SENTIMENT_PLUS, v1::SCORE_LINE_SENTIMENT_MINUS};
  v1::ScoreLine line;
  if (absl::AsciiStrToLower(word) != word ||
      !v1::ScoreLine_Parse(absl::StrCat("SCORE_LINE_", absl::AsciiStrToUpper(word)), &line)) {
    return {};
  }
  return {line};
}

bool EqualsAsWritten(int64_t is, const std::string& written, int64_t expected) {
  const size_t point = written.find('.');
  size_t digits = point == std::string::npos ? 0 : written.size() - point - 1;
  int64_t unit = 1000;
  for (; digits > 0; --digits) unit /= 10;
  return is / unit == expected / unit;
}

bool IsQuantity(const std::string& word) {
  constexpr const char* kOthers[] = {"loyalty", "score", "alive", "cadence", "purchase", "share"};
  return !LinesOf(word).empty() ||
         std::find(std::begin(kOthers), std::end(kOthers), word) != std::end(kOthers);
}

absl::Status AskNumber(const Clause& clause, const View& view, Memory& memory) {
  if (clause.negated) return Wrong("write `", clause.verb, "` with < or > and without `not`");
  ASSIGN_OR_RETURN(const Quantity quantity, Measure(clause, view));
  std::vector<std::string> words(clause.words.begin() + static_cast<ptrdiff_t>(quantity.words),
                                 clause.words.end());
  std::string sign;
  if (!words.empty() && std::string("<=>").find(words[0][0]) != std::string::npos) {
    sign = words[0];
    words.erase(words.begin());
  }
  ASSIGN_OR_RETURN(const int64_t expected, Operand(words, memory));
  const int64_t is = quantity.thousandths;
  bool right = false;
  if (sign.empty()) {
    right = EqualsAsWritten(is, words[0], expected);
  } else if (sign == "<") {
    right = is < expected;
  } else if (sign == ">") {
    right = is > expected;
  } else if (sign == "<=") {
    right = is <= expected;
  } else if (sign == ">=") {
    right = is >= expected;
  } else if (sign == "=") {
    right = is == expected;
  } else {
    return Wrong("`", sign, "` compares nothing: write <, >, <=, >= or =");
  }
  if (!right) {
    return absl::FailedPreconditionError(absl::StrCat(
        "it is ", WrittenThousandths(is), ", compared with ", WrittenThousandths(expected)));
  }
  return CheckLineReasons(clause, view, quantity.lines);
}

absl::Status Remember(const Clause& clause, const View& view, Memory& memory) {
  const std::vector<std::string>& words = clause.words;
  if (words.size() < 3 || words[words.size() - 2] != "as" || !IsQuantity(words[0])) {
    return Wrong("write `remember loyalty as before`");
  }
  Clause measured;
  measured.verb = words[0];
  measured.words.assign(words.begin() + 1, words.end() - 2);
  ASSIGN_OR_RETURN(const Quantity quantity, Measure(measured, view));
  memory[words.back()] = quantity.thousandths;
  return absl::OkStatus();
}

}  // namespace rapport::stories
