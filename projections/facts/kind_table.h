// KindTable: whose act a kind of event is, and the key by which it is remembered.
//
//   if (By(event.kind) == Side::kCustomer) ...
//   absl::string_view order = KeyOf(event);   // PurchaseMade: its `order`
//
// Not a rule but the meaning of the kinds; source: domain specification 1.2. The business's own
// kinds get their meaning from the rules; in facts each has a number behind those of the contract,
// which says whose act it is.
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
  // Of custom touchpoints: whoever the rules say.
  kByRule,
};

// Whose act `kind` is; neutral for a kind this version does not know.
Side By(v1::Kind kind);

// Numbers of the business's own kinds in facts begin here, those of the contract end before.
inline constexpr uint16_t kCustomKinds = 0x400;
inline constexpr int kCustomKindsMax = 64;
// The number of the one at `place` of the rules, 0 .. kCustomKindsMax - 1. REQUIRES: `side` is
// neutral, the customer's or the vendor's.
constexpr uint16_t CustomKindNumber(Side side, int place) {
  return static_cast<uint16_t>(kCustomKinds * (1 + static_cast<int>(side)) + place);
}
// The place in such a number.
constexpr int PlaceOfCustomKind(uint16_t kind) { return kind % kCustomKinds; }
// Whose act a kind of facts is, the business's own among them.
Side SideOf(uint16_t kind);

// Places of kinds in tables: 1 .. kKindCount - 1, 0 for a kind this version does not know.
inline constexpr int kKindCount = 84;
int KindIndex(v1::Kind kind);
// The kind at a place. REQUIRES: 1 <= index < kKindCount.
v1::Kind KindAt(int index);

// First field of the payload that is a key, else empty.
absl::string_view KeyOf(const ValidEvent& event);

// PHONE, CALL_CENTER, IN_PERSON or SOCIAL_EVENT.
bool IsPersonalContact(v1::Channel channel);

// Acts under the customer's id by those who are not the customer: only measures count them.
bool IsOutsider(v1::ActorParty party);

// True when the customer began: initiator CUSTOMER, or none stated and `side` is the customer's.
bool IsBegunByCustomer(const ValidEvent& event, Side side);

}  // namespace rapport::facts
