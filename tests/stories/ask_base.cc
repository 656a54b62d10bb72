#include "tests/stories/ask_base.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "consumers/support/base_counts.h"
#include "engine/base/status_macros.h"
#include "tests/stories/verdict.h"

namespace rapport::stories {
namespace {

// `12`, `hidden`, or nothing when there is no such group.
using Told = std::optional<std::string>;

// The entry whose group `is_it` says it is.
template <typename Entries, typename IsIt>
Told TellOf(const Entries& entries, IsIt is_it) {
  for (const auto& entry : entries) {
    if (is_it(entry)) return entry.hidden() ? "hidden" : absl::StrCat(entry.customers());
  }
  return std::nullopt;
}

// Tells of the group called `name`, of an enum's values without `prefix`.
template <typename Enum, typename Entries, typename ValueOf>
absl::StatusOr<Told> TellOfValue(const Entries& entries, const std::string& prefix,
                                 const std::string& name, ValueOf value_of,
                                 bool (*parse)(google::protobuf::ConstStringParam, Enum*)) {
  Enum value{};
  if (!parse(absl::StrCat(prefix, name), &value)) {
    return Wrong("there is no ", prefix, name);
  }
  return TellOf(entries, [&](const auto& entry) { return value_of(entry) == value; });
}

absl::StatusOr<Told> Tell(const v1::SummarizeBaseResponse& base, const std::string& group,
                          const std::string& name) {
  if (group == "score") {
    return TellOf(base.score_bands(), [&](const v1::ScoreBandCount& entry) {
      return absl::StrCat(entry.from_points()) == name;
    });
  }
  if (group == "stage") {
    return TellOfValue<v1::Stage>(
        base.stages(), "STAGE_", name, [](const auto& one) { return one.stage(); },
        v1::Stage_Parse);
  }
  if (group == "type") {
    return TellOfValue<v1::RelationshipType>(
        base.types(), "RELATIONSHIP_TYPE_", name, [](const auto& one) { return one.type(); },
        v1::RelationshipType_Parse);
  }
  if (group == "mode") {
    return TellOfValue<v1::ServiceMode>(
        base.modes(), "SERVICE_MODE_", name, [](const auto& one) { return one.mode(); },
        v1::ServiceMode_Parse);
  }
  if (group == "flag") {
    return TellOfValue<v1::Flag>(
        base.flags(), "FLAG_", name, [](const auto& one) { return one.flag(); }, v1::Flag_Parse);
  }
  return Wrong("`base` is followed by customers, score, stage, type, mode or flag");
}

}  // namespace

v1::SummarizeBaseResponse Summarized(const std::vector<v1::Standing>& standings) {
  support::BaseCounts counts;
  for (const v1::Standing& standing : standings) counts.Add(standing);
  v1::SummarizeBaseResponse base;
  counts.Write(support::BaseGroups::All(), base);
  support::HideSmallGroups(base);
  return base;
}

absl::Status AskBase(const Clause& clause, const View& view, Memory&) {
  const std::vector<std::string>& words = clause.words;
  ASSIGN_OR_RETURN(const v1::SummarizeBaseResponse base, view.base());
  if (words.size() == 2 && words[0] == "customers" && !clause.negated) {
    const std::string is = absl::StrCat(base.customers());
    return is == words[1] ? absl::OkStatus() : Differs("there are ", is);
  }
  if (words.size() != (clause.negated ? 2 : 3)) {
    return Wrong("write `base score 300 12`, `base score 300 hidden` or `no base score 300`");
  }
  ASSIGN_OR_RETURN(const Told is, Tell(base, words[0], words[1]));
  if (clause.negated) return is.has_value() ? Differs("there are ", *is) : absl::OkStatus();
  if (!is.has_value()) return Differs("there is nobody");
  return *is == words[2] ? absl::OkStatus() : Differs("there are ", *is);
}

}  // namespace rapport::stories
