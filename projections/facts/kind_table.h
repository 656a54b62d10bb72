// KindTable: whose act a kind of event is, and the key by which it is remembered.
//
//   if (By(event.kind) == Side::kCustomer) ...
//   absl::string_view order = KeyOf(event);   // PurchaseMade: its `order`
//
// Not a rule but the meaning of the kinds; source: domain specification 1.2.
//
// Threads: pure.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "engine/model/valid_event.h"
#include "rapport/v1/channel.pb.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {

enum class Side : uint8_t {
  kNeutral,
  // The customer acted: only these move sentiment, advocacy and dialogue.
  kCustomer,
  // The business acted.
  kVendor,
  // About records, not about the relationship: writes nothing but what the kind is for.
  kTechnical,
};

// Whose act `kind` is; neutral for a kind this version does not know.
Side By(v1::Kind kind);

// Places of kinds in tables: 1 .. kKindCount - 1, 0 for a kind this version does not know.
inline constexpr int kKindCount = 84;
int KindIndex(v1::Kind kind);
// The kind at a place. REQUIRES: 1 <= index < kKindCount.
v1::Kind KindAt(int index);

// First field of the payload when it is a key, else empty.
absl::string_view KeyOf(const ValidEvent& event);

// PHONE, CALL_CENTER, IN_PERSON or SOCIAL_EVENT.
bool IsPersonalContact(v1::Channel channel);

// True when the customer began: initiator CUSTOMER, or none stated and an act of the customer.
bool IsBegunByCustomer(const ValidEvent& event);

}  // namespace rapport::facts
