// Exceeded: how often in a row expectations were exceeded.
//
// An expectation is exceeded by a Met that says so, that reaches more than the level that was set,
// or that comes a day or more before it is due. Any other Met, and every miss (miss.h), ends the
// row. Rows begin where the memory of `bonds` does.
// Source: domain specification 4.8.
//
// Threads: pure.
#pragma once

#include <cstdint>

#include "projections/facts/facts.h"

namespace rapport::facts {

// True when `met`, an ExpectationMet of `bonds`, exceeds what was set under its key.
bool IsExceeded(const List& bonds, const Item& met);

// The row that ends with the latest Met or miss up to `until`, which counts too.
int64_t ExceededInARow(const Facts& facts, const Moment& until);

}  // namespace rapport::facts
