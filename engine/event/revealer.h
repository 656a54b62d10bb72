// Revealer: opens sealed texts for somebody who says why, and writes that down first.
//
//   RETURN_IF_ERROR(revealer.Open("cust-1", {"uid 1000", "call back", now_us}, events));
//
// Threads:   Open from any thread. Ownership: borrows keys and audit.
// Errors:    those of KeyStore and Audit, and of whether keys may be used yet; INVALID_ARGUMENT
//            without a purpose. What a key does not open, or has none for any more, stays sealed
//            and is no error.
// Never:     opens what is not written down.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/event/audit.h"
#include "engine/event/key_store.h"
#include "rapport/v1/event.pb.h"

namespace rapport::event {

// Who asks, and why.
struct Opening {
  std::string who;
  std::string purpose;
  int64_t at_us = 0;
  // Until when it may wait for what it must know first.
  absl::Time deadline = absl::InfiniteFuture();
};

class Revealer {
 public:
  // Not OK for a customer of whom the log may hold an erasure that these keys have not seen. It may
  // wait for that.
  using MayOpen = std::function<absl::Status(const std::string& customer_id, absl::Time deadline)>;

  Revealer(const KeyStore* keys, Audit* audit, MayOpen may_open)
      : keys_(keys), audit_(audit), may_open_(std::move(may_open)) {}

  // Opens the texts of some of one customer's events.
  absl::Status Open(const std::string& customer_id, const Opening& opening,
                    absl::Span<v1::Event* const> events) const;

 private:
  const KeyStore* const keys_;
  Audit* const audit_;
  const MayOpen may_open_;
};

}  // namespace rapport::event
