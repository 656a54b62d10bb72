#include "consumers/transactions/import_reader.h"

#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::transactions {
namespace {

constexpr size_t kBufferBytes = 256 << 10;
constexpr int kEnd = -1;

bool IsBlank(int c) { return c == ' ' || c == '\t'; }

}  // namespace

ImportReader::ImportReader(const std::string& path, const ReaderOptions& options)
    : path_(path), options_(options), buffer_(kBufferBytes) {}

ImportReader::~ImportReader() {
  if (file_ != nullptr) gzclose_r(file_);
}

absl::StatusOr<std::unique_ptr<ImportReader>> ImportReader::Open(const std::string& path,
                                                                 const ReaderOptions& options) {
  std::unique_ptr<ImportReader> reader(new ImportReader(path, options));
  RETURN_IF_ERROR(reader->Start());
  return reader;
}

absl::Status ImportReader::Start() {
  struct stat info = {};
  if (stat(path_.c_str(), &info) != 0) {
    return absl::NotFoundError(
        absl::StrCat(path_, " cannot be opened: ", strerror(errno), "; check the path"));
  }
  if (S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path_, " is a folder; name a file in it"));
  }
  file_bytes_ = info.st_size;
  file_ = gzopen(path_.c_str(), "rb");
  if (file_ == nullptr) {
    return absl::NotFoundError(
        absl::StrCat(path_, " cannot be opened: ", strerror(errno), "; check its permissions"));
  }
  RETURN_IF_ERROR(Fill());
  const absl::string_view head(buffer_.data(), filled_);
  if (absl::string_view("\xFF\xFE") == head.substr(0, 2) ||
      absl::string_view("\xFE\xFF") == head.substr(0, 2)) {
    return Error(1, 1, "the file is UTF-16; save it as UTF-8");
  }
  if (absl::string_view("\xEF\xBB\xBF") == head.substr(0, 3)) next_ = 3;
  for (int64_t i = 0; i < options_.skip_lines; ++i) RETURN_IF_ERROR(SkipLine());
  if (!options_.header) {
    columns_ = options_.columns;
    return absl::OkStatus();
  }
  InputRow heading;
  ASSIGN_OR_RETURN(const bool found, ReadRecord(heading));
  if (!found) return Error(line_, 1, "there is no heading line; the file is empty");
  for (const InputField& field : heading.fields) {
    columns_.emplace_back(absl::StripAsciiWhitespace(field.text));
  }
  return absl::OkStatus();
}

int64_t ImportReader::file_bytes_read() const {
  const int64_t unpacked = taken_before_ + static_cast<int64_t>(filled_);
  if (text_done_ == unpacked) return ended_ ? file_bytes_ : gzoffset(file_);
  // The buffer is ahead of the row, by as much of the packed bytes.
  return static_cast<int64_t>(static_cast<double>(gzoffset(file_)) *
                              static_cast<double>(text_done_) / static_cast<double>(unpacked));
}

// Reads on behind the bytes that are not taken yet.
absl::Status ImportReader::Fill() {
  const size_t kept = filled_ - next_;
  std::memmove(buffer_.data(), buffer_.data() + next_, kept);
  taken_before_ += static_cast<int64_t>(next_);
  next_ = 0;
  filled_ = kept;
  const int count =
      gzread(file_, buffer_.data() + kept, static_cast<unsigned>(buffer_.size() - kept));
  int code = Z_OK;
  const char* words = gzerror(file_, &code);
  ended_ = count <= 0;
  if (count < 0 || (count == 0 && code == Z_BUF_ERROR)) {
    broken_ = absl::InvalidArgumentError(
        absl::StrCat(path_, ":", line_, ":", column_, ": the file cannot be unpacked further: ",
                     code == Z_ERRNO ? strerror(errno) : words, "; fetch it again"));
    return broken_;
  }
  filled_ += static_cast<size_t>(count);
  return absl::OkStatus();
}

int ImportReader::Peek() {
  if (next_ == filled_ && !ended_) Fill().IgnoreError();  // Kept in broken_.
  return next_ == filled_ ? kEnd : static_cast<unsigned char>(buffer_[next_]);
}

int ImportReader::Take() {
  const int c = Peek();
  if (c == kEnd) return c;
  ++next_;
  ++column_;
  if (c == '\n') {
    ++line_;
    column_ = 1;
  }
  return c;
}

