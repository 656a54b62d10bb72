// Whether a customer was referred and has bought.
//
// Threads: pure. Ownership: what is returned borrows from the facts.
#pragma once

#include "engine/model/introduction.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

Introduction IntroductionOf(const Facts& facts);

}  // namespace rapport::facts
