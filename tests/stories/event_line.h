// EventLine: one touchpoint as a story writes it, and the event it becomes.
//
//   2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=40.00EUR channel=PHONE
//
// A field belongs to the payload if that has one of this name, else to the envelope. Units may be
// left out of a name and written with the value: `due_at=2024-03-01T10:00` is due_at_us,
// `duration=8m` is duration_s, `discount=15%` is discount_ppm. `actor`, `role` and `party` are the
// parts of who acted; `item=SKU:QUANTITY:AMOUNT` and `measure=NAME:VALUE` may be repeated.
//
// Threads:   plain values and pure functions.
// Errors:    INVALID_ARGUMENT that names the field and says what is understood.
// Never:     refuses what the engine should refuse: an amount without currency gets through.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/event.pb.h"

namespace rapport::stories {

struct EventLine {
  int line = 0;
  // Microseconds UTC: when it happened, and when the log took it.
  int64_t occurred_us = 0;
  int64_t logged_us = 0;
  // `PurchaseMade`, and its key when the kind has one.
  std::string kind;
  std::string key;
  // As it is published, payload closed.
  v1::Event event;
};

// Sets the `name=value` words of `fields` on `event`, whose kind is set; payload fields in its
// closed payload. A distance such as `+2d` counts from the event's own moment.
absl::Status SetFields(const std::vector<std::string>& fields, v1::Event& event);

// First field of the payload when it is a text, else empty.
std::string KeyOfPayload(const v1::Event& event);

}  // namespace rapport::stories
