// Sums: what all customers of a state add up to, so that ways of folding can be compared.
//
//   ASSIGN_OR_RETURN(const Sums ours, SumsOfState(site->state(), partitions));
//   RETURN_IF_ERROR(SameSums(ours, peer.sums, "Kafka Streams"));
//
// The fingerprint is the sum of a hash of each customer's name and numbers (FNV-1a, 64 bits), so
// that none can have what is another's.
//
// Threads: pure, but for reading the table.
// Errors:  those of the table; INTERNAL for sums that differ.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/table/table.h"

namespace rapport::bench {

struct Sums {
  int64_t customers = 0;
  int64_t events = 0;
  // Of all purchases, in their own currencies.
  int64_t micros = 0;
  // Days with a purchase, customer by customer.
  int64_t days = 0;
  uint64_t fingerprint = 0;

  void Add(absl::string_view customer, int64_t its_events, int64_t its_micros, int64_t its_days);
  // `customers=1 events=2 micros=3 days=4 fingerprint=0123456789abcdef`.
  std::string Text() const;
  bool operator==(const Sums&) const = default;
};

// What ReadModifyWrite keeps is facts alone, what the engine keeps are rows around them.
enum class RowForm { kCustomerRow, kFacts };

// Of the customers in `state`, which must hold all that was folded.
absl::StatusOr<Sums> SumsOfState(table::Table& state, int partitions,
                                 RowForm form = RowForm::kCustomerRow);

absl::Status SameSums(const Sums& ours, const Sums& theirs, absl::string_view who);

}  // namespace rapport::bench
