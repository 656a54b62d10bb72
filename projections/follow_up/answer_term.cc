#include "projections/follow_up/answer_term.h"

#include <algorithm>

#include "projections/follow_up/pauses.h"

namespace rapport::follow_up {
namespace {

const Policy* PolicyOf(uint16_t kind, const Policies& policies) {
  const auto opens = [kind](const Trigger& trigger) { return trigger.kind == kind; };
  const auto closes = [](const Closer& closer) {
    return closer.kind == v1::KIND_QUESTION_ANSWERED && closer.same_key;
  };
  for (const Policy& policy : policies.all()) {
    if (policy.cls == v1::FOLLOW_UP_CLASS_WORK && policy.by.base == Base::kOpened &&
        !policy.opened.has_value() &&
        std::any_of(policy.triggers.begin(), policy.triggers.end(), opens) &&
        std::any_of(policy.closers.begin(), policy.closers.end(), closes)) {
      return &policy;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<AnswerTerm> AnswerTermOf(const facts::Facts& facts, const facts::Item& question,
                                       const Policies& policies) {
  const Policy* policy = PolicyOf(question.kind, policies);
  if (policy == nullptr) return std::nullopt;
  const int64_t asked_us = question.moment.at_us;
  const Pauses pauses = ReadPauses(facts, policies.answers(), question.key.view(), asked_us);
  const bool in_open_hours = policy->business && policies.calendar().has_spans();
  AnswerTerm term;
  term.by_us = in_open_hours
                   ? policies.calendar().AddOpenTime(asked_us, policy->by.offset_us, pauses.over)
                   : pauses.Move(asked_us + policy->by.offset_us);
  term.waiting = pauses.open_since != kNever;
  if (pauses.Moves(term.by_us)) term.by_us = kNever;
  return term;
}

}  // namespace rapport::follow_up
