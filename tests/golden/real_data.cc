#include "tests/golden/real_data.h"

#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "tests/kit/csv.h"

namespace rapport::golden {
namespace {

std::string DataFolder() {
  const char* folder = std::getenv("RAPPORT_DATA");
  return folder != nullptr ? folder : RAPPORT_SOURCE_DIR "/../shared/data";
}

// Lines of a file, packed or not.
std::vector<std::string> ReadLines(absl::string_view name) {
  const std::string path = DataPath(name);
  gzFile file = gzopen(path.c_str(), "rb");
  RAPPORT_CHECK(file != nullptr) << "cannot read " << path;
  std::vector<std::string> lines;
  char buffer[4096];
  while (gzgets(file, buffer, sizeof(buffer)) != nullptr) {
    absl::string_view line = buffer;
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    lines.emplace_back(line);
  }
  gzclose(file);
  return lines;
}

// Millionths of a decimal number, exactly.
int64_t ToMicros(absl::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  const std::vector<std::string> parts = absl::StrSplit(text, '.');
  std::string fraction = parts.size() > 1 ? parts[1] : "";
  RAPPORT_CHECK(fraction.size() <= 6) << text << " has more than six decimals";
  fraction.resize(6, '0');
  const int64_t micros = kit::ToNumber(parts[0]) * 1'000'000 + kit::ToNumber(fraction);
  return negative ? -micros : micros;
}

// `columns`: places of customer, date and dollars.
std::vector<Purchase> ReadCdnow(absl::string_view name, bool heading, size_t customer, size_t date,
                                size_t dollars) {
  std::vector<Purchase> purchases;
  for (const std::string& line : ReadLines(name)) {
    if (std::exchange(heading, false)) continue;
    const std::vector<std::string> cells =
        absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (cells.empty()) continue;
    purchases.push_back({cells[customer], DayOfDate(cells[date]), ToMicros(cells[dollars]), false});
  }
  return purchases;
}

}  // namespace

bool HasRealData() { return std::filesystem::exists(DataFolder()); }

std::string DataPath(absl::string_view file) { return absl::StrCat(DataFolder(), "/", file); }

std::string ScorePath(absl::string_view file) {
  return absl::StrCat(DataFolder(), "/../golden/", file);
}

std::vector<Purchase> ReadCdnowSample() {
  return ReadCdnow("cdnow/CDNOW_sample.txt", false, 1, 2, 4);
}

std::vector<Purchase> ReadCdnowMaster() {
  return ReadCdnow("cdnow/CDNOW_master.txt.gz", true, 0, 1, 3);
}

std::vector<Purchase> ReadOnlineRetail(bool reversals) {
  // Columns: InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country.
  std::map<std::pair<std::string, std::string>, Purchase> invoices;
  bool heading = true;
  for (const std::string& line : ReadLines("uci_online_retail/online_retail.csv.gz")) {
    if (std::exchange(heading, false)) continue;
    const std::vector<std::string> cells = kit::SplitCsvLine(line);
    RAPPORT_CHECK(cells.size() == 8) << line;
    const bool is_reversal = cells[0][0] == 'C';
    const int64_t price = ToMicros(cells[5]);
    if (cells[6].empty()) continue;
    if (!reversals && (is_reversal || price <= 0)) continue;
    const std::string date = cells[4].substr(0, 10);
    Purchase& one = invoices[{cells[0], date}];
    one.customer = absl::StrReplaceAll(cells[6], {{".0", ""}});
    one.day = DayOfDate(date);
    one.micros += price * kit::ToNumber(cells[3]);
    one.reversed = is_reversal;
  }
  std::vector<Purchase> purchases;
  for (auto& [key, one] : invoices) {
    if (one.reversed) one.micros = std::abs(one.micros);
    purchases.push_back(std::move(one));
  }
  return purchases;
}

int64_t DayOfDate(absl::string_view date) {
  const std::string digits = absl::StrReplaceAll(date, {{"-", ""}});
  const int64_t number = kit::ToNumber(digits);
  return DayOfCivil(
      {number / 10'000, static_cast<int>(number / 100 % 100), static_cast<int>(number % 100)});
}

}  // namespace rapport::golden
