#include "tests/stories/words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::stories {
namespace {

constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// `10:00` or `10:00:30`.
bool LooksLikeTimeOfDay(absl::string_view word) {
  return (word.size() == 5 || word.size() == 8) && IsDigit(word[0]) && word[2] == ':';
}

absl::StatusOr<int64_t> ReadTimeOfDay(absl::string_view word) {
  const std::vector<absl::string_view> parts = absl::StrSplit(word, ':');
  int64_t numbers[3] = {0, 0, 0};
  bool good = parts.size() == 2 || parts.size() == 3;
  for (size_t i = 0; good && i < parts.size(); ++i) good = absl::SimpleAtoi(parts[i], &numbers[i]);
  if (!good || numbers[0] > 23 || numbers[1] > 59 || numbers[2] > 59) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", word, "` is no time of day: write 09:30 or 09:30:15"));
  }
  return ((numbers[0] * 60 + numbers[1]) * 60 + numbers[2]) * kMicrosPerSecond;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SplitWords(absl::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, begun = false;
  const auto end_word = [&] {
    if (!begun) return;
    const bool comma = !quoted && word.size() > 1 && word.back() == ',';
    if (comma) word.pop_back();
    words.push_back(word);
    if (comma) words.push_back(",");
    word.clear();
    begun = false;
  };
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
      begun = true;
    } else if (!quoted && !begun && c == '#') {
      break;
    } else if (!quoted && absl::ascii_isspace(static_cast<unsigned char>(c))) {
      end_word();
    } else {
      word += c;
      begun = true;
    }
  }
  if (quoted) return absl::InvalidArgumentError("a quotation mark is not closed");
  end_word();
  return words;
}

absl::StatusOr<int64_t> ReadLength(absl::string_view text) {
  int64_t length = 0;
  absl::string_view rest = text;
  while (!rest.empty()) {
    size_t digits = 0;
    while (digits < rest.size() && IsDigit(rest[digits])) ++digits;
    int64_t count = 0;
    int64_t unit = 0;
    if (digits < rest.size() && digits < 10 && absl::SimpleAtoi(rest.substr(0, digits), &count)) {
      if (rest[digits] == 'd') unit = kMicrosPerDay;
      if (rest[digits] == 'h') unit = kMicrosPerHour;
      if (rest[digits] == 'm') unit = kMicrosPerMinute;
      if (rest[digits] == 's') unit = kMicrosPerSecond;
    }
    if (unit == 0) break;
    length += count * unit;
    rest.remove_prefix(digits + 1);
  }
  if (!rest.empty() || text.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", text, "` is no length of time: write 30d, 24h, 90m or 1d12h"));
  }
  return length;
}

absl::StatusOr<int64_t> TakeMoment(const std::vector<std::string>& words, size_t& next,
                                   int64_t base_us) {
  if (next >= words.size()) return absl::InvalidArgumentError("a moment is missing");
  absl::string_view word = words[next++];
  if (word[0] == '+' || word[0] == '-') {
    ASSIGN_OR_RETURN(const int64_t length, ReadLength(word.substr(1)));
    return word[0] == '+' ? base_us + length : base_us - length;
  }
  absl::string_view time_of_day;
  if (word.size() > 10 && word[10] == 'T') {
    time_of_day = word.substr(11);
    word = word.substr(0, 10);
  } else if (next < words.size() && LooksLikeTimeOfDay(words[next])) {
    time_of_day = words[next++];
  }
  const absl::StatusOr<int64_t> midnight = ParseTime(word);
  if (!midnight.ok() || word.size() != 10) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", word, "` is no moment: write 2024-03-01, 2024-03-01 10:00 or +30d"));
  }
  if (time_of_day.empty()) return *midnight;
  ASSIGN_OR_RETURN(const int64_t since_midnight, ReadTimeOfDay(time_of_day));
  return *midnight + since_midnight;
}

absl::StatusOr<int64_t> ReadThousandths(absl::string_view text) {
  absl::string_view digits = text;
  const bool negative = absl::ConsumePrefix(&digits, "-");
  if (!negative) absl::ConsumePrefix(&digits, "+");
  const std::vector<absl::string_view> parts = absl::StrSplit(digits, '.');
  int64_t whole = 0, fraction = 0;
  bool good = parts.size() <= 2 && !parts[0].empty() && IsDigit(parts[0][0]) &&
              parts[0].size() < 13 && absl::SimpleAtoi(parts[0], &whole);
  if (good && parts.size() == 2) {
    good = !parts[1].empty() && parts[1].size() <= 3 && IsDigit(parts[1][0]) &&
           absl::SimpleAtoi(parts[1], &fraction);
    for (size_t i = parts[1].size(); i < 3; ++i) fraction *= 10;
  }
  if (!good) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", text, "` is no number: write 12, -180 or 21.7"));
  }
  const int64_t value = whole * 1000 + fraction;
  return negative ? -value : value;
}

std::string Written(int64_t at_us) {
  // FormatTime writes `2024-03-01T10:00:00Z`.
  std::string text = FormatTime(at_us);
  text[10] = ' ';
  if (absl::EndsWith(text, ":00Z")) return text.substr(0, 16);
  return std::string(absl::StripSuffix(text, "Z"));
}

}  // namespace rapport::stories
