#include "consumers/transactions/import_report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace rapport::transactions {
namespace {

// What many events of a kind are called.
std::string PluralOf(const std::string& kind) {
  if (kind == "PurchaseMade") return "purchases";
  if (kind == "PurchaseReversed") return "reversals";
  return kind;
}

int64_t PercentOf(const ImportReport& report) {
  if (report.file_bytes == 0) return 0;
  // Only the end is the end.
  return std::min<int64_t>(report.file_bytes_read * 100 / report.file_bytes, 99);
}

std::string StoppedLine(const ImportReport& report) {
  return absl::StrCat("stopped behind row ", FormatCount(report.rows_read), " (", PercentOf(report),
                      " % of ", FormatBytes(report.file_bytes), ")",
                      report.file_bytes_read < report.file_bytes
                          ? ", the rest of the file was not read"
                          : ", not all events were handed over");
}

std::string ReadLine(const ImportReport& report) {
  std::string line = report.whole ? absl::StrCat("read ", FormatCount(report.rows_read),
                                                 " rows  100 %  ", FormatBytes(report.text_bytes))
                                  : StoppedLine(report);
  absl::string_view before = "   skipped ";
  for (const ImportReport::Skipped& skipped : report.skipped) {
    if (skipped.rows == 0) continue;
    absl::StrAppend(&line, before, FormatCount(skipped.rows), " rows ", skipped.words);
    before = ", ";
  }
  return line;
}

std::string EventsLine(const ImportReport& report, int64_t rejected) {
  std::vector<std::string> kinds;
  for (const auto& [kind, total] : report.kinds) {
    kinds.push_back(absl::StrCat(FormatCount(total.events), " ", PluralOf(total.name)));
  }
  return absl::StrCat(FormatCount(report.events), " events of ", FormatCount(report.customers),
                      " customers", kinds.empty() ? "" : ": ", absl::StrJoin(kinds, ", "), "    ",
                      FormatCount(report.events_refused + rejected), " rejected");
}

std::string AmountsLine(const ImportReport& report) {
  std::vector<std::string> amounts;
  for (const auto& [kind, total] : report.kinds) {
    for (const auto& [currency, micros] : total.micros_by_currency) {
      amounts.push_back(
          absl::StrCat(PluralOf(total.name), " ", currency, " ", FormatAmount(micros)));
    }
  }
  return absl::StrJoin(amounts, ", ");
}

}  // namespace

std::string FormatCount(int64_t count) {
  std::string digits = absl::StrCat(count);
  for (size_t i = digits.size(); i > 3;) {
    i -= 3;
    if (digits[i - 1] != '-') digits.insert(i, ",");
  }
  return digits;
}

std::string FormatBytes(int64_t bytes) {
  static constexpr const char* kUnits[] = {"KB", "MB", "GB", "TB"};
  if (bytes < 1000) return absl::StrCat(bytes, " bytes");
  double size = static_cast<double>(bytes) / 1000;
  size_t unit = 0;
  for (; size >= 999.5 && unit + 1 < std::size(kUnits); ++unit) size /= 1000;
  return absl::StrFormat("%.*f %s", size < 9.95 ? 1 : 0, size, kUnits[unit]);
}

std::string FormatAmount(int128 micros) {
  const int128 cents = FloorDiv128(micros + 5'000, 10'000);
  return absl::StrFormat("%s.%02d", FormatCount(static_cast<int64_t>(cents / 100)),
                         static_cast<int>(cents % 100));
}

std::vector<std::string> SummaryLines(const ImportReport& report, int64_t rejected) {
  std::vector<std::string> lines = {ReadLine(report), EventsLine(report, rejected)};
  const std::string amounts = AmountsLine(report);
  if (!amounts.empty()) lines.push_back(amounts);
  if (report.items_left_out > 0) {
    lines.push_back(absl::StrCat(FormatCount(report.items_left_out),
                                 " invoice lines below zero or beyond 1,000 are in the amounts but "
                                 "not among the items"));
  }
  return lines;
}

}  // namespace rapport::transactions
