// RulesFile: rules as a command line names them: a file, or a set that came with the program.
//
//   ASSIGN_OR_RETURN(RulesFile file, ReadRulesFile("office"));
//   ASSIGN_OR_RETURN(fold::RulesText rules, projections::ReadRules(file.text, file.name));
//
// `-` is standard input. A set goes by its name, `office`; a file of that name has to be written
// `./office`.
//
// Threads: any. Errors: NOT_FOUND names the sets there are.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "projections/catalog.h"

namespace rapport::operations {

struct RulesFile {
  // What errors call it.
  std::string name;
  std::string text;
};

absl::StatusOr<RulesFile> ReadRulesFile(const std::string& file_or_name);

// As answers name rules: with the version of what is folded. Rules that are wrong have no name.
std::string DigestOf(const fold::RulesText& rules);

}  // namespace rapport::operations
