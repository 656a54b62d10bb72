// `rapport customer show` and `rapport customer timeline`.
//
// Threads: one thread. Errors: as the server said; CUSTOMER_UNKNOWN ends with exit code 3.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CustomerShow {
  // `-` reads ids from stdin, one a line.
  std::vector<std::string> ids;
  std::string as_of;
  // What the command line calls the moment.
  std::string as_of_name = "--as-of";
  std::string known_at;
  // Digest of rules, or AT_KNOWN; empty = the active ones.
  std::string rules;
  std::string min_position;
  bool facts = false;
  // Names of insights: their tables are printed, behind the card, or in its place as CSV.
  std::vector<std::string> insights;
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
  // Digest of rules, or AT_KNOWN; empty = the active ones.
  std::string rules;
  int limit = 50;
  // Opens the texts; `purpose` says why.
  bool reveal = false;
  std::string purpose;
  Format format = Format::kTable;
};
absl::Status ShowTimeline(Client& client, const CustomerTimeline& options);

}  // namespace rapport::operations
