// Capsules: files that anybody may have written, read and replayed.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "consumers/edge/cloud_event.h"
#include "consumers/operations/capsule_file.h"
#include "engine/base/check.h"
#include "engine/capsule/replay.h"
#include "engine/event/framing.h"
#include "projections/catalog.h"
#include "tests/fuzz/targets.h"

namespace rapport::fuzz {
namespace {

constexpr char kFile[] = "fuzz.capsule";

const fold::Projection& StandardRules() {
  static const auto* const kRules = projections::StandardCatalog().value().release();
  return *kRules;
}

// What replaying says; of one that cannot be replayed why not.
std::string Replay(const v1::Capsule& capsule, const fold::Projection& rules) {
  const absl::StatusOr<v1::CapsuleReplay> replay = capsule::ReplayCapsule(capsule, rules);
  return replay.ok() ? replay->SerializeAsString() : replay.status().ToString();
}

}  // namespace

void FuzzCapsule(absl::string_view input) {
  event::SetStructuredReader(edge::ReadStructuredEvent);
  const absl::StatusOr<v1::Capsule> capsule = operations::ReadCapsuleText(input, kFile);
  if (!capsule.ok()) {
    RAPPORT_CHECK(absl::IsInvalidArgument(capsule.status())) << capsule.status();
    RAPPORT_CHECK(absl::StartsWith(capsule.status().message(), "CAPSULE_")) << capsule.status();
    RAPPORT_CHECK(absl::StrContains(capsule.status().message(), kFile)) << capsule.status();
    return;
  }
  const std::string text = operations::CapsuleText(*capsule);
  const absl::StatusOr<v1::Capsule> again = operations::ReadCapsuleText(text, kFile);
  RAPPORT_CHECK(again.ok()) << again.status();
  RAPPORT_CHECK(operations::CapsuleText(*again) == text);
  std::unique_ptr<fold::Projection> own;
  if (!capsule->rules_text().empty()) {
    auto rules = projections::Catalog(capsule->rules_text(), kFile);
    if (!rules.ok()) {
      RAPPORT_CHECK(absl::IsInvalidArgument(rules.status())) << rules.status();
      return;
    }
    own = *std::move(rules);
  }
  const fold::Projection& rules = own == nullptr ? StandardRules() : *own;
  const std::string replay = Replay(*capsule, rules);
  RAPPORT_CHECK(Replay(*again, rules) == replay);
}

}  // namespace rapport::fuzz
