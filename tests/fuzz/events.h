// Events made of a fuzzer's bytes: valid ones, with values at the ends of their ranges and few
// keys, so that they meet.
//
//   for (const v1::Event& event : MakeEvents(input)) FoldOne(projection, event, offset, facts);
//
// Every byte string is a list of events: kind(1), moment(3), envelope(1), then per field of the
// payload one byte that leaves it out (0) or says how to fill it.
//
// Threads: one at a time; a validator is kept between calls.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "engine/fold/projection.h"
#include "rapport/v1/event.pb.h"
#include "tests/fuzz/facts_box.h"

namespace rapport::fuzz {

inline constexpr size_t kEventsMax = 48;

// Those of the events that the Validator accepts, ids distinct, at most kEventsMax.
std::vector<v1::Event> MakeEvents(absl::string_view input);

// Folds an event that MakeEvents gave, unless its kind changes no facts.
void FoldOne(const fold::Projection& projection, const v1::Event& event, Offset offset,
             FactsBox& facts);

// Asks for standings at the newest event and up to years later.
void EvaluateThroughout(const fold::Projection& projection, FactsBox& facts);

}  // namespace rapport::fuzz
