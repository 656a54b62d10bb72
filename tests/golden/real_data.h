// The real purchase histories that the score is measured on, as purchases and reversals by day.
//
//   for (const Purchase& one : ReadCdnowSample()) ...
//
// Files stand outside the repository: in the folder $RAPPORT_DATA, else `../shared/data` beside it;
// expected scores in `../golden` beside that folder.
//
// Threads: plain functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rapport::golden {

struct Purchase {
  std::string customer;
  int64_t day = 0;
  int64_t micros = 0;
  bool reversed = false;
};

// False when the files are not on this machine.
bool HasRealData();
// Path of a file of the data sets.
std::string DataPath(absl::string_view file);
// Path of a file of expected scores.
std::string ScorePath(absl::string_view file);

std::vector<Purchase> ReadCdnowSample();
std::vector<Purchase> ReadCdnowMaster();
// Each invoice and date is one purchase; with `reversals` the import of cancellations too.
std::vector<Purchase> ReadOnlineRetail(bool reversals);

// `1997-09-30` or `19970930`.
int64_t DayOfDate(absl::string_view date);

}  // namespace rapport::golden
