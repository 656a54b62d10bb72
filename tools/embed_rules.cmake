# Writes OUTPUT, a source file that holds the text of INPUT. Literals are kept short of what
# compilers must accept.
file(READ ${INPUT} text)
string(LENGTH "${text}" length)
set(pieces "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 8000 piece)
  string(APPEND pieces "    R\"RULES(${piece})RULES\"\n")
  math(EXPR at "${at} + 8000")
endwhile()
file(WRITE ${OUTPUT} "// Made from the standard rules by tools/embed_rules.cmake.
#include \"projections/catalog.h\"

namespace rapport::projections {

absl::string_view StandardRulesText() {
  static constexpr char kText[] =
${pieces}      \"\";
  return absl::string_view(kText, sizeof(kText) - 1);
}

}  // namespace rapport::projections
")
