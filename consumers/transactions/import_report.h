// ImportReport: what an import has read, made and left out, and the lines that say so.
//
//   read 541,909 rows  100 %  48 MB   skipped 135,080 rows without CustomerID
//   22,190 events of 4,372 customers: 18,536 purchases, 3,654 reversals    0 rejected
//   purchases GBP 8,911,407.90, reversals GBP 611,342.09
//
// An import that was stopped says instead: `stopped behind row 1,200 (41 % of 2.1 MB), the rest of
// the file was not read`.
//
// Every row is counted once: rows_read = skipped + rows_used + rows_refused at the end.
//
// Threads: plain value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/fixed_point.h"
#include "rapport/v1/event.pb.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::transactions {

struct ImportReport {
  // Rows that a rule of the mapping leaves out.
  struct Skipped {
    // Behind "rows ": `without CustomerID`.
    std::string words;
    int64_t rows = 0;
  };
  struct KindTotal {
    // `PurchaseMade`.
    std::string name;
    int64_t events = 0;
    // Sum of the payloads' amounts.
    std::map<std::string, int128> micros_by_currency;
  };

  // The end of the file was reached, and all events were handed over.
  bool whole = false;
  int64_t rows_read = 0;
  // Bytes of unpacked text; bytes of the file so far and in all.
  int64_t text_bytes = 0;
  int64_t file_bytes_read = 0;
  int64_t file_bytes = 0;
  std::vector<Skipped> skipped;
  // Rows that are in an event, or in one that was refused.
  int64_t rows_used = 0;
  int64_t rows_refused = 0;
  // Events the sink has taken (in a dry run: would have got).
  int64_t events = 0;
  int64_t customers = 0;
  std::map<v1::Kind, KindTotal> kinds;
  // Events that could not be made, and why the first of them could not.
  int64_t events_refused = 0;
  std::vector<std::string> refusals;
  // Lines of purchases that no item can express; their amounts are in the sums.
  int64_t items_left_out = 0;
  // Groups of rows seen so far: the events that are expected; 0 without grouping.
  int64_t groups = 0;
  // In a dry run, the first events.
  std::vector<v1::Event> examples;
};

// `8,911,407.90`: two decimals, halves rounded up.
std::string FormatAmount(int128 micros);
// `541,909`.
std::string FormatCount(int64_t count);
// `640 bytes`, `310 KB`, `2.1 MB`, `48 MB`: of a thousand, rounded to the nearest.
std::string FormatBytes(int64_t bytes);

// The lines of the report, without the refusals, which are errors and belong to stderr. `rejected`
// are events refused elsewhere, by who received them; they are added to the refused ones.
std::vector<std::string> SummaryLines(const ImportReport& report, int64_t rejected = 0);

}  // namespace rapport::transactions
