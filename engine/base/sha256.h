// SHA-256, for what is compared with the output of other programs: hashes of tokens.
//
// Threads: all functions are pure.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace rapport {

// 32 bytes.
std::string Sha256(absl::string_view bytes);

// Whether both are the same, in a time that says nothing about where they differ.
bool EqualInConstantTime(absl::string_view a, absl::string_view b);

}  // namespace rapport
