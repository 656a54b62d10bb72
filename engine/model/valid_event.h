// ValidEvent: an event that passed every check, ready to be folded.
//
// It borrows everything: envelope and payload live in the Validator that made it, until its next
// call; the bytes of the record in the record.
//
// Threads: a view; as safe as what it borrows.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "engine/model/ids.h"
#include "rapport/v1/event.pb.h"

namespace rapport {

struct ValidEvent {
  EventId id;
  // Microseconds UTC.
  int64_t occurred_at_us = 0;
  // Empty = anonymous.
  absl::string_view customer_id;
  v1::Kind kind = v1::KIND_UNSPECIFIED;
  // Event id, customer id, time and source are filled (from headers and key where empty).
  const v1::Event* envelope = nullptr;
  // The message of the kind, such as v1::PurchaseMade. Its type is that of `kind`, so
  // `static_cast<const v1::PurchaseMade&>(*payload)` is right.
  const google::protobuf::Message* payload = nullptr;
  // Where it stands in the log.
  Partition partition = 0;
  Offset offset = 0;
  int64_t append_time_us = 0;
  // Where the log holds a sensitive text in clear, such as `note`; the text itself was taken out.
  std::vector<std::string> clear_fields;
  // Hash of the content with those texts, to compare by.
  Hash128 clear_content = {};

  Moment moment() const { return {occurred_at_us, id}; }
};

}  // namespace rapport
