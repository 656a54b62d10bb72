#include "consumers/transactions/import_text.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"

namespace rapport::transactions {
namespace {

constexpr size_t kShownBytesMax = 40;

// Letters to insert, delete or replace, ignoring case.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = absl::ascii_tolower(a[i - 1]) == absl::ascii_tolower(b[j - 1]);
      const size_t replaced = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

bool IsContinuation(unsigned char c) { return (c & 0xC0) == 0x80; }

// Bytes of the well-formed UTF-8 character at the front of `text`; 0 when there is none.
size_t CharacterSize(absl::string_view text) {
  const auto at = [text](size_t i) -> unsigned char {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !IsContinuation(at(1))) return 0;
  if (first < 0xE0) return 2;
  if (!IsContinuation(at(2))) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && at(1) < 0xA0;
    const bool surrogate = first == 0xED && at(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = first == 0xF0 && at(1) < 0x90;
  const bool beyond = first == 0xF4 && at(1) >= 0x90;
  return overlong || beyond || !IsContinuation(at(3)) ? 0 : 4;
}

absl::Status MappingError(absl::string_view path, Place place, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ":", place.line, ":", place.column, ": ", what));
}

}  // namespace

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const size_t size = CharacterSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool HasControl(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_c1 = byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F || is_c1) return true;
  }
  return false;
}

std::string DidYouMean(absl::string_view word, absl::Span<const std::string> known) {
  size_t best = std::max<size_t>(1, word.size() / 3) + 1;
  const std::string* nearest = nullptr;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(word, candidate);
    if (distance >= best) continue;
    best = distance;
    nearest = &candidate;
  }
  return nearest == nullptr ? "" : absl::StrCat("; did you mean '", *nearest, "'?");
}

int ColumnUses::SlotOf(absl::string_view name, Place place) {
  for (size_t i = 0; i < uses_.size(); ++i) {
    if (uses_[i].name == name) return static_cast<int>(i);
  }
  uses_.push_back({.name = std::string(name), .place = place});
  return static_cast<int>(uses_.size()) - 1;
}

int ColumnUses::Require(absl::string_view name, Place place) {
  const int slot = SlotOf(name, place);
  Use& use = uses_[static_cast<size_t>(slot)];
  if (!use.required) use.place = place;
  use.required = true;
  return slot;
}

int ColumnUses::Allow(absl::string_view name, Place place) { return SlotOf(name, place); }

absl::StatusOr<std::vector<int>> ColumnUses::Bind(absl::string_view mapping_path,
                                                  absl::Span<const std::string> columns,
                                                  absl::string_view data_path) const {
  std::vector<int> fields;
  for (const Use& use : uses_) {
    const auto found = std::find(columns.begin(), columns.end(), use.name);
    if (found == columns.end()) {
      fields.push_back(-1);
      if (!use.required) continue;
      return MappingError(mapping_path, use.place,
                          absl::StrCat("column '", use.name, "' is not in ", data_path,
                                       DidYouMean(use.name, columns), " (it has ",
                                       absl::StrJoin(columns, ", "), ")"));
    }
    if (std::find(found + 1, columns.end(), use.name) != columns.end()) {
      return MappingError(mapping_path, use.place,
                          absl::StrCat("column '", use.name, "' stands twice in ", data_path,
                                       "; name its columns apart"));
    }
    fields.push_back(static_cast<int>(found - columns.begin()));
  }
  return fields;
}

absl::StatusOr<absl::string_view> RowView::TextOf(int slot) const {
  const absl::string_view text = FieldOf(slot).text;
  if (IsUtf8(text)) return text;
  const InputField& field = FieldOf(slot);
  return absl::InvalidArgumentError(absl::StrCat(path_, ":", field.line, ":", field.column, ": ",
                                                 uses_.NameOf(slot),
                                                 " is not UTF-8; convert the file"));
}

absl::Status RowView::Error(int slot, absl::string_view what) const {
  const InputField& field = FieldOf(slot);
  const absl::string_view shown = field.text.substr(0, kShownBytesMax);
  return absl::InvalidArgumentError(absl::StrCat(path_, ":", field.line, ":", field.column, ": ",
                                                 uses_.NameOf(slot), " '",
                                                 IsUtf8(shown) ? shown : "...", "' ", what));
}

absl::Status RowView::Error(absl::string_view what) const {
  return absl::InvalidArgumentError(absl::StrCat(path_, ":", row_.line, ":1: ", what));
}

absl::StatusOr<Text> Text::Parse(absl::string_view source, Place place, ColumnUses& uses) {
  Text text;
  std::string literal;
  const auto end_literal = [&text, &literal] {
    if (!literal.empty()) text.pieces_.push_back({.literal = literal});
    literal.clear();
  };
  while (!source.empty()) {
    const char c = source.front();
    if ((c == '{' || c == '}') && source.size() > 1 && source[1] == c) {
      literal.push_back(c);
      source.remove_prefix(2);
    } else if (c == '{') {
      const size_t close = source.find('}');
      if (close == absl::string_view::npos || close == 1) {
        return absl::InvalidArgumentError("a column is written {Name}; a brace itself {{");
      }
      end_literal();
      const absl::string_view name = source.substr(1, close - 1);
      text.pieces_.push_back({.slot = name == "line" ? kLine : uses.Require(name, place)});
      source.remove_prefix(close + 1);
    } else if (c == '}') {
      return absl::InvalidArgumentError("a closing brace has no opening one; a brace itself is }}");
    } else {
      literal.push_back(c);
      source.remove_prefix(1);
    }
  }
  end_literal();
  return text;
}

Text Text::Literal(absl::string_view literal) {
  Text text;
  text.pieces_.push_back({.literal = std::string(literal)});
  return text;
}

Text Text::OfColumn(absl::string_view column, absl::string_view suffix, Place place,
                    ColumnUses& uses) {
  Text text;
  text.pieces_.push_back({.slot = uses.Require(column, place)});
  text.drop_suffix_ = std::string(suffix);
  return text;
}

absl::StatusOr<Text> Text::ColumnOrText(absl::string_view word, Place place, ColumnUses& uses) {
  if (absl::StrContains(word, "{") || absl::StrContains(word, "}")) {
    return Parse(word, place, uses);
  }
  Text text;
  text.pieces_.push_back({.slot = uses.Allow(word, place), .literal = std::string(word)});
  return text;
}

bool Text::constant() const {
  return std::all_of(pieces_.begin(), pieces_.end(),
                     [](const Piece& piece) { return piece.slot == kLiteral; });
}

bool Text::has_line() const {
  return std::any_of(pieces_.begin(), pieces_.end(),
                     [](const Piece& piece) { return piece.slot == kLine; });
}

std::string Text::literal() const {
  std::string all;
  for (const Piece& piece : pieces_) all += piece.literal;
  return all;
}

absl::StatusOr<std::string> Text::Render(const RowView& row) const {
  std::string rendered;
  for (const Piece& piece : pieces_) {
    if (piece.slot == kLine) {
      absl::StrAppend(&rendered, row.line());
    } else if (piece.slot == kLiteral || !row.Has(piece.slot)) {
      rendered += piece.literal;
    } else {
      ASSIGN_OR_RETURN(const absl::string_view field, row.TextOf(piece.slot));
      absl::StrAppend(&rendered, absl::StripSuffix(field, drop_suffix_));
    }
  }
  return rendered;
}

}  // namespace rapport::transactions
