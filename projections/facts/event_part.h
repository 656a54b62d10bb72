// EventPart: what one event alone adds to the facts of a customer.
//
// Facts are a sum: the parts of all events, merged, are the facts. So what an event weighs in a
// ring is what a fold of that event into empty facts leaves there; the rules are asked once, by the
// fold.
//
// Threads: plain value. Ownership: owns its facts.
#pragma once

#include "projections/facts/facts.h"

namespace rapport::facts {

struct EventPart {
  Moment moment;
  Facts facts;
};

}  // namespace rapport::facts
