#include "tests/kit/csv.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"

namespace rapport::kit {

const std::string& Csv::Text(size_t row, absl::string_view column) const {
  const auto found = std::find(columns.begin(), columns.end(), column);
  RAPPORT_CHECK(found != columns.end()) << path << " has no column " << column;
  return rows[row][found - columns.begin()];
}

int64_t Csv::Number(size_t row, absl::string_view column) const {
  return ToNumber(Text(row, column));
}

Csv ReadCsv(const std::string& path) {
  std::ifstream file(path);
  RAPPORT_CHECK(file.good()) << "cannot read " << path;
  Csv csv;
  csv.path = path;
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> cells = SplitCsvLine(line);
    if (csv.columns.empty()) {
      csv.columns = std::move(cells);
      continue;
    }
    RAPPORT_CHECK(cells.size() == csv.columns.size())
        << path << ": row " << csv.rows.size() + 1 << " has " << cells.size() << " cells";
    csv.rows.push_back(std::move(cells));
  }
  return csv;
}

std::vector<std::string> SplitCsvLine(absl::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

int64_t ToNumber(absl::string_view text) {
  int64_t value = 0;
  RAPPORT_CHECK(absl::SimpleAtoi(text, &value)) << "`" << text << "` is no whole number";
  return value;
}

std::string GoldenPath(absl::string_view file) {
  return absl::StrCat(RAPPORT_SOURCE_DIR, "/tests/golden/data/", file);
}

}  // namespace rapport::kit
