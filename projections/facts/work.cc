// Work: claims, snoozes and dismissals of follow-ups.
//
// Their items keep the offset in the log: of the claims that name one fence the smallest offset
// holds, and its offset is the next fence.

#include "projections/facts/groups.h"
#include "rapport/v1/work.pb.h"

namespace rapport::facts {

void ReadFollowUpClaimed(const ValidEvent& event, Condensed& out) {
  const auto& claimed = PayloadOf<v1::FollowUpClaimed>(event);
  out.key = claimed.follow_up_id();
  out.subject = claimed.assignee();
  out.n = claimed.until_us();
  // Offset 0 is a fence too, so "none" needs a number of its own.
  out.m = claimed.has_fence() ? claimed.fence() : -1;
  out.x = event.offset;
}

void ReadFollowUpSnoozed(const ValidEvent& event, Condensed& out) {
  const auto& snoozed = PayloadOf<v1::FollowUpSnoozed>(event);
  out.key = snoozed.follow_up_id();
  out.subject = {};
  out.n = snoozed.until_us();
  out.x = event.offset;
}

void ReadFollowUpDismissed(const ValidEvent& event, Condensed& out) {
  const auto& dismissed = PayloadOf<v1::FollowUpDismissed>(event);
  out.key = dismissed.follow_up_id();
  out.subject = dismissed.reason();
  out.x = event.offset;
}

}  // namespace rapport::facts
