#include "consumers/analytics/parquet_encoding.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "engine/base/coding.h"

namespace rapport::analytics {
namespace {

// Longer texts are no help to who looks for the pages he needs.
constexpr size_t kRangeBytesMax = 128;
// A dictionary has at most so many entries, and stands for at least so many values each.
constexpr size_t kEntriesMax = 1 << 16;
constexpr size_t kValuesPerEntry = 4;
// Fewer values are not judged: the first of many may all be new.
constexpr size_t kJudgedFrom = 1024;
// A run of fewer equal numbers is packed with its neighbours.
constexpr size_t kGroup = 8;

void AppendLittleEndian(uint64_t value, size_t bytes, std::string& out) {
  for (size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

void AppendText(absl::string_view text, std::string& out) {
  AppendLittleEndian(text.size(), 4, out);
  out.append(text.data(), text.size());
}

// Bytes of a number; booleans have one when they stand alone.
size_t BytesOf(ColumnType type) {
  switch (type) {
    case ColumnType::kBool:
      return 1;
    case ColumnType::kInt32:
    case ColumnType::kDay:
      return 4;
    default:
      return 8;
  }
}

// Groups of 8 numbers, the last filled up with zeros.
void AppendPacked(absl::Span<const uint32_t> numbers, int width, std::string& out) {
  if (numbers.empty()) return;
  const size_t groups = (numbers.size() + kGroup - 1) / kGroup;
  AppendVarint(out, groups << 1 | 1);
  uint64_t bits = 0;
  int filled = 0;
  for (size_t i = 0; i < groups * kGroup; ++i) {
    bits |= uint64_t{i < numbers.size() ? numbers[i] : 0} << filled;
    for (filled += width; filled >= 8; filled -= 8, bits >>= 8) {
      out.push_back(static_cast<char>(bits & 0xff));
    }
  }
}

}  // namespace

void AppendPlain(const ColumnData& column, size_t begin, size_t end, std::string& out) {
  const ColumnType type = column.column().type;
  if (column.is_text()) {
    for (size_t i = begin; i < end; ++i) AppendText(column.text(i), out);
  } else if (type == ColumnType::kBool) {
    for (size_t i = begin; i < end; ++i) {
      if ((i - begin) % 8 == 0) out.push_back(0);
      if (column.number(i) != 0) out.back() = static_cast<char>(out.back() | 1 << (i - begin) % 8);
    }
  } else {
    const size_t bytes = BytesOf(type);
    for (size_t i = begin; i < end; ++i) {
      AppendLittleEndian(static_cast<uint64_t>(column.number(i)), bytes, out);
    }
  }
}

void AppendHybrid(absl::Span<const uint32_t> numbers, int width, std::string& out) {
  // Numbers [packed, i) wait to be packed, whole groups of them.
  size_t packed = 0;
  for (size_t i = 0; i < numbers.size();) {
    size_t same = 1;
    while (i + same < numbers.size() && numbers[i + same] == numbers[i]) ++same;
    if (same < kGroup) {
      i = std::min(i + kGroup, numbers.size());
      continue;
    }
    AppendPacked(numbers.subspan(packed, i - packed), width, out);
    AppendVarint(out, uint64_t{same} << 1);
    AppendLittleEndian(numbers[i], static_cast<size_t>(width + 7) / 8, out);
    packed = i += same;
  }
  AppendPacked(numbers.subspan(packed), width, out);
}

int WidthOf(size_t count) {
  int width = 1;
  while (count > size_t{1} << width) ++width;
  return width;
}

std::optional<TextDictionary> DictionaryOf(const ColumnData& column) {
  if (!column.is_text() || column.values() == 0) return std::nullopt;
  TextDictionary dictionary;
  dictionary.indexes.reserve(column.values());
  absl::flat_hash_map<absl::string_view, uint32_t> places;
  for (size_t i = 0; i < column.values(); ++i) {
    const auto [place, is_new] =
        places.try_emplace(column.text(i), static_cast<uint32_t>(places.size()));
    if (is_new) dictionary.entries.push_back(place->first);
    dictionary.indexes.push_back(place->second);
    const bool too_many =
        places.size() > kEntriesMax || (i >= kJudgedFrom && places.size() * kValuesPerEntry > i);
    if (too_many) return std::nullopt;
  }
  return dictionary;
}

void AppendEntries(const TextDictionary& dictionary, std::string& out) {
  for (const absl::string_view entry : dictionary.entries) AppendText(entry, out);
}

std::optional<std::pair<std::string, std::string>> RangeOf(const ColumnData& column) {
  if (column.values() == 0) return std::nullopt;
  if (column.is_text()) {
    absl::string_view least = column.text(0), greatest = least;
    for (size_t i = 1; i < column.values(); ++i) {
      const absl::string_view text = column.text(i);
      if (text < least) least = text;
      if (greatest < text) greatest = text;
    }
    if (least.size() > kRangeBytesMax || greatest.size() > kRangeBytesMax) return std::nullopt;
    return std::pair(std::string(least), std::string(greatest));
  }
  int64_t least = column.number(0), greatest = least;
  for (size_t i = 1; i < column.values(); ++i) {
    least = std::min(least, column.number(i));
    greatest = std::max(greatest, column.number(i));
  }
  const size_t bytes = BytesOf(column.column().type);
  std::pair<std::string, std::string> range;
  AppendLittleEndian(static_cast<uint64_t>(least), bytes, range.first);
  AppendLittleEndian(static_cast<uint64_t>(greatest), bytes, range.second);
  return range;
}

}  // namespace rapport::analytics
