#include "engine/event/sensitive.h"

#include "absl/strings/str_cat.h"
#include "rapport/v1/options.pb.h"

namespace rapport::event {

bool IsSensitive(const google::protobuf::FieldDescriptor& field) {
  return field.options().GetExtension(v1::sensitive) != v1::SENSITIVITY_UNSPECIFIED;
}

Rejection RefuseSensitive(absl::string_view path) {
  return {Reason::kFieldInvalid, std::string(path),
          absl::StrCat("free text, names and addresses are not taken until they can be sealed; "
                       "leave `",
                       path, "` empty")};
}

}  // namespace rapport::event
