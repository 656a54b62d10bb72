#include "consumers/operations/rules_file.h"

#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "projections/catalog.h"

namespace rapport::operations {

absl::StatusOr<RulesFile> ReadRulesFile(const std::string& file_or_name) {
  if (const auto text = projections::BuiltInRulesText(file_or_name)) {
    return RulesFile{absl::StrCat("projections/rules/", file_or_name, ".textproto"),
                     std::string(*text)};
  }
  std::stringstream text;
  if (file_or_name == "-") {
    // It can be read once, and is asked for more often.
    static const std::string input = [] {
      std::stringstream all;
      all << std::cin.rdbuf();
      return all.str();
    }();
    return RulesFile{"standard input", input};
  }
  std::ifstream file(file_or_name, std::ios::binary);
  if (file && (text << file.rdbuf())) return RulesFile{file_or_name, text.str()};
  std::vector<absl::string_view> names;
  for (const projections::BuiltInRules& rules : projections::AllBuiltInRules()) {
    names.push_back(rules.name);
  }
  return absl::NotFoundError(absl::StrCat("RULES_UNKNOWN: ", file_or_name,
                                          " is no file of rules that can be read, and no set of "
                                          "this program; there are ",
                                          absl::StrJoin(names, ", ")));
}

std::string DigestOf(const fold::RulesText& rules) {
  const auto projection = projections::Catalog(rules);
  return projection.ok() ? (*projection)->digest() : "";
}

}  // namespace rapport::operations
