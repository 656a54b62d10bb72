#include "consumers/operations/json_values.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace rapport::operations {
namespace {

constexpr size_t kNone = absl::string_view::npos;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// What an object looks like as its text goes by: how deep it is, and what may come next.
class Nesting {
 public:
  // False when the text cannot go on after `c`.
  bool Take(char c) {
    if (in_string_) {
      if (c == '\n') return false;
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
      return true;
    }
    if (c == '"') in_string_ = true;
    if (c == '{' || c == '[') open_.push_back(c);
    if ((c == '}' || c == ']') && !open_.empty()) open_.pop_back();
    if (!IsBlank(c)) last_ = c;
    return true;
  }
  bool closed() const { return open_.empty(); }
  // True when an object may begin here: as the value of a key, or within a list.
  bool MayHoldObject() const { return last_ == ':' || (!open_.empty() && open_.back() == '['); }

 private:
  std::vector<char> open_;
  bool in_string_ = false;
  bool escaped_ = false;
  char last_ = 0;
};

absl::string_view LineAt(absl::string_view text, size_t at) {
  const size_t end = text.find('\n', at);
  return text.substr(at, end == kNone ? kNone : end - at);
}

// True when `line` holds one object and nothing else but a comma.
bool IsWholeObject(absl::string_view line) {
  if (!absl::StartsWith(line, "{")) return false;
  Nesting nesting;
  for (size_t i = 0; i < line.size(); ++i) {
    if (!nesting.Take(line[i])) return false;
    if (!nesting.closed()) continue;
    const absl::string_view rest = absl::StripAsciiWhitespace(line.substr(i + 1));
    return rest.empty() || rest == ",";
  }
  return false;
}

// Where the object that begins at `begin` ends, or cannot go on.
size_t EndOfObject(absl::string_view text, size_t begin) {
  Nesting nesting;
  for (size_t i = begin; i < text.size(); ++i) {
    if (!nesting.Take(text[i])) return i;
    if (nesting.closed()) return i + 1;
    if (text[i] != '\n') continue;
    const absl::string_view line = LineAt(text, i + 1);
    const bool begins_object = absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), "{");
    if (IsWholeObject(line) || (begins_object && !nesting.MayHoldObject())) return i;
  }
  return text.size();
}

class Splitter {
 public:
  explicit Splitter(absl::string_view text) : text_(text) {}

  std::vector<JsonValue> Run() {
    if (absl::StartsWith(text_, "\xEF\xBB\xBF")) at_ = line_begin_ = 3;
    size_t list = kNone;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (IsBlank(c) || (list != kNone && c == ',')) {
        Advance(at_ + 1);
      } else if (list == kNone && c == '[') {
        // Kept as a value until its end is seen.
        list = values_.size();
        Put(at_ + 1);
        values_.back().open_list = true;
      } else if (list != kNone && c == ']') {
        values_.erase(values_.begin() + static_cast<std::ptrdiff_t>(list));
        list = kNone;
        Advance(at_ + 1);
      } else if (c == '{') {
        Put(EndOfObject(text_, at_));
      } else {
        Put(std::min(text_.find_first_of(list == kNone ? "\n" : ",]\n", at_), text_.size()));
      }
    }
    return std::move(values_);
  }

 private:
  void Put(size_t end) {
    values_.push_back({.text = absl::StripTrailingAsciiWhitespace(text_.substr(at_, end - at_)),
                       .line = line_,
                       .column = static_cast<int64_t>(at_ - line_begin_ + 1)});
    Advance(end);
  }

  void Advance(size_t end) {
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n') continue;
      ++line_;
      line_begin_ = at_ + 1;
    }
  }

  const absl::string_view text_;
  size_t at_ = 0;
  size_t line_begin_ = 0;
  int64_t line_ = 1;
  std::vector<JsonValue> values_;
};

}  // namespace

std::vector<JsonValue> SplitJsonValues(absl::string_view text) { return Splitter(text).Run(); }

}  // namespace rapport::operations
