#include "projections/follow_up/policy.h"

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace rapport::follow_up {

std::string KindName(int kind) {
  absl::string_view name = v1::Kind_Name(kind);
  absl::ConsumePrefix(&name, "KIND_");
  std::string result;
  bool begins_word = true;
  for (char c : name) {
    if (c == '_') {
      begins_word = true;
      continue;
    }
    result.push_back(begins_word ? c : absl::ascii_tolower(c));
    begins_word = false;
  }
  return result;
}

}  // namespace rapport::follow_up
