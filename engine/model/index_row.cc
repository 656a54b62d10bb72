#include "engine/model/index_row.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rapport {

std::string StageRowName(v1::Stage stage) { return absl::StrCat("S", static_cast<int>(stage)); }

std::optional<v1::Stage> StageOfRowName(absl::string_view name) {
  int stage = 0;
  if (!absl::ConsumePrefix(&name, "S") || !absl::SimpleAtoi(name, &stage)) return std::nullopt;
  return static_cast<v1::Stage>(stage);
}

std::string FlagRowName(v1::Flag flag) { return absl::StrCat("G", static_cast<int>(flag)); }

std::optional<v1::Flag> FlagOfRowName(absl::string_view name) {
  int flag = 0;
  if (!absl::ConsumePrefix(&name, "G") || !absl::SimpleAtoi(name, &flag)) return std::nullopt;
  return static_cast<v1::Flag>(flag);
}

std::string FollowUpRowName::ToString() const {
  return absl::StrCat("F", static_cast<int>(status), "/", priority, "/", policy, "/", department);
}

std::optional<FollowUpRowName> FollowUpRowName::Parse(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "F")) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(name, absl::MaxSplits('/', 3));
  FollowUpRowName result;
  int status = 0;
  if (parts.size() != 4 || !absl::SimpleAtoi(parts[0], &status) ||
      !absl::SimpleAtoi(parts[1], &result.priority)) {
    return std::nullopt;
  }
  result.status = static_cast<v1::FollowUpStatus>(status);
  result.policy = std::string(parts[2]);
  result.department = std::string(parts[3]);
  return result;
}

}  // namespace rapport
