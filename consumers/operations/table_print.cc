#include "consumers/operations/table_print.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "consumers/operations/output.h"

namespace rapport::operations {
namespace {

constexpr int64_t kMicrosPerCenti = 10'000;

bool Says(const v1::Cell& cell) {
  if (cell.has_number()) return cell.number() != 0;
  return !cell.text().empty() || cell.amounts_size() > 0;
}

// Columns that any row or the total says something in.
std::vector<int> ShownColumns(const v1::Table& table) {
  std::vector<int> shown;
  for (int i = 0; i < table.columns_size(); ++i) {
    bool says = Says(table.total().cells(i)) || i == 0;
    for (const v1::Row& row : table.rows()) says = says || Says(row.cells(i));
    if (says) shown.push_back(i);
  }
  return shown;
}

std::string Heading(const v1::Column& column) {
  const bool bare = column.unit().empty() || column.unit() == "permille" ||
                    column.unit() == "milli" || column.unit() == "centi";
  return bare ? column.name() : absl::StrCat(column.name(), " (", column.unit(), ")");
}

std::string NumberText(const std::string& unit, int64_t number) {
  if (unit == "permille") {
    return absl::StrFormat("%s%d.%d %%", number < 0 ? "-" : "", std::abs(number) / 10,
                           std::abs(number) % 10);
  }
  if (unit == "milli") return Points(number);
  if (unit == "centi") return MoneyText(number * kMicrosPerCenti);
  return Thousands(number);
}

}  // namespace

std::string CellText(const v1::Column& column, const v1::Cell& cell) {
  switch (column.type()) {
    case v1::COLUMN_TYPE_TEXT:
      return cell.text().empty() ? "-" : cell.text();
    case v1::COLUMN_TYPE_MONEY: {
      if (cell.amounts().empty()) return "0";
      return absl::StrJoin(cell.amounts(), ", ", [](std::string* out, const v1::Amount& amount) {
        absl::StrAppend(out, amount.currency(), " ", MoneyText(amount.micros()));
      });
    }
    case v1::COLUMN_TYPE_MOMENT:
      return cell.has_number() ? FormatSecond(cell.number()) : "-";
    default:
      return cell.has_number() ? NumberText(column.unit(), cell.number()) : "-";
  }
}

void PrintTable(const v1::Table& table) {
  std::printf("%s: %s\n", table.name().c_str(), table.tells().c_str());
  const std::vector<int> shown = ShownColumns(table);
  std::vector<std::vector<std::string>> lines(1);
  for (const int i : shown) lines[0].push_back(Heading(table.columns(i)));
  for (const v1::Row& row : table.rows()) {
    auto& line = lines.emplace_back();
    for (const int i : shown) line.push_back(CellText(table.columns(i), row.cells(i)));
  }
  auto& total = lines.emplace_back();
  for (const int i : shown) {
    const v1::Cell& cell = table.total().cells(i);
    const bool empty = table.columns(i).type() != v1::COLUMN_TYPE_MONEY && !cell.has_number();
    total.push_back(i == 0 ? "total" : empty ? "" : CellText(table.columns(i), cell));
  }
  std::vector<size_t> widths(shown.size());
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  for (const auto& line : lines) {
    std::string text;
    for (size_t i = 0; i < line.size(); ++i) {
      const bool left = table.columns(shown[i]).type() == v1::COLUMN_TYPE_TEXT;
      const auto width = static_cast<int>(widths[i]);
      absl::StrAppend(&text, "  ", Pad(line[i], left ? width : -width));
    }
    text.erase(text.find_last_not_of(' ') + 1);
    std::printf("%s\n", text.c_str());
  }
}

void PrintTableCsv(const v1::Table& table) {
  std::vector<std::string> cells;
  for (const v1::Column& column : table.columns()) cells.push_back(column.name());
  PrintCsv(cells);
  for (const v1::Row& row : table.rows()) {
    cells.clear();
    for (int i = 0; i < row.cells_size(); ++i) {
      const v1::Cell& cell = row.cells(i);
      if (table.columns(i).type() != v1::COLUMN_TYPE_NUMBER) {
        const bool empty = !cell.has_number() && cell.text().empty() && cell.amounts().empty();
        cells.push_back(empty ? "" : CellText(table.columns(i), cell));
      } else {
        cells.push_back(cell.has_number() ? absl::StrCat(cell.number()) : "");
      }
    }
    PrintCsv(cells);
  }
}

}  // namespace rapport::operations
