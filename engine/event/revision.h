// Revision: a retraction or correction, and which events of a customer stand after all of them.
//
//   std::vector<Revision> all;
//   for (...) if (IsRevision(event.kind)) all.push_back(RevisionOf(event));
//   const Revisions revisions(std::move(all));
//   const Ruling ruling = revisions.RulingOn(event.id, event.moment(), event.kind);
//
// The rules; an event is aimed at by its id, among those of one customer:
//  1. A retraction takes back what it is aimed at, unless that is a retraction: nothing takes a
//     retraction back.
//  2. A correction stands in the place of what it is aimed at, under the old id; of several the one
//     of the greatest moment. What is retracted stays so, whatever corrects it.
//  3. Aimed at a correction of a lesser moment, a correction undoes that one and no more; aimed at
//     any other technical event of this sort it does nothing.
//  4. A correction that is taken back or undone does nothing.
// Nothing depends on the order in which events are logged, nor on when they occurred but for the
// moments of corrections, so what is aimed at something that is not there yet waits.
//
// Threads: pure; Revisions is immutable. Memory: as many values as there are revisions.
#pragma once

#include <map>
#include <vector>

#include "engine/model/ids.h"
#include "engine/model/valid_event.h"

namespace rapport::event {

struct Revision {
  // Of the retraction or correction itself.
  Moment moment;
  v1::Kind kind = v1::KIND_UNSPECIFIED;
  Offset offset = 0;
  // What it is aimed at.
  EventId target;
};

// Whether events of this kind say something about other events: EventRetracted, EventCorrected.
bool IsRevision(v1::Kind kind);

// REQUIRES: IsRevision(event.kind), and its payload was checked.
Revision RevisionOf(const ValidEvent& event);

// What became of an event.
struct Ruling {
  enum class Fate {
    kStands,
    // Another stands in its place; of a correction: another goes before it, or has undone it.
    kCorrected,
    kRetracted,
  };
  Fate fate = Fate::kStands;
  // What took it back or put it right; null when it stands. Lives as long as the Revisions.
  const Revision* by = nullptr;
};

class Revisions {
 public:
  // All retractions and corrections of one customer, in any order.
  explicit Revisions(std::vector<Revision> all);
  // Rulings point into it.
  Revisions(const Revisions&) = delete;
  Revisions& operator=(const Revisions&) = delete;

  Ruling RulingOn(const EventId& id, const Moment& moment, v1::Kind kind) const;

 private:
  Ruling RulingOnCorrection(const EventId& id, const Moment& moment) const;

  // By moment, greatest first.
  std::vector<Revision> all_;
  // Target -> the retraction, or the correction, that counts.
  std::map<EventId, const Revision*> retractions_;
  std::map<EventId, const Revision*> corrections_;
  // Corrections by their own ids.
  std::map<EventId, const Revision*> own_;
};

// What stands in the place of `target`: the envelope of `correction` and the content that it gives,
// under the old id and, unless it gives another, at the old time. Texts stay with the correction.
// REQUIRES: `correction` is a checked EventCorrected.
v1::Event InPlaceOf(const v1::Event& target, const v1::Event& correction);

}  // namespace rapport::event
