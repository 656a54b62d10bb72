#include "consumers/analytics/export_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::analytics {
namespace {

// What is gathered before it is written: a row group of Parquet. Rows decide, where texts are
// short, so that the same rows are always cut alike.
constexpr size_t kRowsAtOnce = size_t{1} << 17;
constexpr size_t kBytesAtOnce = size_t{64} << 20;
// Between two looks at the bytes.
constexpr size_t kRowsBetween = 1024;

const char* EndingOf(FileForm form) {
  switch (form) {
    case FileForm::kParquet:
      return ".parquet";
    case FileForm::kCsv:
      return ".csv";
    default:
      return ".jsonl";
  }
}

std::unique_ptr<TableWriter> NewWriter(FileForm form, const Columns& columns, Output* output) {
  switch (form) {
    case FileForm::kParquet:
      return NewParquetWriter(columns, output);
    case FileForm::kCsv:
      return NewCsvWriter(columns, output);
    default:
      return NewJsonLinesWriter(columns, output);
  }
}

// `metadata` as one line of JSON, by the writer of tables.
absl::Status WriteBeside(const std::string& path, bool replace, const Metadata& metadata) {
  Columns columns;
  for (const auto& [name, value] : metadata) columns.push_back({name, ColumnType::kText, true});
  RowBatch row(columns);
  for (size_t i = 0; i < metadata.size(); ++i) row.column(i).AddTextOrNull(metadata[i].second);
  row.EndRow();
  ASSIGN_OR_RETURN(const auto file, OutputFile::Create(path, replace));
  const auto writer = NewJsonLinesWriter(columns, file.get());
  RETURN_IF_ERROR(writer->Write(row));
  RETURN_IF_ERROR(writer->Finish({}));
  return file->Commit();
}

}  // namespace

absl::StatusOr<FileForm> FileFormOf(const std::string& name) {
  for (const FileForm form : {FileForm::kParquet, FileForm::kCsv, FileForm::kJsonLines}) {
    if (name == EndingOf(form) + 1) return form;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--format ", name, " is not known; use parquet, csv or jsonl"));
}

absl::StatusOr<std::unique_ptr<ExportFile>> ExportFile::Create(const std::string& folder,
                                                               const std::string& table,
                                                               FileForm form,
                                                               const Columns& columns,
                                                               bool replace) {
  const std::string path = absl::StrCat(folder, "/", table, "/", table, EndingOf(form));
  ASSIGN_OR_RETURN(auto file, OutputFile::Create(path, replace));
  return std::unique_ptr<ExportFile>(new ExportFile(path, form, columns, replace, std::move(file)));
}

ExportFile::ExportFile(std::string path, FileForm form, const Columns& columns, bool replace,
                       std::unique_ptr<OutputFile> file)
    : path_(std::move(path)),
      form_(form),
      replace_(replace),
      file_(std::move(file)),
      writer_(NewWriter(form, columns, file_.get())),
      batch_(columns) {}

absl::Status ExportFile::EndRow() {
  ++rows_;
  const bool full = batch_.rows() >= kRowsAtOnce ||
                    (batch_.rows() % kRowsBetween == 0 && batch_.bytes() >= kBytesAtOnce);
  if (!full) return absl::OkStatus();
  RETURN_IF_ERROR(writer_->Write(batch_));
  batch_.Clear();
  return absl::OkStatus();
}

absl::Status ExportFile::Finish(Metadata metadata) {
  metadata.emplace_back("rapport.rows", absl::StrCat(rows_));
  RETURN_IF_ERROR(writer_->Write(batch_));
  RETURN_IF_ERROR(writer_->Finish(metadata));
  // First what is about the file, so that no file is there without it.
  if (form_ != FileForm::kParquet) {
    RETURN_IF_ERROR(WriteBeside(path_ + ".meta.json", replace_, metadata));
  }
  return file_->Commit();
}

}  // namespace rapport::analytics
