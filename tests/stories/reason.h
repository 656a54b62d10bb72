// Reason: what stands behind `because`, looked up in the rules and in the story.
//
//   S10                     a rule: of the stage, a flag, a line of the score, a type, a mode
//   case C1                 the complaint that opened a case
//   PurchaseMade [A1]       an event that counts, by kind and key; `first` or `last` of several
//   date birthday           a recorded date; first purchase: the day of it
//   AT_RISK, DORMANT, ENDED of a follow-up: the state that it waits for
//
// Threads: plain values. Errors: INVALID_ARGUMENT when there is no such rule, nor such an event in
// the story before the question.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/v1/standing.pb.h"
#include "tests/stories/question.h"

namespace rapport::stories {

struct Reason {
  // One of these is set.
  std::string rule;
  // Hexadecimal ids of the events that are meant; one of them is enough.
  std::set<std::string> events;
  std::string date;
  bool first_purchase = false;
};

absl::StatusOr<Reason> ReadReason(std::vector<std::string> words, const View& view);

// True when the receipt names the rule, or one of the events.
bool Names(const v1::Receipt& receipt, const Reason& reason);

// True when the follow-up hangs on it.
bool HangsOn(const v1::FollowUp& follow_up, const Reason& reason);

// The 32 hexadecimal digits by which standings name an event.
std::string HexIdOf(const v1::Event& event);

// S1 to S10, a flag, a line of the score, a type or a mode of service.
bool IsRule(const std::string& id);

}  // namespace rapport::stories
