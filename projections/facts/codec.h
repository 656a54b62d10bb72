// Codec: facts as the bytes of rapport.v1.CustomerFacts, and back.
//
// Equal facts give equal bytes: fields by number, cells by key, items by moment, zero and empty
// left out. The bytes are also what the generated class would write.
//
// The rules are those by which the facts were folded: they name the business's own kinds.
//
// Threads: pure. Errors: DATA_LOSS from Decode, when the bytes are not facts by these rules.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"

namespace rapport::facts {

// Appends the bytes to `out`. `with_offsets` also writes the log offsets of work on follow-ups,
// which the facts digest leaves out.
void Encode(const Facts& facts, const FoldRules& rules, bool with_offsets, std::string& out);

// Fills `facts`. REQUIRES: `facts` is empty; after an error its content is not specified.
absl::Status Decode(absl::string_view bytes, const FoldRules& rules, Facts& facts);

// Bytes in memory, the struct included.
size_t MemoryBytes(const Facts& facts);

}  // namespace rapport::facts
