# Writes OUTPUT, a source file that holds the texts of FOLDER/NAME.textproto for each of NAMES.
# Literals are kept short of what compilers must accept.
string(REPLACE "," ";" names "${NAMES}")
set(texts "")
set(entries "")
foreach(name ${names})
  file(READ ${FOLDER}/${name}.textproto text)
  string(LENGTH "${text}" length)
  set(pieces "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 piece)
    string(APPEND pieces "    R\"RULES(${piece})RULES\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  string(APPEND texts "constexpr char k_${name}[] =\n${pieces}    \"\";\n")
  string(APPEND entries "      {\"${name}\", {k_${name}, sizeof(k_${name}) - 1}},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made from projections/rules by tools/embed_rules.cmake.
#include \"projections/catalog.h\"

namespace rapport::projections {
namespace {

${texts}
}  // namespace

const std::vector<BuiltInRules>& AllBuiltInRules() {
  static const auto* const kAll = new std::vector<BuiltInRules>{
${entries}  };
  return *kAll;
}

}  // namespace rapport::projections
")
