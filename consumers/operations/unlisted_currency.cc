#include "consumers/operations/unlisted_currency.h"

#include "absl/strings/str_cat.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

std::string UnlistedText(int64_t rate, absl::string_view base_currency) {
  if (rate == 0) return "counts nothing";
  if (rate == 1'000'000) return absl::StrCat("counts one for one as ", base_currency);
  return absl::StrCat("counts ", base_currency, " ", MoneyText(rate), " for one");
}

std::string UnlistedWarning(int64_t customers, int64_t rate, absl::string_view base_currency) {
  return absl::StrCat(Thousands(customers), customers == 1 ? " customer has" : " customers have",
                      " bought in a currency that the rules have no rate for; it ",
                      UnlistedText(rate, base_currency), "; ", kUnlistedCure);
}

}  // namespace rapport::operations
