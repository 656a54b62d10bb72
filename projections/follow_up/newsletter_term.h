// NewsletterTerm: on which days of the month the rules send the newsletter, and for how long.
//
//   std::optional<NewsletterTerm> term = NewsletterTermOf(policies);
//
// That of the first policy by id that days of the month open and an OutreachMade NEWSLETTER closes.
//
// Threads: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "projections/follow_up/policy.h"

namespace rapport::follow_up {

struct NewsletterTerm {
  // 1..28, ascending, each once.
  std::vector<int> month_days;
  // From local midnight of the day: from when it may be sent, until when it is worth sending.
  int64_t from_us = 0;
  int64_t until_us = 0;
};

// Absent when no policy says so.
std::optional<NewsletterTerm> NewsletterTermOf(const Policies& policies);

}  // namespace rapport::follow_up
