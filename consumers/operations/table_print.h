// Tables of reports and insights for people, and as CSV.
//
//   PrintTable(table);      // a sentence, columns under their names, the total last
//
// Threads: one thread.
#pragma once

#include <string>

#include "rapport/v1/report.pb.h"

namespace rapport::operations {

// `66.7 %`, `EUR 40.00, USD 3.00`, `2026-01-31T09:30:00Z`; `-` where there is nothing to say.
std::string CellText(const v1::Column& column, const v1::Cell& cell);

// Columns of which no row says anything are left out.
void PrintTable(const v1::Table& table);

// A heading and a row for each row of the table; numbers as they are, in the unit of the column.
void PrintTableCsv(const v1::Table& table);

}  // namespace rapport::operations
