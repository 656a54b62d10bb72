// ParquetEncoding: values of a column as the bytes of a page, before they are compressed.
//
// Threads: pure. Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "consumers/analytics/row_batch.h"

namespace rapport::analytics {

// Values [begin, end) as PLAIN: little-endian integers, bits of booleans, texts behind their
// length.
void AppendPlain(const ColumnData& column, size_t begin, size_t end, std::string& out);

// Numbers of `width` bits, 1 to 32, as the hybrid of repeated and bit-packed runs.
void AppendHybrid(absl::Span<const uint32_t> numbers, int width, std::string& out);

// Bits that the greatest of `count` indexes needs, at least 1.
int WidthOf(size_t count);

// The distinct texts of a column, in order of appearance, and each value's place among them.
struct TextDictionary {
  std::vector<absl::string_view> entries;
  std::vector<uint32_t> indexes;
};
// None when most texts differ, so that it would save nothing. Borrows the column's bytes.
std::optional<TextDictionary> DictionaryOf(const ColumnData& column);
// Its entries as PLAIN.
void AppendEntries(const TextDictionary& dictionary, std::string& out);

// Least and greatest value as PLAIN without length; none when there are no values, or the texts
// are longer than statistics should be.
std::optional<std::pair<std::string, std::string>> RangeOf(const ColumnData& column);

}  // namespace rapport::analytics
