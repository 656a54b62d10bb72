// ExportFile: one table as one file of a folder: `out/relationships/relationships.parquet`.
//
//   ASSIGN_OR_RETURN(auto file, ExportFile::Create("out", "points", FileForm::kParquet, ...));
//   PointsTable().Add(row, file->batch());
//   RETURN_IF_ERROR(file->EndRow());
//   RETURN_IF_ERROR(file->Finish(metadata));
//
// Memory is bounded: some hundred thousand rows at once. Parquet holds the metadata in the file;
// beside CSV and JSON Lines, which have no place for it, it is a file of its own
// (`points.csv.meta.json`).
//
// Threads: one. Errors: those of OutputFile.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "consumers/analytics/output_file.h"
#include "consumers/analytics/row_batch.h"
#include "consumers/analytics/table_writer.h"

namespace rapport::analytics {

enum class FileForm { kParquet, kCsv, kJsonLines };

// `parquet`, `csv`, `jsonl`; INVALID_ARGUMENT for others.
absl::StatusOr<FileForm> FileFormOf(const std::string& name);

class ExportFile {
 public:
  static absl::StatusOr<std::unique_ptr<ExportFile>> Create(const std::string& folder,
                                                            const std::string& table, FileForm form,
                                                            const Columns& columns, bool replace);

  RowBatch& batch() { return batch_; }
  // Writes what has been gathered once it is enough. After every row.
  absl::Status EndRow();
  // Gives the file its name; `metadata` need not say how many rows there are.
  absl::Status Finish(Metadata metadata);

  const std::string& path() const { return path_; }
  int64_t rows() const { return rows_; }
  int64_t bytes() const { return file_->bytes(); }

 private:
  ExportFile(std::string path, FileForm form, const Columns& columns,
             std::unique_ptr<OutputFile> file, std::unique_ptr<OutputFile> beside);

  const std::string path_;
  std::unique_ptr<OutputFile> file_;
  // What is about the file, where it cannot hold that itself; else null.
  std::unique_ptr<OutputFile> beside_;
  std::unique_ptr<TableWriter> writer_;
  RowBatch batch_;
  int64_t rows_ = 0;
};

}  // namespace rapport::analytics
