// Rules: any text that is taken as a rule set must do for any history.

#include <google/protobuf/text_format.h>

#include <memory>
#include <vector>

#include "engine/base/check.h"
#include "engine/fold/rules_text.h"
#include "projections/catalog.h"
#include "tests/fuzz/events.h"
#include "tests/fuzz/facts_box.h"
#include "tests/fuzz/targets.h"
#include "tests/kit/random_history.h"

namespace rapport::fuzz {
namespace {

// A few lives that touch everything the rules speak of.
const std::vector<std::vector<kit::EventBuilder>>& Lives() {
  static const auto* const kLives = [] {
    auto* lives = new std::vector<std::vector<kit::EventBuilder>>;
    for (uint64_t seed = 1; seed <= 3; ++seed) lives->push_back(kit::RandomHistory(seed, 24));
    return lives;
  }();
  return *kLives;
}

void Live(const fold::Projection& projection) {
  for (const std::vector<kit::EventBuilder>& life : Lives()) {
    FactsBox facts(projection);
    for (const kit::EventBuilder& builder : life) {
      const ValidEvent event = builder.View();
      if (projection.Folds(event.kind)) projection.Fold(facts.get(), event);
    }
    EvaluateThroughout(projection, facts);
  }
}

}  // namespace

void FuzzRules(absl::string_view input) {
  const auto projection = projections::Catalog(input, "rules");
  if (!projection.ok()) {
    RAPPORT_CHECK(absl::IsInvalidArgument(projection.status())) << projection.status();
    return;
  }
  const fold::RulesText text = fold::RulesText::Parse(input, "rules").value();
  std::string canonical;
  RAPPORT_CHECK(google::protobuf::TextFormat::PrintToString(text.rules(), &canonical));
  const auto same = projections::Catalog(canonical, "canonical");
  RAPPORT_CHECK(same.ok()) << same.status();
  RAPPORT_CHECK((*same)->fold_digest() == (*projection)->fold_digest());
  RAPPORT_CHECK((*same)->evaluate_digest() == (*projection)->evaluate_digest());
  Live(**projection);
}

}  // namespace rapport::fuzz
