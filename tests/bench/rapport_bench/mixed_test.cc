#include "tests/bench/rapport_bench/mixed.h"

#include <gtest/gtest.h>

#include <map>

#include "engine/event/kinds.h"
#include "engine/event/validator.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {
namespace {

constexpr int64_t kEvents = 20'000;
constexpr int64_t kAppendedUs = 1'900'000'000'000'000;

TEST(MixedKindsTest, MakesOnlyValidEvents) {
  Workload workload({.name = "mixed", .mixed = true}, {.events = kEvents, .customers = 100});
  event::Validator validator({});
  NewRecord made;
  while (workload.Next(made)) {
    RecordView record;
    record.append_time_us = kAppendedUs;
    record.key = made.key;
    record.value = made.value;
    auto rejection = validator.CheckEnvelope(record);
    if (!rejection.has_value()) rejection = validator.CheckPayload();
    ASSERT_FALSE(rejection.has_value()) << rejection->field << " " << rejection->message;
  }
}

TEST(MixedKindsTest, DrawsEveryKindThatIsNotTechnicalAndPurchasesForAQuarter) {
  MixedKinds kinds;
  Random random(1);
  v1::Event event;
  std::map<v1::Kind, int> drawn;
  for (int64_t i = 0; i < kEvents; ++i) {
    event.Clear();
    kinds.Fill(kAppendedUs, 100, random, event);
    ++drawn[event.kind()];
  }
  for (const event::KindInfo& kind : event::AllKinds()) {
    const bool technical =
        kind.kind >= v1::KIND_EVENT_RETRACTED && kind.kind <= v1::KIND_ERASURE_COMPLETED;
    EXPECT_NE(drawn.contains(kind.kind), technical) << kind.name;
  }
  EXPECT_NEAR(drawn[v1::KIND_PURCHASE_MADE], kEvents / 4, kEvents / 50);
}

}  // namespace
}  // namespace rapport::bench
