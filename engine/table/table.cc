#include "engine/table/table.h"

namespace rapport::table {

absl::Status Table::IngestEach(NextRow next) {
  std::vector<KeyValue> rows;
  for (RowView row; next(row);) rows.emplace_back(row.key, row.value);
  return Ingest(rows);
}

}  // namespace rapport::table
