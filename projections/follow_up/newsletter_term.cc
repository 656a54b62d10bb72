#include "projections/follow_up/newsletter_term.h"

#include <algorithm>

#include "rapport/v1/outreach_purpose.pb.h"

namespace rapport::follow_up {
namespace {

bool SendsNewsletters(const Policy& policy) {
  return policy.sort() == TriggerSort::kMonthDay &&
         std::any_of(policy.closers.begin(), policy.closers.end(), [](const Closer& closer) {
           return closer.kind == v1::KIND_OUTREACH_MADE &&
                  closer.purpose == v1::OUTREACH_PURPOSE_NEWSLETTER;
         });
}

}  // namespace

std::optional<NewsletterTerm> NewsletterTermOf(const Policies& policies) {
  for (const Policy& policy : policies.all()) {
    if (!SendsNewsletters(policy)) continue;
    NewsletterTerm term;
    for (const Trigger& trigger : policy.triggers) {
      term.month_days.push_back(static_cast<int>(trigger.count));
    }
    std::sort(term.month_days.begin(), term.month_days.end());
    term.month_days.erase(std::unique(term.month_days.begin(), term.month_days.end()),
                          term.month_days.end());
    term.from_us = policy.from.offset_us;
    term.until_us = policy.until->offset_us;
    return term;
  }
  return std::nullopt;
}

}  // namespace rapport::follow_up
