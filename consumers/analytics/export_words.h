// Names of enum values as tables have them: `EXPANSION` for STAGE_EXPANSION.
//
// Threads: pure. Errors: none; a number without a name is written as it is.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "consumers/analytics/row_batch.h"

namespace rapport::analytics {

// The value's name without the enum's; null when it is the unspecified one.
template <typename Enum>
void AddWord(Enum value, absl::string_view prefix, ColumnData& to) {
  if (value == 0) return to.AddNull();
  const auto* found =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(static_cast<int>(value));
  if (found == nullptr) return to.AddText(absl::StrCat(static_cast<int>(value)));
  to.AddText(absl::StripPrefix(found->name(), prefix));
}

inline void AddOptional(bool has, int64_t value, ColumnData& to) {
  has ? to.AddNumber(value) : to.AddNull();
}

}  // namespace rapport::analytics
