#include "tests/kit/standard_rules.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "engine/base/check.h"

namespace rapport::kit {
namespace {

template <typename T>
T Must(absl::StatusOr<T> value) {
  RAPPORT_CHECK(value.ok()) << value.status();
  return *std::move(value);
}

std::string ReadWords() {
  const std::string path = RAPPORT_SOURCE_DIR "/projections/rules/standard.textproto";
  std::ifstream file(path);
  RAPPORT_CHECK(file.good()) << "cannot read " << path;
  std::stringstream words;
  words << file.rdbuf();
  return words.str();
}

StandardRules Compile() {
  fold::RulesText text = Must(fold::RulesText::Parse(StandardRulesText(), "standard.textproto"));
  facts::FoldRules fold = Must(facts::FoldRules::Compile(text));
  facts::EvaluateRules evaluate = Must(facts::EvaluateRules::From(text));
  return {std::move(text), std::move(fold), std::move(evaluate)};
}

}  // namespace

const StandardRules& Standard() {
  static const auto* const kRules = new StandardRules(Compile());
  return *kRules;
}

const std::string& StandardRulesText() {
  static const auto* const kWords = new std::string(ReadWords());
  return *kWords;
}

std::string StandardRulesTextWith(const std::string& from, const std::string& to) {
  std::string words = StandardRulesText();
  const size_t at = words.find(from);
  RAPPORT_CHECK(at != std::string::npos) << "the standard rules do not say " << from;
  return words.replace(at, from.size(), to);
}

}  // namespace rapport::kit