bool ImportReader::AtLineEnd() {
  const int c = Peek();
  if (c == kEnd || c == '\n') return true;
  if (c != '\r') return false;
  // A carriage return ends the line only together with what follows it.
  if (next_ + 1 == filled_ && !ended_) Fill().IgnoreError();  // Kept in broken_.
  return next_ + 1 == filled_ || buffer_[next_ + 1] == '\n';
}

void ImportReader::TakeLineEnd() {
  if (Peek() == '\r') Take();
  if (Peek() == '\n') Take();
}

absl::Status ImportReader::SkipLine() {
  while (!AtLineEnd()) Take();
  TakeLineEnd();
  return broken_;
}

absl::Status ImportReader::Error(int64_t line, int64_t column, absl::string_view what) const {
  return absl::InvalidArgumentError(absl::StrCat(path_, ":", line, ":", column, ": ", what));
}

absl::Status ImportReader::CheckSize(const Span& field) const {
  if (text_.size() <= kRowBytesMax) return absl::OkStatus();
  return Error(field.line, field.column,
               absl::StrCat("the row goes on for more than ", kRowBytesMax >> 20,
                            " MiB from here; look for a quote that is not closed"));
}

absl::Status ImportReader::ReadQuoted() {
  const Span& field = spans_.back();
  Take();
  while (true) {
    const int c = Take();
    if (c == kEnd) {
      RETURN_IF_ERROR(broken_);
      return Error(field.line, field.column,
                   "the quote is not closed; close it, or double a quote that belongs to the text");
    }
    if (c == '"') {
      if (Peek() != '"') return absl::OkStatus();
      Take();
    }
    text_.push_back(static_cast<char>(c));
    RETURN_IF_ERROR(CheckSize(field));
  }
}

absl::Status ImportReader::ReadCsvField() {
  spans_.push_back({.begin = text_.size(), .line = line_, .column = column_});
  const auto separator = static_cast<unsigned char>(options_.separator);
  if (Peek() == '"') {
    RETURN_IF_ERROR(ReadQuoted());
    if (!AtLineEnd() && Peek() != separator) {
      return Error(line_, column_,
                   "text stands behind a closing quote; double a quote that belongs to the text");
    }
  } else {
    while (!AtLineEnd() && Peek() != separator) {
      text_.push_back(static_cast<char>(Take()));
      RETURN_IF_ERROR(CheckSize(spans_.back()));
    }
  }
  spans_.back().size = text_.size() - spans_.back().begin;
  return absl::OkStatus();
}

absl::Status ImportReader::ReadCsvRecord() {
  RETURN_IF_ERROR(ReadCsvField());
  while (!AtLineEnd()) {
    Take();  // The separator.
    RETURN_IF_ERROR(ReadCsvField());
  }
  TakeLineEnd();
  return broken_;
}

absl::Status ImportReader::ReadBlankRecord() {
  while (true) {
    while (IsBlank(Peek())) Take();
    if (AtLineEnd()) break;
    spans_.push_back({.begin = text_.size(), .line = line_, .column = column_});
    while (!AtLineEnd() && !IsBlank(Peek())) {
      text_.push_back(static_cast<char>(Take()));
      RETURN_IF_ERROR(CheckSize(spans_.back()));
    }
    spans_.back().size = text_.size() - spans_.back().begin;
  }
  TakeLineEnd();
  return broken_;
}

absl::StatusOr<bool> ImportReader::ReadRecord(InputRow& row) {
  do {
    text_.clear();
    spans_.clear();
    if (Peek() == kEnd) {
      RETURN_IF_ERROR(broken_);
      return false;
    }
    row.line = line_;
    RETURN_IF_ERROR(options_.csv ? ReadCsvRecord() : ReadBlankRecord());
  } while (text_.empty() && spans_.size() <= 1);
  row.fields.clear();
  for (const Span& span : spans_) {
    row.fields.push_back({.text = absl::string_view(text_).substr(span.begin, span.size),
                          .line = span.line,
                          .column = span.column});
  }
  return true;
}

absl::StatusOr<bool> ImportReader::Next(InputRow& row) {
  row.wrong = absl::OkStatus();
  ASSIGN_OR_RETURN(const bool found, ReadRecord(row));
  text_done_ = taken_before_ + static_cast<int64_t>(next_);
  if (!found || row.fields.size() == columns_.size()) return found;
  const InputField& last = row.fields[std::min(row.fields.size(), columns_.size() + 1) - 1];
  row.wrong =
      Error(last.line, last.column,
            absl::StrCat("the row has ", row.fields.size(), " fields where ", columns_.size(),
                         " are expected; look for a separator too many or too few"));
  return true;
}

}  // namespace rapport::transactions
