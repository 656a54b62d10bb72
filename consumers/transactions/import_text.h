// What a mapping makes of one row: columns by slot, texts by template.
//
//   ColumnUses uses;
//   ASSIGN_OR_RETURN(Text text, Text::Parse("invoice:{InvoiceNo}", place, uses));
//   ASSIGN_OR_RETURN(auto fields, uses.Bind(mapping_path, reader->columns(), data_path));
//   ASSIGN_OR_RETURN(std::string id, text.Render(RowView(data_path, row, fields)));
//
// A mapping speaks of columns before the file is open. Each name it uses gets a slot; Bind finds
// the slot's field once per file, so that no row looks up a name.
//
// Threads:   plain values; rendering is const.
// Ownership: a RowView borrows its row, path and fields.
// Errors:    INVALID_ARGUMENT that begins with file, line and column.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "consumers/transactions/import_reader.h"

namespace rapport::transactions {

// A place in the mapping file, from 1.
struct Place {
  int line = 0;
  int column = 0;
};

// Well-formed UTF-8.
bool IsUtf8(absl::string_view text);
// A character of U+0000..001F or U+007F..009F. REQUIRES: UTF-8.
bool HasControl(absl::string_view text);

// "; did you mean 'source'?" when one of `known` is near `word`, else nothing.
std::string DidYouMean(absl::string_view word, absl::Span<const std::string> known);

// The columns that a mapping names.
class ColumnUses {
 public:
  // The slot of `name`, which the file must have.
  int Require(absl::string_view name, Place place);
  // The slot of `name`, which may be missing.
  int Allow(absl::string_view name, Place place);

  // Per slot the index of its field among `columns`, -1 for one that is missing and may be.
  absl::StatusOr<std::vector<int>> Bind(absl::string_view mapping_path,
                                        absl::Span<const std::string> columns,
                                        absl::string_view data_path) const;
  const std::string& NameOf(int slot) const { return uses_[static_cast<size_t>(slot)].name; }

 private:
  struct Use {
    std::string name;
    Place place;
    bool required = false;
  };
  int SlotOf(absl::string_view name, Place place);

  std::vector<Use> uses_;
};

// One row, seen through the slots of a mapping.
class RowView {
 public:
  RowView(const std::string& path, const ColumnUses& uses, const InputRow& row,
          const std::vector<int>& field_of_slot)
      : path_(path), uses_(uses), row_(row), field_of_slot_(field_of_slot) {}

  int64_t line() const { return row_.line; }
  bool Has(int slot) const { return field_of_slot_[static_cast<size_t>(slot)] >= 0; }
  // The field's bytes, as they stand in the file.
  absl::string_view Bytes(int slot) const { return FieldOf(slot).text; }
  // The field as text; refused when it is not UTF-8.
  absl::StatusOr<absl::string_view> TextOf(int slot) const;

  // An error at the slot's field: `UnitPrice '2,55' is not a number; ...`.
  absl::Status Error(int slot, absl::string_view what) const;
  // An error of the row as a whole.
  absl::Status Error(absl::string_view what) const;

 private:
  const InputField& FieldOf(int slot) const {
    return row_.fields[static_cast<size_t>(field_of_slot_[static_cast<size_t>(slot)])];
  }

  const std::string& path_;
  const ColumnUses& uses_;
  const InputRow& row_;
  const std::vector<int>& field_of_slot_;
};

// A text with columns in braces: `row:{line}` (the number of the row's first line) and
// `invoice:{InvoiceNo}`. A brace that belongs to the text is doubled.
class Text {
 public:
  Text() = default;

  static absl::StatusOr<Text> Parse(absl::string_view source, Place place, ColumnUses& uses);
  static Text Literal(absl::string_view literal);
  // The column alone, without `suffix` where it ends with that.
  static Text OfColumn(absl::string_view column, absl::string_view suffix, Place place,
                       ColumnUses& uses);
  // `word` as the name of a column where the file has one of that name, else as itself.
  static absl::StatusOr<Text> ColumnOrText(absl::string_view word, Place place, ColumnUses& uses);

  // True when no row can change it.
  bool constant() const;
  // True when `{line}` is in it, which makes it differ from row to row.
  bool has_line() const;
  // The text of a constant.
  std::string literal() const;

  absl::StatusOr<std::string> Render(const RowView& row) const;

 private:
  static constexpr int kLiteral = -1;
  static constexpr int kLine = -2;
  struct Piece {
    int slot = kLiteral;
    std::string literal;
  };

  std::vector<Piece> pieces_;
  std::string drop_suffix_;
};

}  // namespace rapport::transactions
