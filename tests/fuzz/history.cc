// Histories: any valid events, folded in any order, must give the same facts.

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/base/check.h"
#include "projections/catalog.h"
#include "tests/fuzz/events.h"
#include "tests/fuzz/facts_box.h"
#include "tests/fuzz/targets.h"

namespace rapport::fuzz {
namespace {

const fold::Projection& Standard() {
  static const auto* const kProjection = projections::StandardCatalog().value().release();
  return *kProjection;
}

// An event keeps its offset in whatever order it is folded.
void Fold(const std::vector<v1::Event>& events, size_t begin, size_t end, bool backwards,
          FactsBox& facts) {
  for (size_t i = begin; i < end; ++i) {
    const size_t at = backwards ? end - 1 - (i - begin) : i;
    FoldOne(Standard(), events[at], static_cast<Offset>(at), facts);
  }
}

}  // namespace

void FuzzHistory(absl::string_view input) {
  const std::vector<v1::Event> events = MakeEvents(input);
  FactsBox forwards(Standard());
  Fold(events, 0, events.size(), false, forwards);
  const std::string bytes = forwards.Bytes();

  FactsBox backwards(Standard());
  Fold(events, 0, events.size(), true, backwards);
  RAPPORT_CHECK(backwards.Bytes() == bytes) << "the order of events shows";

  FactsBox merged(Standard());
  FactsBox second_half(Standard());
  Fold(events, 0, events.size() / 2, false, merged);
  Fold(events, events.size() / 2, events.size(), false, second_half);
  Standard().Merge(merged.get(), second_half.get());
  RAPPORT_CHECK(merged.Bytes() == bytes) << "halves do not make the whole";

  FactsBox read(Standard());
  const absl::Status status = Standard().Decode(bytes, read.get());
  RAPPORT_CHECK(status.ok()) << status;
  RAPPORT_CHECK(read.Bytes() == bytes) << "facts do not come back from their bytes";
  EvaluateThroughout(Standard(), read);
}

}  // namespace rapport::fuzz
