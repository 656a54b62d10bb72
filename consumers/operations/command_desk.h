// `rapport follow-ups claim`, `done`, `snooze` and `dismiss`: what an agent does about what is
// owed.
//
// A follow-up is named by its customer and what tells it from the customer's others: its policy, or
// the beginning of its id: `cust-0417/complaint_resolve`, `cust-0417/2k9f`.
//
// Threads: one thread. Errors: as the server said; NOT_FOUND (FOLLOW_UP_UNKNOWN) lists what there
// is to do about the customer, INVALID_ARGUMENT when several are meant.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

// What is said on the command line.
struct DeskAct {
  std::string follow_up;
  // claim
  std::string assignee;
  std::string lasts;
  // done
  std::string kind;
  std::string note;
  // snooze
  std::string until;
  // dismiss
  std::string reason;
};

absl::Status ClaimFollowUp(Client& client, const DeskAct& act, Format format);
absl::Status CompleteFollowUp(Client& client, const DeskAct& act, Format format);
absl::Status SnoozeFollowUp(Client& client, const DeskAct& act, Format format);
absl::Status DismissFollowUp(Client& client, const DeskAct& act, Format format);

}  // namespace rapport::operations
