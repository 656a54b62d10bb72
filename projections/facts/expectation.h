// Expectations: what the customer was told to expect, and what became of it.
//
// Joined by key from the list `bonds`. A key that was missed (miss.h) stays missed, whatever was
// met later. A Met exceeds that says so, that reaches more than the level that was set, or that
// comes a day or more before it is due; what was set is what the key's latest remembered
// ExpectationSet says. In a row: the newest decided ones that were exceeded; any other Met, and
// every miss, ends the row, and rows begin where the memory of `bonds` does.
// Source: domain specification 4.8.
//
// Threads: pure. Lifetime: points into the facts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

enum class ExpectationState : uint8_t { kOpen, kMet, kExceeded, kMissed };

struct Expectation {
  absl::string_view key;
  // The latest of each; null = none.
  const Item* set = nullptr;
  const Item* met = nullptr;
  const Item* missed = nullptr;
  ExpectationState state = ExpectationState::kOpen;
  // When it was met or missed, and the event that says so.
  std::optional<Moment> decided;
};

// By key, as bytes. What was met or missed later than `t_us` is not there yet; what is set is as
// it was set last.
std::vector<Expectation> ReadExpectations(const Facts& facts, int64_t t_us);

// Those of the row that ends with the newest decision, newest first.
std::vector<Moment> ExceededRow(absl::Span<const Expectation> all);

// How many there are in the row that ends with the latest Met or miss up to `until`, which counts
// too.
int64_t ExceededInARow(const Facts& facts, const Moment& until);

}  // namespace rapport::facts
