// What is true of every story, though none asks for it.
//
//   std::vector<std::string> wrong = CheckOrders(told);
//
// Here: what only needs the events and the facts they should give. What needs the running pipeline
// (power cuts, history, rebuilding) is in runner.cc.
//
// Threads:   one. Ownership: borrows what a Told points to.
// Errors:    values: sentences about what is wrong; empty = nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/fold/projection.h"
#include "rapport/v1/explanation.pb.h"
#include "rapport/v1/relationships.pb.h"
#include "tests/stories/event_line.h"

namespace rapport::stories {

// A story that was told.
struct Told {
  const fold::Projection* projection = nullptr;
  // The events that count, in the order of the log.
  std::vector<const EventLine*> events;
  // Customer -> facts, encoded without offsets.
  std::map<std::string, std::string> facts;
};

// The facts of each customer when the events are folded in the order of the log.
std::map<std::string, std::string> FactsInOrder(const Told& told);

// The same facts for 50 orders, folded one by one and a thousand at a time, with a copy of each
// event, stamped with another time, somewhere behind it.
std::vector<std::string> CheckOrders(const Told& told);

// The facts of any two halves of the events, merged, are the facts of all; decoding and encoding
// facts gives them back.
std::vector<std::string> CheckHalves(const Told& told);

// Lines add up to the score; every receipt says a rule that exists and events of the story; every
// follow-up has a cause, its own id and moments in order.
std::vector<std::string> CheckStanding(const v1::Standing& standing,
                                       const std::vector<const EventLine*>& events,
                                       const std::set<std::string>& policies);

// Shares of events add up to every line; the standing that is explained is the one that was given;
// the events are those of the story, and the first change by time comes on the day announced.
std::vector<std::string> CheckExplanation(const v1::Explanation& explanation,
                                          const v1::Standing& standing,
                                          const std::vector<const EventLine*>& events);

// The timeline shows each event once, as it was published, and no act of the business or of a third
// party earned points: such an act can at most end what a complaint costs.
std::vector<std::string> CheckTimeline(const std::vector<v1::TimelineEntry>& timeline,
                                       const std::vector<const EventLine*>& events);

// The part of a standing whose changes are announced: stage, reason and rule, flags, and follow-ups
// by id, status and reason.
std::string AnnouncedPartOf(const v1::Standing& standing);

}  // namespace rapport::stories
