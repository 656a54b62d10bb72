// CSV files of test data: a heading, then rows; cells may be quoted.
//
//   const Csv csv = ReadCsv(GoldenPath("components.csv"));
//   for (size_t row = 0; row < csv.rows.size(); ++row) Use(csv.Number(row, "total_millipoints"));
//
// A file or column that is not there stops the test program and is named.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rapport::kit {

struct Csv {
  std::string path;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  const std::string& Text(size_t row, absl::string_view column) const;
  int64_t Number(size_t row, absl::string_view column) const;
};

Csv ReadCsv(const std::string& path);

// The cells of one line.
std::vector<std::string> SplitCsvLine(absl::string_view line);

// Reads a whole number; anything else stops the test program.
int64_t ToNumber(absl::string_view text);

// A golden vector of the repository.
std::string GoldenPath(absl::string_view file);

}  // namespace rapport::kit
