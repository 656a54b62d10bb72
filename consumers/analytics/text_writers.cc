#include <algorithm>

#include "absl/strings/str_cat.h"
#include "consumers/analytics/table_writer.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::analytics {
namespace {

constexpr size_t kAtOnce = size_t{1} << 16;

// Writes batches row by row; a form says how a value, a null and a row look.
template <typename Form>
class RowWriter : public TableWriter {
 public:
  RowWriter(const Columns& columns, Output* output) : form_(columns), output_(output) {
    form_.Begin(lines_);
  }

  absl::Status Write(const RowBatch& batch) override {
    // Values are dense: per column which one is next.
    std::vector<size_t> next(batch.columns());
    for (size_t row = 0; row < batch.rows(); ++row) {
      form_.BeginRow(lines_);
      for (size_t i = 0; i < batch.columns(); ++i) {
        const ColumnData& column = batch.column(i);
        form_.BeginCell(i, lines_);
        if (!column.has_value(row)) {
          form_.Null(lines_);
          continue;
        }
        const size_t value = next[i]++;
        column.is_text() ? form_.Text(column.text(value), lines_)
                         : Number(column.column().type, column.number(value));
      }
      form_.EndRow(lines_);
      if (lines_.size() >= kAtOnce) RETURN_IF_ERROR(Flush());
    }
    return absl::OkStatus();
  }

  absl::Status Finish(const Metadata&) override { return Flush(); }

 private:
  void Number(ColumnType type, int64_t value) {
    switch (type) {
      case ColumnType::kBool:
        lines_.append(value != 0 ? "true" : "false");
        break;
      case ColumnType::kMoment:
        form_.Text(FormatTime(value), lines_);
        break;
      case ColumnType::kDay:
        form_.Text(FormatDay(value), lines_);
        break;
      default:
        absl::StrAppend(&lines_, value);
    }
  }

  absl::Status Flush() {
    RETURN_IF_ERROR(output_->Append(lines_));
    lines_.clear();
    return absl::OkStatus();
  }

  Form form_;
  Output* const output_;
  std::string lines_;
};

class CsvForm {
 public:
  explicit CsvForm(const Columns& columns) : columns_(columns) {}

  void Begin(std::string& lines) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      BeginCell(i, lines);
      Text(columns_[i].name, lines);
    }
    EndRow(lines);
  }
  void BeginRow(std::string&) {}
  void BeginCell(size_t index, std::string& lines) {
    if (index > 0) lines.push_back(',');
  }
  void Null(std::string&) {}
  void Text(absl::string_view text, std::string& lines) {
    if (text.find_first_of(",\"\r\n") == absl::string_view::npos) {
      lines.append(text.data(), text.size());
      return;
    }
    lines.push_back('"');
    for (const char c : text) {
      if (c == '"') lines.push_back('"');
      lines.push_back(c);
    }
    lines.push_back('"');
  }
  void EndRow(std::string& lines) { lines.append("\r\n"); }

 private:
  const Columns columns_;
};

void AppendJsonText(absl::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out.append("\\u00");
      out.push_back(kHex[c >> 4]);
      out.push_back(kHex[c & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

class JsonLinesForm {
 public:
  explicit JsonLinesForm(const Columns& columns) {
    for (const Column& column : columns) {
      std::string key(keys_.empty() ? "" : ",");
      AppendJsonText(column.name, key);
      keys_.push_back(key + ":");
    }
  }

  void Begin(std::string&) {}
  void BeginRow(std::string& lines) { lines.push_back('{'); }
  void BeginCell(size_t index, std::string& lines) { lines.append(keys_[index]); }
  void Null(std::string& lines) { lines.append("null"); }
  void Text(absl::string_view text, std::string& lines) { AppendJsonText(text, lines); }
  void EndRow(std::string& lines) { lines.append("}\n"); }

 private:
  // `,"name":`
  std::vector<std::string> keys_;
};

}  // namespace

std::unique_ptr<TableWriter> NewCsvWriter(const Columns& columns, Output* output) {
  return std::make_unique<RowWriter<CsvForm>>(columns, output);
}

std::unique_ptr<TableWriter> NewJsonLinesWriter(const Columns& columns, Output* output) {
  return std::make_unique<RowWriter<JsonLinesForm>>(columns, output);
}

}  // namespace rapport::analytics
