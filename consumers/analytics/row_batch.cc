#include "consumers/analytics/row_batch.h"

#include "engine/base/check.h"

namespace rapport::analytics {

void ColumnData::AddNumber(int64_t value) {
  RAPPORT_CHECK(!is_text()) << column_.name << " holds texts";
  numbers_.push_back(value);
  if (column_.optional) present_.push_back(1);
  ++rows_;
}

void ColumnData::AddText(absl::string_view value) {
  RAPPORT_CHECK(is_text()) << column_.name << " holds numbers";
  bytes_.append(value.data(), value.size());
  ends_.push_back(bytes_.size());
  if (column_.optional) present_.push_back(1);
  ++rows_;
}

void ColumnData::AddNull() {
  RAPPORT_CHECK(column_.optional) << column_.name << " has a value in each row";
  present_.push_back(0);
  ++rows_;
}

void ColumnData::Clear() {
  rows_ = 0;
  present_.clear();
  numbers_.clear();
  bytes_.clear();
  ends_.clear();
}

RowBatch::RowBatch(const Columns& columns) : columns_(columns.begin(), columns.end()) {}

void RowBatch::EndRow() {
  ++rows_;
  for (const ColumnData& column : columns_) {
    RAPPORT_CHECK(column.rows() == rows_) << column.column().name << " got no value, or two";
  }
}

size_t RowBatch::bytes() const {
  size_t sum = 0;
  for (const ColumnData& column : columns_) sum += column.bytes();
  return sum;
}

void RowBatch::Clear() {
  rows_ = 0;
  for (ColumnData& column : columns_) column.Clear();
}

}  // namespace rapport::analytics
