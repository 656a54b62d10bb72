// RowBatch: some rows of a table, column by column, with the name and type of each column.
//
//   const Columns columns = {{"customer_id", ColumnType::kText}, {"score", ColumnType::kInt32}};
//   RowBatch batch(columns);
//   batch.column(0).AddText("ana");
//   batch.column(1).AddNumber(488);
//   batch.EndRow();
//
// What is absent is null and nothing else is: a text is never empty, it is null then.
//
// Threads: one. Ownership: owns values and columns. Errors: none; a value that does not fit its
// column, or a row without all its values, is a broken invariant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rapport::analytics {

enum class ColumnType {
  kText,    // UTF-8
  kInt64,   //
  kInt32,   //
  kBool,    //
  kMoment,  // microseconds UTC since 1970
  kDay,     // days since 1970
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::kText;
  // Whether values may be absent.
  bool optional = false;
};
using Columns = std::vector<Column>;

// The values of one column: those that are there, densely, and which rows lack one.
class ColumnData {
 public:
  explicit ColumnData(const Column& column) : column_(column) {}

  const Column& column() const { return column_; }
  void AddNumber(int64_t value);
  void AddText(absl::string_view value);
  void AddNull();
  // Null when it is empty.
  void AddTextOrNull(absl::string_view value) { value.empty() ? AddNull() : AddText(value); }

  size_t rows() const { return rows_; }
  size_t nulls() const { return rows_ - values(); }
  bool has_value(size_t row) const { return !column_.optional || present_[row] != 0; }
  // How many values there are, and each of them; rows without one are not counted.
  size_t values() const { return is_text() ? ends_.size() : numbers_.size(); }
  int64_t number(size_t value) const { return numbers_[value]; }
  absl::string_view text(size_t value) const {
    const size_t begin = value == 0 ? 0 : ends_[value - 1];
    return absl::string_view(bytes_).substr(begin, ends_[value] - begin);
  }
  bool is_text() const { return column_.type == ColumnType::kText; }
  size_t bytes() const { return bytes_.size() + numbers_.size() * sizeof(int64_t); }
  void Clear();

 private:
  Column column_;
  size_t rows_ = 0;
  // Of optional columns: per row.
  std::vector<uint8_t> present_;
  std::vector<int64_t> numbers_;
  std::string bytes_;
  std::vector<size_t> ends_;
};

class RowBatch {
 public:
  explicit RowBatch(const Columns& columns);

  size_t columns() const { return columns_.size(); }
  ColumnData& column(size_t index) { return columns_[index]; }
  const ColumnData& column(size_t index) const { return columns_[index]; }
  // REQUIRES: each column got one value since the row before.
  void EndRow();
  size_t rows() const { return rows_; }
  size_t bytes() const;
  void Clear();

 private:
  std::vector<ColumnData> columns_;
  size_t rows_ = 0;
};

}  // namespace rapport::analytics
