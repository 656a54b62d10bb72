// ParquetMetadata: the structs of Apache Parquet that a file of flat columns needs, as bytes.
//
// They are written by Thrift's compact protocol, with the field ids of the public specification
// (Apache Parquet format 2.10, parquet.thrift: https://github.com/apache/parquet-format). What we
// never write (nested columns, encryption, indexes of pages) is not here.
//
// Threads: pure. Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "consumers/analytics/row_batch.h"

namespace rapport::analytics {

enum class ParquetEncoding { kPlain = 0, kRle = 3, kRleDictionary = 8 };

struct ParquetPage {
  size_t bytes_plain = 0;
  size_t bytes_compressed = 0;
  // Rows of a data page, entries of a dictionary.
  size_t values = 0;
  ParquetEncoding encoding = ParquetEncoding::kPlain;
};

// One column of one row group.
struct ParquetChunk {
  Column column;
  bool has_dictionary = false;
  // Rows, those without a value included.
  int64_t rows = 0;
  int64_t nulls = 0;
  // Least and greatest value as plain bytes; absent without values, or when they are long.
  std::optional<std::pair<std::string, std::string>> range;
  // From the beginning of the file: the first byte, and that of the data behind the dictionary.
  int64_t offset = 0;
  int64_t data_offset = 0;
  // Headers of pages included.
  int64_t bytes_plain = 0;
  int64_t bytes_compressed = 0;
};

struct ParquetRowGroup {
  int64_t rows = 0;
  std::vector<ParquetChunk> chunks;
};

std::string DataPageHeader(const ParquetPage& page);
std::string DictionaryPageHeader(const ParquetPage& page);

// The struct at the end of a file, without its length.
std::string ParquetFooter(const Columns& columns, const std::vector<ParquetRowGroup>& groups,
                          const std::vector<std::pair<std::string, std::string>>& metadata,
                          const std::string& created_by);

}  // namespace rapport::analytics
