#include "projections/facts/form_names.h"

#include <google/protobuf/descriptor.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "projections/facts/condense.h"
#include "rapport/v1/touchpoint.pb.h"

namespace rapport::facts {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;

// Field number of a kind's payload in Touchpoint is 1000 + kind.
constexpr int kDetailBase = 1000;

const EnumDescriptor* FormsOf(v1::Kind kind) {
  const FieldDescriptor* detail =
      v1::Touchpoint::descriptor()->FindFieldByNumber(kDetailBase + kind);
  if (detail == nullptr || detail->message_type() == nullptr) return nullptr;
  const FieldDescriptor* form = detail->message_type()->FindFieldByName("form");
  return form == nullptr ? nullptr : form->enum_type();
}

// `COMMUNITY_FORM_LEFT` without the prefix that `COMMUNITY_FORM_UNSPECIFIED` shows.
absl::string_view ShortName(const EnumValueDescriptor& value) {
  absl::string_view prefix = value.type()->value(0)->name();
  absl::ConsumeSuffix(&prefix, "UNSPECIFIED");
  absl::string_view name = value.name();
  absl::ConsumePrefix(&name, prefix);
  return name;
}

}  // namespace

std::optional<uint8_t> FormNamed(v1::Kind kind, absl::string_view name) {
  const EnumDescriptor* forms = FormsOf(kind);
  for (int i = 1; forms != nullptr && i < forms->value_count(); ++i) {
    if (ShortName(*forms->value(i)) == name) return CodeOf(forms->value(i)->number());
  }
  return std::nullopt;
}

std::string FormsText(v1::Kind kind) {
  const EnumDescriptor* forms = FormsOf(kind);
  if (forms == nullptr) return "it has none at all; take this out";
  std::vector<absl::string_view> names;
  for (int i = 1; i < forms->value_count(); ++i) names.push_back(ShortName(*forms->value(i)));
  return absl::StrCat("write one of ", absl::StrJoin(names, ", "));
}

}  // namespace rapport::facts
