// TableWriter: the seam between the rows of a table and the form of the file they are written in.
//
//   auto writer = NewCsvWriter(columns, &output);
//   RETURN_IF_ERROR(writer->Write(batch));
//   RETURN_IF_ERROR(writer->Finish({{"rapport.rows", "1000"}}));
//
// The same batches give the same bytes, whenever and wherever.
//
// Threads: one. Ownership: borrows the output, which must outlive it. Errors: those of the output.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "consumers/analytics/row_batch.h"

namespace rapport::analytics {

// Where bytes go, in order.
class Output {
 public:
  virtual ~Output() = default;
  virtual absl::Status Append(absl::string_view bytes) = 0;
};

// What a file says about itself: name and value, in this order.
using Metadata = std::vector<std::pair<std::string, std::string>>;

class TableWriter {
 public:
  virtual ~TableWriter() = default;
  // REQUIRES: the batch has the columns that the writer was made for.
  virtual absl::Status Write(const RowBatch& batch) = 0;
  // Ends the file. Formats without a place for it leave `metadata` out.
  virtual absl::Status Finish(const Metadata& metadata) = 0;
};

// RFC 4180 with a heading; null is empty, moments are RFC 3339, lines end with CR LF.
std::unique_ptr<TableWriter> NewCsvWriter(const Columns& columns, Output* output);
// One object a line with every column; null is null, moments and days are text, integers numbers.
std::unique_ptr<TableWriter> NewJsonLinesWriter(const Columns& columns, Output* output);
// Apache Parquet: zstd, dictionaries, statistics; one row group for each batch.
std::unique_ptr<TableWriter> NewParquetWriter(const Columns& columns, Output* output);

}  // namespace rapport::analytics
