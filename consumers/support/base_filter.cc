#include "consumers/support/base_filter.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "consumers/edge/nearest_name.h"
#include "engine/base/time.h"

namespace rapport::support {
namespace {

using What = FilterCondition::What;

constexpr int64_t kPointsMax = 1000;
constexpr int64_t kDaysMax = 100'000;

struct Form {
  absl::string_view front;
  What what;
  // What stands behind it.
  absl::string_view value;
};

constexpr Form kForms[] = {
    {"stage=", What::kStage, "a stage such as EXPANSION"},
    {"type=", What::kType, "a relationship type such as PARTNERSHIP"},
    {"flag:", What::kFlag, "a flag such as AT_RISK"},
    {"owner=", What::kOwner, "an agent, in quotes if it holds blanks"},
    {"score>=", What::kScoreMin, "whole points, 0 to 1000"},
    {"score<", What::kScoreBelow, "whole points, 0 to 1000"},
    {"idle_days>=", What::kIdleDays, "whole days"},
};

std::optional<int64_t> Number(absl::string_view text, int64_t max) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < 0 || number > max) return std::nullopt;
  return number;
}

// `stge=EXPANSION` -> `stage=`; empty when no form is near.
std::string NearestForm(absl::string_view word) {
  std::vector<std::string> names;
  for (const Form& form : kForms) {
    names.emplace_back(form.front.substr(0, form.front.find_first_of("=:<>")));
  }
  const std::string name = edge::NearestName(word.substr(0, word.find_first_of("=:<>")), names);
  for (const Form& form : kForms) {
    if (!name.empty() && absl::StartsWith(form.front, name)) return std::string(form.front);
  }
  return "";
}

// The enum's name that `word` is near to, without its prefix.
std::string NearestValue(What what, absl::string_view word) {
  const google::protobuf::EnumDescriptor* type = what == What::kStage ? v1::Stage_descriptor()
                                                 : what == What::kType
                                                     ? v1::RelationshipType_descriptor()
                                                 : what == What::kFlag ? v1::Flag_descriptor()
                                                                       : nullptr;
  if (type == nullptr) return "";
  const absl::string_view prefix = absl::StripSuffix(type->value(0)->name(), "UNSPECIFIED");
  std::vector<std::string> names;
  for (int i = 1; i < type->value_count(); ++i) {
    names.emplace_back(absl::StripPrefix(type->value(i)->name(), prefix));
  }
  return edge::NearestName(word, names);
}

template <typename Enum>
std::optional<int64_t> Named(absl::string_view prefix, absl::string_view text,
                             bool (*parse)(absl::string_view, Enum*)) {
  Enum value = {};
  if (!parse(absl::StrCat(prefix, text), &value) || value == 0) return std::nullopt;
  return value;
}

bool ParseStage(absl::string_view name, v1::Stage* stage) {
  return v1::Stage_Parse(std::string(name), stage);
}
bool ParseType(absl::string_view name, v1::RelationshipType* type) {
  return v1::RelationshipType_Parse(std::string(name), type);
}
bool ParseFlag(absl::string_view name, v1::Flag* flag) {
  return v1::Flag_Parse(std::string(name), flag);
}

std::optional<int64_t> ValueOf(What what, absl::string_view text) {
  switch (what) {
    case What::kStage:
      return Named("STAGE_", text, ParseStage);
    case What::kType:
      return Named("RELATIONSHIP_TYPE_", text, ParseType);
    case What::kFlag:
      return Named("FLAG_", text, ParseFlag);
    case What::kScoreMin:
    case What::kScoreBelow:
      return Number(text, kPointsMax);
    case What::kIdleDays:
      return Number(text, kDaysMax);
    case What::kOwner:
      break;
  }
  return text.empty() ? std::nullopt : std::optional<int64_t>(0);
}

// Reads a filter from the left.
class Reader {
 public:
  explicit Reader(absl::string_view text) : whole_(text), left_(text) {}

