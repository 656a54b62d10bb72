// Which fields of a message are marked with `(rapport.v1.sensitive)`, and whether one of them is
// set.
//
// Until a text can be sealed under its customer's key, no entrance takes it: the log is never
// rewritten, so nothing readable may get into it.
//
// Threads: pure.
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>

#include "absl/strings/string_view.h"
#include "engine/model/rejection.h"

namespace rapport::event {

// True for a field that may not stand in the log in clear.
bool IsSensitive(const google::protobuf::FieldDescriptor& field);

// Refuses the event for a text in the field at `path`.
Rejection RefuseSensitive(absl::string_view path);

}  // namespace rapport::event
