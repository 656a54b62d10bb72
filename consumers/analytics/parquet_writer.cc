// Files of Apache Parquet: one row group a batch, pages of data version 1, zstd, a dictionary where
// texts repeat, statistics of each chunk. All of one version of the program and its libraries gives
// the same bytes for the same batches.
#include <zstd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "consumers/analytics/parquet_encoding.h"
#include "consumers/analytics/parquet_metadata.h"
#include "consumers/analytics/table_writer.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::analytics {
namespace {

constexpr char kMagic[] = "PAR1";
constexpr char kCreatedBy[] = "rapport version " RAPPORT_VERSION;
constexpr size_t kPageRows = 20'000;
constexpr int kZstdLevel = 1;

class ParquetWriter : public TableWriter {
 public:
  ParquetWriter(const Columns& columns, Output* output)
      : columns_(columns), output_(output), zstd_(ZSTD_createCCtx()) {
    RAPPORT_CHECK(zstd_ != nullptr) << "no memory to compress in";
  }
  ~ParquetWriter() override { ZSTD_freeCCtx(zstd_); }

  absl::Status Write(const RowBatch& batch) override {
    if (batch.rows() == 0) return absl::OkStatus();
    RETURN_IF_ERROR(Begin());
    ParquetRowGroup group;
    group.rows = static_cast<int64_t>(batch.rows());
    for (size_t i = 0; i < batch.columns(); ++i) {
      RETURN_IF_ERROR(WriteChunk(batch.column(i), group.chunks.emplace_back()));
    }
    groups_.push_back(std::move(group));
    return absl::OkStatus();
  }

  absl::Status Finish(const Metadata& metadata) override {
    RETURN_IF_ERROR(Begin());
    std::string footer = ParquetFooter(columns_, groups_, metadata, kCreatedBy);
    const auto length = static_cast<uint32_t>(footer.size());
    for (int i = 0; i < 4; ++i) footer.push_back(static_cast<char>(length >> (8 * i) & 0xff));
    footer.append(kMagic);
    return Append(footer);
  }

 private:
  absl::Status Begin() { return offset_ == 0 ? Append(kMagic) : absl::OkStatus(); }
  absl::Status Append(absl::string_view bytes) {
    offset_ += static_cast<int64_t>(bytes.size());
    return output_->Append(bytes);
  }

  absl::Status WriteChunk(const ColumnData& column, ParquetChunk& chunk) {
    const std::optional<TextDictionary> dictionary = DictionaryOf(column);
    chunk.column = column.column();
    chunk.has_dictionary = dictionary.has_value();
    chunk.rows = static_cast<int64_t>(column.rows());
    chunk.nulls = static_cast<int64_t>(column.nulls());
    chunk.range = RangeOf(column);
    chunk.offset = offset_;
    if (dictionary.has_value()) {
      page_.clear();
      AppendEntries(*dictionary, page_);
      RETURN_IF_ERROR(
          WritePage({.values = dictionary->entries.size()}, DictionaryPageHeader, chunk));
    }
    chunk.data_offset = offset_;
    size_t value = 0;
    for (size_t row = 0; row < column.rows(); row += kPageRows) {
      const size_t end = std::min(row + kPageRows, column.rows());
      page_.clear();
      const size_t values = AppendLevels(column, row, end);
      ParquetPage page = {.values = end - row};
      if (dictionary.has_value()) {
        page.encoding = ParquetEncoding::kRleDictionary;
        const int width = WidthOf(dictionary->entries.size());
        page_.push_back(static_cast<char>(width));
        AppendHybrid(absl::MakeConstSpan(dictionary->indexes).subspan(value, values), width, page_);
      } else {
        AppendPlain(column, value, value + values, page_);
      }
      value += values;
      RETURN_IF_ERROR(WritePage(page, DataPageHeader, chunk));
    }
    return absl::OkStatus();
  }

  // Which rows [begin, end) of an optional column have a value; how many do.
  size_t AppendLevels(const ColumnData& column, size_t begin, size_t end) {
    if (!column.column().optional) return end - begin;
    levels_.clear();
    for (size_t row = begin; row < end; ++row) levels_.push_back(column.has_value(row) ? 1 : 0);
    page_.append(4, 0);
    AppendHybrid(levels_, /*width=*/1, page_);
    const size_t length = page_.size() - 4;
    for (size_t i = 0; i < 4; ++i) page_[i] = static_cast<char>(length >> (8 * i) & 0xff);
    return static_cast<size_t>(std::count(levels_.begin(), levels_.end(), 1u));
  }

  // Compresses what `page_` holds and writes it behind its header.
  absl::Status WritePage(ParquetPage page, std::string (*header_of)(const ParquetPage&),
                         ParquetChunk& chunk) {
    compressed_.resize(ZSTD_compressBound(page_.size()));
    const size_t size = ZSTD_compressCCtx(zstd_, compressed_.data(), compressed_.size(),
                                          page_.data(), page_.size(), kZstdLevel);
    RAPPORT_CHECK(!ZSTD_isError(size)) << "cannot compress: " << ZSTD_getErrorName(size);
    page.bytes_plain = page_.size();
    page.bytes_compressed = size;
    const std::string header = header_of(page);
    chunk.bytes_plain += static_cast<int64_t>(header.size() + page_.size());
    chunk.bytes_compressed += static_cast<int64_t>(header.size() + size);
    RETURN_IF_ERROR(Append(header));
    return Append(absl::string_view(compressed_).substr(0, size));
  }

  const Columns columns_;
  Output* const output_;
  ZSTD_CCtx* const zstd_;
  int64_t offset_ = 0;
  std::vector<ParquetRowGroup> groups_;
  // Used again for every page.
  std::string page_;
  std::string compressed_;
  std::vector<uint32_t> levels_;
};

}  // namespace

std::unique_ptr<TableWriter> NewParquetWriter(const Columns& columns, Output* output) {
  return std::make_unique<ParquetWriter>(columns, output);
}

}  // namespace rapport::analytics
