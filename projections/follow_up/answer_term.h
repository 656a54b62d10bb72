// AnswerTerm: by when the rules want a question answered, whatever became of it.
//
//   std::optional<AnswerTerm> term = AnswerTermOf(facts, enquiry, policies);
//
// That of the first policy by id that is work owed, is opened by the kind of the question and
// closed by QuestionAnswered of the same key. Unlike a follow-up it does not vanish when it is old.
//
// Threads: pure.
#pragma once

#include <cstdint>
#include <optional>

#include "projections/facts/facts.h"
#include "projections/follow_up/policy.h"

namespace rapport::follow_up {

struct AnswerTerm {
  // Microseconds UTC, moved by the times in which we waited for the customer; kNever while we do.
  int64_t by_us = 0;
  // We asked back and have heard nothing yet.
  bool waiting = false;
};

// Absent when no policy says so.
std::optional<AnswerTerm> AnswerTermOf(const facts::Facts& facts, const facts::Item& question,
                                       const Policies& policies);

}  // namespace rapport::follow_up
