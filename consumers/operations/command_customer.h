// `rapport customer show`, `rapport customer timeline` and `rapport follow-ups list`.
//
// Threads: one thread. Errors: as the server said; CUSTOMER_UNKNOWN ends with exit code 3.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

// What moment a question is about, as typed: `2026-01-31`, RFC 3339, or `90d` (ago); empty = now.
absl::StatusOr<v1::Viewpoint> ViewpointOf(const std::string& as_of, const std::string& known_at);

struct CustomerShow {
  // `-` reads ids from stdin, one a line.
  std::vector<std::string> ids;
  std::string as_of;
  std::string known_at;
  std::string min_position;
  bool facts = false;
  // Opens the name; `purpose` says why.
  bool reveal = false;
  std::string purpose;
  Format format = Format::kTable;
};
absl::Status ShowCustomers(Client& client, const CustomerShow& options);

// One customer as a card.
void PrintCard(const v1::GetRelationshipResponse& answer);

struct CustomerTimeline {
  std::string id;
  std::string as_of;
  std::string known_at;
  int limit = 50;
  // Opens the texts; `purpose` says why.
  bool reveal = false;
  std::string purpose;
  Format format = Format::kTable;
};
absl::Status ShowTimeline(Client& client, const CustomerTimeline& options);

struct FollowUpsList {
  std::string customer;
  // Due within this long, such as `7d`, or by this moment; empty = whenever.
  std::string due;
  std::vector<std::string> policies;
  std::vector<std::string> departments;
  std::string as_of;
  int limit = 50;
  Format format = Format::kTable;
};
absl::Status ListFollowUps(Client& client, const FollowUpsList& options);

}  // namespace rapport::operations
