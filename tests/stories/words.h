// Words and moments of story lines.
//
//   ASSIGN_OR_RETURN(std::vector<std::string> words, SplitWords("at 2024-03-01 10:00"));
//   size_t next = 1;
//   ASSIGN_OR_RETURN(int64_t at_us, TakeMoment(words, next, line_us));   // next is 3 then
//
// Threads: pure. Errors: INVALID_ARGUMENT that names the word and says what is understood.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rapport::stories {

// Words between blanks; what stands in double quotes keeps its blanks. A comma at the end of a word
// is a word of its own; a word that begins with # ends the line.
absl::StatusOr<std::vector<std::string>> SplitWords(absl::string_view line);

// Reads `2024-03-01`, `2024-03-01 10:00`, `2024-03-01T10:00:30`, or a distance from `base_us` such
// as `+182d` or `-1d12h` (d, h, m, s) at words[next], and moves `next` behind it. Times are UTC.
absl::StatusOr<int64_t> TakeMoment(const std::vector<std::string>& words, size_t& next,
                                   int64_t base_us);

// `1d12h` in microseconds; units d, h, m, s.
absl::StatusOr<int64_t> ReadLength(absl::string_view text);

// `12.5` as 12500, at most three digits behind the point.
absl::StatusOr<int64_t> ReadThousandths(absl::string_view text);

// `2024-03-01 10:00`, with seconds when there are any: how messages write a moment.
std::string Written(int64_t at_us);

}  // namespace rapport::stories
