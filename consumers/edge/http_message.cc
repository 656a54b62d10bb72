#include "consumers/edge/http_message.h"

namespace rapport::edge {

absl::string_view HttpHead::Header(absl::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace rapport::edge
