// Introduction: whether a customer was referred by another one and has bought, as far as facts
// remember it.
//
// Threads: a view; as safe as the facts it borrows from.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "engine/model/ids.h"

namespace rapport {

struct Introduction {
  bool is_referred = false;
  bool has_bought = false;
  // The earliest ReferralReceived that is remembered, and what it says.
  std::optional<EventId> received;
  absl::string_view referral;
  absl::string_view referrer;
  // The earliest purchase that is remembered.
  std::optional<EventId> purchase;

  bool is_complete() const { return is_referred && has_bought; }
};

}  // namespace rapport