  bool AtEnd() {
    left_ = absl::StripLeadingAsciiWhitespace(left_);
    return left_.empty();
  }

  absl::Status TakeAnd() {
    AtEnd();
    const absl::string_view word = Word();
    if (word != "AND") return Wrong("AND");
    left_.remove_prefix(word.size());
    return absl::OkStatus();
  }

  absl::Status TakeCondition(FilterCondition& condition) {
    AtEnd();
    for (const Form& form : kForms) {
      if (!absl::ConsumePrefix(&left_, form.front)) continue;
      condition.what = form.what;
      absl::string_view rest = left_;
      absl::string_view text = Word();
      const bool quoted = absl::ConsumePrefix(&rest, "\"");
      if (quoted) text = rest.substr(0, rest.find('"'));
      const std::optional<int64_t> value = ValueOf(form.what, text);
      if (!value.has_value() || (quoted && text.size() == rest.size())) {
        return Wrong(form.value, NearestValue(form.what, text));
      }
      condition.number = *value;
      if (form.what == What::kOwner) condition.text = std::string(text);
      left_.remove_prefix(text.size() + (quoted ? 2 : 0));
      if (!left_.empty() && left_ == absl::StripLeadingAsciiWhitespace(left_)) return Wrong("AND");
      return absl::OkStatus();
    }
    return Wrong("stage=, type=, flag:, owner=, score>=, score< or idle_days>=",
                 NearestForm(Word()));
  }

 private:
  absl::string_view Word() const { return left_.substr(0, left_.find_first_of(" \t\r\n")); }

  absl::Status Wrong(absl::string_view expected, const std::string& meant = "") const {
    return absl::InvalidArgumentError(absl::StrCat(
        "FILTER_INVALID: filter: at byte ", whole_.size() - left_.size() + 1, " expects ", expected,
        ", and ", left_.empty() ? "ends" : absl::StrCat("has `", edge::ShownName(Word()), "`"),
        meant.empty() ? "" : absl::StrCat("; did you mean ", meant, "?")));
  }

  const absl::string_view whole_;
  absl::string_view left_;
};

bool Holds(const FilterCondition& condition, const v1::Standing& standing) {
  const int64_t number = condition.number;
  switch (condition.what) {
    case What::kStage:
      return standing.stage() == number;
    case What::kType:
      return standing.primary_type() == number;
    case What::kFlag:
      return std::any_of(standing.flags().begin(), standing.flags().end(),
                         [number](const v1::FlagState& flag) { return flag.flag() == number; });
    case What::kOwner:
      return standing.metrics().owner().agent() == condition.text;
    case What::kScoreMin:
      return standing.score() >= number;
    case What::kScoreBelow:
      return standing.score() < number;
    case What::kIdleDays:
      return standing.has_last_act_day() &&
             DayOf(standing.as_of_us()) - standing.last_act_day() >= number;
  }
  return false;
}

}  // namespace

absl::StatusOr<BaseFilter> BaseFilter::Parse(absl::string_view text) {
  if (text.size() > kBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("FILTER_INVALID: filter: has ", text.size(),
                                                   " bytes, expected are at most ", kBytesMax));
  }
  BaseFilter filter;
  Reader reader(text);
  for (bool is_first = true; !reader.AtEnd(); is_first = false) {
    if (!is_first) {
      if (absl::Status status = reader.TakeAnd(); !status.ok()) return status;
    }
    FilterCondition condition;
    if (absl::Status status = reader.TakeCondition(condition); !status.ok()) return status;
    filter.conditions_.push_back(std::move(condition));
  }
  return filter;
}

bool BaseFilter::NeedsMetrics() const {
  return std::any_of(conditions_.begin(), conditions_.end(), [](const FilterCondition& condition) {
    return condition.what == What::kOwner;
  });
}

bool BaseFilter::Matches(const v1::Standing& standing) const {
  return std::all_of(
      conditions_.begin(), conditions_.end(),
      [&standing](const FilterCondition& condition) { return Holds(condition, standing); });
}

}  // namespace rapport::support
