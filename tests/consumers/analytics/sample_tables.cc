// Writes tables whose every value follows from its row number, for tests/end_to_end/export_files.py
// to read again with other people's readers: `sample_tables DIR`.
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "consumers/analytics/export_file.h"
#include "engine/base/check.h"

namespace rapport::analytics {
namespace {

constexpr bool kOptional = true;

const Columns& AllTypes() {
  static const auto* const columns = new Columns{
      {"id"},
      {"few", ColumnType::kText, kOptional},
      {"never", ColumnType::kText, kOptional},
      {"rare", ColumnType::kInt64, kOptional},
      {"big", ColumnType::kInt64},
      {"small", ColumnType::kInt32, kOptional},
      {"yes", ColumnType::kBool, kOptional},
      {"at", ColumnType::kMoment, kOptional},
      {"day", ColumnType::kDay},
      {"runs", ColumnType::kBool},
  };
  return *columns;
}

const char* const kFew[] = {"größe", "日本語", "a,\"b\"\r\nc", "\x01\\", "🙂"};

// The tests know the same formulas.
void AddRow(int64_t row, RowBatch& batch) {
  size_t next = 0;
  const auto column = [&]() -> ColumnData& { return batch.column(next++); };
  column().AddText(absl::StrCat("id-", row * 7919 % 1'000'003));
  row % 3 == 2 ? column().AddNull() : column().AddText(kFew[row % 5]);
  column().AddNull();
  row % 1000 == 0 ? column().AddNumber(row) : column().AddNull();
  column().AddNumber((row % 2 == 0 ? 1 : -1) * (INT64_MAX - row));
  row / 100 % 2 == 0 ? column().AddNumber(-row) : column().AddNull();
  row % 7 == 0 ? column().AddNull() : column().AddNumber(row % 2);
  row % 5 == 0 ? column().AddNull() : column().AddNumber(1'700'000'000'000'000 + row * 1'000'001);
  column().AddNumber(19'000 + row % 400 - 20'000 * (row % 2));
  column().AddNumber(row / 50 % 2);
}

void WriteTable(const std::string& folder, const std::string& name, FileForm form, int64_t rows) {
  auto file = ExportFile::Create(folder, name, form, AllTypes(), /*replace=*/true);
  RAPPORT_CHECK(file.ok()) << file.status();
  for (int64_t row = 0; row < rows; ++row) {
    AddRow(row, (*file)->batch());
    (*file)->batch().EndRow();
    const absl::Status status = (*file)->EndRow();
    RAPPORT_CHECK(status.ok()) << status;
  }
  const absl::Status status = (*file)->Finish({{"rapport.position_from", "7c1e90ab.1:0@1"}});
  RAPPORT_CHECK(status.ok()) << status;
}

}  // namespace
}  // namespace rapport::analytics

int main(int argc, char** argv) {
  using rapport::analytics::FileForm;
  RAPPORT_CHECK(argc == 2) << "usage: sample_tables DIR";
  const std::string folder = argv[1];
  for (const FileForm form : {FileForm::kParquet, FileForm::kCsv, FileForm::kJsonLines}) {
    for (const int64_t rows : {0, 1, 1'000, 300'000}) {
      rapport::analytics::WriteTable(folder, absl::StrCat("rows_", rows), form, rows);
    }
  }
  return 0;
}
