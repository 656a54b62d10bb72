// Position: how far a log has been read, partition by partition, under the log's own identity.
//
// Written `<log>.<epoch>:<partition>@<next offset>[,...]`, such as `7c1e90ab.1:3@1043`: 8
// hexadecimal digits of the log's identity, then the open epoch. It may name some partitions only;
// several join with `;`. Without identity (`p:3@1043`) it comes from a producer's delivery report.
//
// Threads: plain values.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/model/ids.h"

namespace rapport {

// Which log, and which of its lives: a log that lost its tail opens the next epoch.
struct LogIdentity {
  uint32_t id = 0;
  uint32_t epoch = 0;
  bool operator==(const LogIdentity&) const = default;
  // `7c1e90ab.1`.
  std::string ToString() const;
};

struct Position {
  // Epoch 0 = no identity given.
  LogIdentity log;
  // Partition -> next offset.
  std::map<Partition, Offset> next;

  // Empty when no partition is named.
  std::string ToString() const;
  // Empty text is the empty position. INVALID_ARGUMENT (POSITION_MALFORMED) names the text.
  static absl::StatusOr<Position> Parse(absl::string_view text);
};

}  // namespace rapport
