// Kinds: number, name and payload message of every kind this version knows.
//
// Threads: pure; the table is built once.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::event {

struct KindInfo {
  v1::Kind kind;
  // `PurchaseMade`: name of the message, of `ce_type` and of stories.
  absl::string_view name;
  // `purchase_made`: name of Touchpoint's field.
  absl::string_view field_name;
  // Default instance of the payload message.
  const google::protobuf::Message* prototype;
  // Its place in AllKinds().
  size_t index = 0;
};

// All kinds, by number.
absl::Span<const KindInfo> AllKinds();
// Null for a number this version does not know.
const KindInfo* FindKind(v1::Kind kind);
const KindInfo* FindKindByName(absl::string_view name);

}  // namespace rapport::event
