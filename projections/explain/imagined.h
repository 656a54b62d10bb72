// ImaginedEvent: an event that did not happen, to see what it would change.
//
//   facts::Fold(copy, ImaginedEvent(v1::KIND_PURCHASE_MADE, "", at_us).View(), rules);
//
// It says the kindest that its kind can say: accepted, passed, granted, the best of answers. It is
// never published, kept or counted.
//
// Threads: one. Ownership: owns envelope and payload; View() is good while it lives.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "engine/model/valid_event.h"

namespace rapport::explain {

class ImaginedEvent {
 public:
  // `key` goes into the payload's first field if that is a text; empty = one of its own.
  // REQUIRES: `kind` is one of this version's.
  ImaginedEvent(v1::Kind kind, absl::string_view key, int64_t at_us);

  ValidEvent View() const;

 private:
  v1::Event envelope_;
  std::unique_ptr<google::protobuf::Message> payload_;
};

}  // namespace rapport::explain
