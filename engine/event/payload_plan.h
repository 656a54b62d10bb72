// PayloadPlan: what is to be checked of one kind's payload, worked out once from its descriptor.
//
// Most rules follow from a field's type and name: a string is a code, a `_us` is a moment, a `_ppm`
// at most a million, an enum one of its values, the first string the key that must not be empty.
// What does not follow stands in short tables in payload_plan.cc; lists, and rules over more than
// one field, in payload_check.cc.
//
//   const PayloadPlan& plan = PlanOf(*kind);
//   for (const FieldCheck& check : plan.fields) ...
//
// Threads: built once, then constant.
#pragma once

#include <google/protobuf/descriptor.h>

#include <array>
#include <vector>

#include "engine/event/kinds.h"
#include "engine/event/wire.h"

namespace rapport::event {

// How a field is checked.
enum class Check : uint8_t {
  kCode,
  kCustomerId,
  kEventId,
  kFollowUpId,
  kCustomKind,
  kEnum,
  kMoment,
  kNumber,
  kMoney,
  kBytes,
};

struct FieldCheck {
  Check check = Check::kCode;
  // Empty, zero or the unspecified value is refused.
  bool required = false;
  const google::protobuf::FieldDescriptor* field = nullptr;
  // The field's, below kFieldNumbersEnd.
  int number = 0;
  // kNumber: the range; kBytes: the most bytes.
  int64_t min = 0;
  int64_t max = 0;
  // kEnum: bit n = value n is known.
  uint64_t known_values = 0;
};

struct PayloadPlan {
  // The message's own; asking a message for it takes a lock-free but costly detour.
  const google::protobuf::Reflection* reflection = nullptr;
  std::vector<FieldCheck> fields;
  // Field number -> place in `fields`, -1 = needs no check.
  std::array<int8_t, kFieldNumbersEnd> place;
  // Bit n = field n is required.
  uint64_t required = 0;
};

// REQUIRES: one of AllKinds().
const PayloadPlan& PlanOf(const KindInfo& kind);

}  // namespace rapport::event
