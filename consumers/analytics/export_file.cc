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
absl::Status WriteBeside(const Metadata& metadata, OutputFile& file) {
  Columns columns;
  for (const auto& [name, value] : metadata) columns.push_back({name, ColumnType::kText, true});
  RowBatch row(columns);
  for (size_t i = 0; i < metadata.size(); ++i) row.column(i).AddTextOrNull(metadata[i].second);
  row.EndRow();
  const auto writer = NewJsonLinesWriter(columns, &file);
  RETURN_IF_ERROR(writer->Write(row));
  return writer->Finish({});
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
  std::unique_ptr<OutputFile> beside;
  if (form != FileForm::kParquet) {
    ASSIGN_OR_RETURN(beside, OutputFile::Create(path + ".meta.json", replace));
  }
  return std::unique_ptr<ExportFile>(
      new ExportFile(path, form, columns, std::move(file), std::move(beside)));
}

ExportFile::ExportFile(std::string path, FileForm form, const Columns& columns,
                       std::unique_ptr<OutputFile> file, std::unique_ptr<OutputFile> beside)
    : path_(std::move(path)),
      file_(std::move(file)),
      beside_(std::move(beside)),
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
  // First what is about the file, so that no file is there without it, once both are whole.
  if (beside_ != nullptr) {
    RETURN_IF_ERROR(WriteBeside(metadata, *beside_));
    RETURN_IF_ERROR(file_->Sync());
    RETURN_IF_ERROR(beside_->Commit());
  }
  return file_->Commit();
}

}  // namespace rapport::analytics
