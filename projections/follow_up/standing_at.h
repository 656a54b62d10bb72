// StandingAt: what other rooms say about the customer, asked by moment; the catalog answers.
//
// Follow-ups hang on stage, flags and score, which this room does not know how to find. Nothing is
// asked that no policy needs.
//
// Threads: one. Lifetime: as long as the facts it speaks of.
#pragma once

#include <cstdint>
#include <optional>

#include "projections/facts/stage_state.h"
#include "rapport/v1/ending.pb.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::follow_up {

// A state that a policy waits for: exactly one is set.
struct State {
  // AT_RISK, LET_DOWN, LOOKING_AROUND or WON_BACK.
  v1::Flag flag = v1::FLAG_UNSPECIFIED;
  bool dormant = false;
  v1::EndedBy ended_by = v1::ENDED_BY_UNSPECIFIED;
};

// What moves a little every day.
struct Drift {
  // 0..1000.
  int64_t points = 0;
  v1::RelationshipType type = v1::RELATIONSHIP_TYPE_NONE;
  v1::ServiceMode mode = v1::SERVICE_MODE_NONE;
  // Good feelings outweigh bad ones.
  bool content = false;
};

class StandingAt {
 public:
  virtual ~StandingAt() = default;

  // Stage and flags at a moment, no event arriving.
  virtual facts::StageState StageAt(int64_t t_us) const = 0;
  // The day on which the state began; absent = it does not hold at `t_us`.
  virtual std::optional<int64_t> Since(const State& state, int64_t t_us) const = 0;
  // Least instant > t_us at which stage, flags or the day on which a state began are others, no
  // event arriving; absent = never.
  virtual std::optional<int64_t> NextStageChange(int64_t t_us) const = 0;
  virtual Drift DriftAt(int64_t t_us) const = 0;
};

}  // namespace rapport::follow_up
