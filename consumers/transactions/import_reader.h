// ImportReader: the rows of a CSV or blank-separated file, one by one, plain or gzipped.
//
//   ASSIGN_OR_RETURN(auto reader, ImportReader::Open("sales.csv.gz", {}));
//   InputRow row;
//   while (true) {
//     ASSIGN_OR_RETURN(bool more, reader->Next(row));
//     if (!more) break;
//     Use(row.fields[3].text);
//   }
//
// CSV is RFC 4180: quoted fields, doubled quotes, line ends inside quotes, LF or CRLF. A byte order
// mark is skipped, an empty line is no row. Gzip is told by its first bytes, not by its name.
//
// Threads: one. Ownership: owns the file; the texts of a row are good until the next Next.
// Limits:  one row is held in memory, at most kRowBytesMax.
// Errors:  NOT_FOUND for a file that is not there; INVALID_ARGUMENT for all that makes the rest of
//          the file unreadable, with file, line and column (bytes, from 1). A row with a field too
//          many or too few is a value: it says so in `wrong`, and the next row can be read.
// Never:   guesses where a row ends, and never judges the bytes inside a field.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct gzFile_s;

namespace rapport::transactions {

inline constexpr size_t kRowBytesMax = 1 << 20;

struct ReaderOptions {
  // False: fields are separated by runs of blanks and tabs, without quotes.
  bool csv = true;
  char separator = ',';
  // Lines to pass over at the beginning.
  int64_t skip_lines = 0;
  // The first line behind those names the columns. False: `columns` does.
  bool header = true;
  std::vector<std::string> columns;
};

// One field, and where it begins.
struct InputField {
  absl::string_view text;
  int64_t line = 0;
  int64_t column = 0;
};

struct InputRow {
  // The line on which the row begins, from 1.
  int64_t line = 0;
  std::vector<InputField> fields;
  // Why the fields are not those of the columns; OK = they are.
  absl::Status wrong;
};

class ImportReader {
 public:
  static absl::StatusOr<std::unique_ptr<ImportReader>> Open(const std::string& path,
                                                            const ReaderOptions& options);
  ~ImportReader();
  ImportReader(const ImportReader&) = delete;
  ImportReader& operator=(const ImportReader&) = delete;

  const std::vector<std::string>& columns() const { return columns_; }
  const std::string& path() const { return path_; }

  // Fills `row`, which then has as many fields as there are columns, or is wrong; false at the end.
  absl::StatusOr<bool> Next(InputRow& row);

  // Bytes of the unpacked text up to the end of the last row.
  int64_t text_bytes() const { return text_done_; }
  // Bytes of the file for those, about, and all of them: what a progress bar needs.
  int64_t file_bytes_read() const;
  int64_t file_bytes() const { return file_bytes_; }

 private:
  // Where a field lies in text_.
  struct Span {
    size_t begin = 0;
    size_t size = 0;
    int64_t line = 0;
    int64_t column = 0;
  };

  ImportReader(const std::string& path, const ReaderOptions& options);
  absl::Status Start();
  absl::Status SkipLine();
  absl::Status Fill();
  int Peek();
  int Take();
  bool AtLineEnd();
  void TakeLineEnd();
  absl::Status Error(int64_t line, int64_t column, absl::string_view what) const;
  absl::StatusOr<bool> ReadRecord(InputRow& row);
  absl::Status ReadCsvField();
  absl::Status ReadQuoted();
  absl::Status ReadCsvRecord();
  absl::Status ReadBlankRecord();
  absl::Status CheckSize(const Span& field) const;

  const std::string path_;
  const ReaderOptions options_;
  std::vector<std::string> columns_;
  gzFile_s* file_ = nullptr;
  int64_t file_bytes_ = 0;

  std::vector<char> buffer_;
  size_t next_ = 0;
  size_t filled_ = 0;
  int64_t taken_before_ = 0;
  int64_t text_done_ = 0;
  bool ended_ = false;
  absl::Status broken_;
  int64_t line_ = 1;
  int64_t column_ = 1;

  std::string text_;
  std::vector<Span> spans_;
};

}  // namespace rapport::transactions
