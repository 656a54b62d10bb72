#include "tests/kit/standard_rules.h"

#include <cstdlib>
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
  // Changed ones, when tests/tags tries whether a test sees it.
  const char* changed = std::getenv("RAPPORT_RULES");
  const std::string root = changed != nullptr ? changed : RAPPORT_SOURCE_DIR;
  const std::string path = root + "/projections/rules/standard.textproto";
  std::ifstream file(path);
  RAPPORT_CHECK(file.good()) << "cannot read " << path;
  std::stringstream words;
  words << file.rdbuf();
  return words.str();
}

constexpr char kOwnKinds[] = R"(
  custom_kind { name: "t0" by: CUSTOM_KIND_BY_CUSTOMER }
  custom_kind { name: "t1" by: CUSTOM_KIND_BY_CUSTOMER list: "moments" personal: true
                weight { ring: "dialogue" add: 400 } weight { ring: "type_community" add: 1000 } }
  custom_kind { name: "t2" by: CUSTOM_KIND_BY_CUSTOMER list: "moments" mode: "mode_self_service"
                weight { ring: "sentiment_minus" add: 700 } }
  custom_kind { name: "t3" by: CUSTOM_KIND_BY_CUSTOMER list: "orders" personal: false
                weight { ring: "advocacy" add: 90 } }
  custom_kind { name: "t4" by: CUSTOM_KIND_BY_VENDOR list: "contacts" cost: "giving"
                weight { ring: "type_proactive" add: 1000 } }
  custom_kind { name: "t5" by: CUSTOM_KIND_BY_VENDOR list: "mailings" cost: "outreach"
                mode: "mode_automated" }
  custom_kind { name: "t6" by: CUSTOM_KIND_BY_NEUTRAL list: "casework" cost: "service" }
  custom_kind { name: "t7" by: CUSTOM_KIND_BY_NEUTRAL weight { ring: "type_partnership" add: 5 } }
)";

StandardRules Compile(const std::string& words) {
  fold::RulesText text = Must(fold::RulesText::Parse(words, "standard.textproto"));
  facts::FoldRules fold = Must(facts::FoldRules::Compile(text));
  facts::EvaluateRules evaluate = Must(facts::EvaluateRules::From(text));
  return {std::move(text), std::move(fold), std::move(evaluate)};
}

}  // namespace

const StandardRules& Standard() {
  static const auto* const kRules = new StandardRules(Compile(StandardRulesText()));
  return *kRules;
}

const StandardRules& WithOwnKinds() {
  static const auto* const kRules = new StandardRules(
      Compile(StandardRulesTextWith("fold {", std::string("fold {") + kOwnKinds)));
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
