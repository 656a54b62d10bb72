// What an event did is what two whole standings, evaluated before it and after, differ in.
#include "projections/explain/effects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "projections/catalog.h"
#include "projections/facts/facts.h"
#include "tests/kit/random_history.h"

namespace rapport::explain {
namespace {

using NamesAndPolicies = std::set<std::pair<std::string, std::string>>;

const fold::Projection& Projection() {
  static const auto* const projection = projections::StandardCatalog().value().release();
  return *projection;
}

v1::Standing StandingAt(const facts::Facts& facts, int64_t at_us) {
  v1::Standing standing;
  Projection().Evaluate("ana", &facts, at_us, {}, standing);
  return standing;
}

// Follow-ups that are closed, or those that are not.
NamesAndPolicies FollowUpsOf(const v1::Standing& standing, bool closed) {
  NamesAndPolicies names;
  for (const v1::FollowUp& one : standing.follow_ups()) {
    const bool is_closed =
        one.status() == v1::FOLLOW_UP_STATUS_DONE || one.status() == v1::FOLLOW_UP_STATUS_EXPIRED;
    if (is_closed == closed) names.emplace(one.name(), one.policy());
  }
  return names;
}

v1::TimelineEntry Difference(const v1::Standing& before, const v1::Standing& after) {
  v1::TimelineEntry entry;
  for (int i = 0; i < after.lines_size(); ++i) {
    const int64_t moved = after.lines(i).milli_points() - before.lines(i).milli_points();
    if (moved == 0) continue;
    v1::LineEffect* effect = entry.add_effects();
    effect->set_line(after.lines(i).line());
    effect->set_milli_points(moved);
  }
  entry.set_stage_before(before.stage());
  entry.set_stage_after(after.stage());
  const NamesAndPolicies then_open = FollowUpsOf(before, false);
  const NamesAndPolicies then_closed = FollowUpsOf(before, true);
  for (const auto& one : FollowUpsOf(after, false)) {
    if (then_open.contains(one) || then_closed.contains(one)) continue;
    entry.add_opened(one.second);
  }
  for (const auto& one : FollowUpsOf(after, true)) {
    if (!then_closed.contains(one)) entry.add_closed(one.second);
  }
  return entry;
}

TEST(EffectsTest, AreWhatTwoStandingsDifferIn) {
  int opened = 0, closed = 0, moved = 0, restaged = 0, at_once = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    std::vector<kit::EventBuilder> events = kit::RandomHistory(seed, 60);
    // Some happen in one moment.
    for (size_t i = 3; i < events.size(); i += 4) {
      events[i].At(events[i - 1].View().occurred_at_us);
    }
    std::sort(events.begin(), events.end(),
              [](const auto& a, const auto& b) { return a.View().moment() < b.View().moment(); });
    facts::Facts facts;
    const auto effects = Projection().NewEffects("ana");
    int64_t last_us = 0;
    for (const kit::EventBuilder& event : events) {
      const int64_t at_us = event.View().occurred_at_us;
      const v1::Standing before = StandingAt(facts, at_us);
      v1::TimelineEntry entry;
      effects->Before(&facts, at_us);
      if (Projection().Folds(event.View().kind)) Projection().Fold(&facts, event.View());
      effects->After(&facts, at_us, entry);
      ASSERT_EQ(entry.DebugString(), Difference(before, StandingAt(facts, at_us)).DebugString())
          << "seed " << seed << ", " << v1::Kind_Name(event.View().kind);
      opened += entry.opened_size();
      closed += entry.closed_size();
      moved += entry.effects_size();
      restaged += entry.stage_before() != entry.stage_after();
      at_once += at_us == last_us;
      last_us = at_us;
    }
  }
  EXPECT_GE(opened, 500);
  EXPECT_GE(closed, 100);
  EXPECT_GE(moved, 1000);
  EXPECT_GE(restaged, 100);
  EXPECT_GE(at_once, 500);
}

}  // namespace
}  // namespace rapport::explain
