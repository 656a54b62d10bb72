// CustomerRow: one customer as a row of the state store: the slot's values around encoded facts.
//
//   row = version(1) folded_to greatest_id(16) quarantined chunks tail_size tail revisions links
//         aliases facts
//
// Numbers are varints (folded_to plus one, so that -1 is 0), tail, revisions, links, aliases and
// facts are sized bytes.
//
// Threads: plain value. Errors: DATA_LOSS for bytes that are not a row.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/model/ids.h"
#include "engine/store/touch_list.h"

namespace rapport::store {

struct CustomerRow {
  Offset folded_to = -1;
  EventId greatest_id;
  uint32_t quarantined = 0;
  // Full chunks of the touch list.
  uint32_t chunks = 0;
  uint32_t tail_size = 0;
  // Borrow the bytes they were parsed from.
  absl::string_view tail;
  // Notes of retractions and corrections, see TouchList.
  absl::string_view revisions;
  // Links, encoded; see engine/model/links.h.
  absl::string_view links;
  // Aliases, encoded; see engine/model/aliases.h.
  absl::string_view aliases;
  absl::string_view facts;

  // Touches in all.
  uint32_t touches() const { return chunks * kTouchesPerChunk + tail_size; }

  void AppendTo(std::string& out) const;
  static absl::StatusOr<CustomerRow> Parse(absl::string_view bytes);
};

}  // namespace rapport::store
