#include "engine/table/table.h"

namespace rapport::table {

void WriteBatch::Put(absl::string_view key, absl::string_view value) {
  rows_.push_back({false, std::string(key), std::string(value)});
  bytes_ += key.size() + value.size();
}

void WriteBatch::Delete(absl::string_view key) {
  rows_.push_back({true, std::string(key), std::string()});
  bytes_ += key.size();
}

}  // namespace rapport::table
