// WatchSteps: goes from one place of a watch to a later one and tells what changed on the way.
//
//   WatchSteps steps(&engine, memory_bytes);
//   RETURN_IF_ERROR(steps.TellEvents(place, applied, listener));
//   RETURN_IF_ERROR(steps.TellTime(place, now_us, listener));
//
// A step is one record; of a partition where more than 1,024 wait, all up to the next multiple of
// 1,024 as one, with one change for each customer; all that time changes at one moment; or what
// other rules change. Each moves the place, told or not. A step that was cut and is told again says
// the same: its messages have the place before it, with how far it reaches, until the last.
//
// Threads:   one.
// Ownership: borrows the engine.
// Errors:    CANCELLED when the listener leaves; those of WatchReader. The place is where the last
//            whole step ended.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consumers/support/watch_memory.h"
#include "consumers/support/watch_place.h"
#include "consumers/support/watch_state.h"
#include "engine/engine.h"

namespace rapport::support {

// Who hears of changes; each returns false to hear no more.
class WatchListener {
 public:
  virtual ~WatchListener() = default;
  // `place` is where a watch goes on after this message.
  virtual bool OnChange(v1::RelationshipChange change, const WatchPlace& place) = 0;
  virtual bool OnStep(const WatchPlace& place) = 0;
  // Now and then while nothing is told.
  virtual bool GoOn() = 0;
};

class WatchSteps {
 public:
  static constexpr Offset kJoinedRecords = 1024;
  static constexpr int kEventIdsMax = 8;

  WatchSteps(const Engine* engine, size_t memory_bytes)
      : engine_(engine), reader_(engine), memory_(memory_bytes) {}

  // Tells again the step that the place is within; `rules` are those it names, if it does.
  absl::Status TellStep(WatchPlace& place, std::shared_ptr<const fold::Projection> rules,
                        WatchListener& listener);

  // Tells what events changed before `to`, partition by partition. REQUIRES: it is within no step.
  // REQUIRES: `to` is applied and archived.
  absl::Status TellEvents(WatchPlace& place, const Position& to, WatchListener& listener);

  // Tells what time alone changed up to and with `to_us`.
  absl::Status TellTime(WatchPlace& place, int64_t to_us, WatchListener& listener);

  // Tells what everybody is by other rules.
  absl::Status TellRules(WatchPlace& place, std::shared_ptr<const fold::Projection> rules,
                         WatchListener& listener);

 private:
  struct Record;
  class EventStep;
  class TimeStep;

  absl::Status TellPartition(WatchPlace& place, Partition partition, Offset to,
                             WatchListener& listener);
  // As it is told at the place; null when nothing was known.
  absl::StatusOr<WatchState> StateAt(const Group& group, const WatchPlace& place);
  // Remembers what was told of who is alone.
  void Keep(const WatchedFacts& facts, const WatchState& state);

  const Engine* const engine_;
  WatchReader reader_;
  WatchMemory memory_;
};

}  // namespace rapport::support
