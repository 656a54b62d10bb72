#include "consumers/support/base_counts.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"

namespace rapport::support {
namespace {

constexpr uint32_t kLookedUp =
    1u << v1::BASE_GROUP_STAGE | 1u << v1::BASE_GROUP_FOLLOW_UP | 1u << v1::BASE_GROUP_FLAG;
constexpr uint32_t kDrifting =
    1u << v1::BASE_GROUP_SCORE_BAND | 1u << v1::BASE_GROUP_TYPE | 1u << v1::BASE_GROUP_MODE;

// The band of a score, by its least points.
int32_t BandOf(uint32_t points) {
  return std::min(static_cast<int32_t>(points) / kBandPoints * kBandPoints, kLastBand);
}

template <typename Entry>
Entry& Counted(int64_t count, Entry* entry) {
  entry->set_customers(count);
  return *entry;
}

template <typename Entry>
void Hide(Entry& entry) {
  entry.set_customers(0);
  entry.set_hidden(true);
}

// Whether so many customers in so many hidden groups can be told apart by who knows everybody's
// number: they are few themselves, or each group must have one, or as many as a hidden one can.
bool CanBeTold(int64_t customers, int64_t groups) {
  return groups > 0 && (groups == 1 || customers < kGroupShownMin || customers == groups ||
                        customers == groups * (kGroupShownMin - 1));
}

// `add_up`: together the groups are everybody.
template <typename Entries>
void HideSmall(Entries& entries, bool add_up) {
  int64_t customers = 0, groups = 0;
  const auto hide = [&](auto& entry) {
    customers += entry.customers();
    ++groups;
    Hide(entry);
  };
  for (auto& entry : entries) {
    if (entry.customers() < kGroupShownMin) hide(entry);
  }
  while (add_up && CanBeTold(customers, groups) && groups < entries.size()) {
    int64_t least = INT64_MAX;
    for (const auto& entry : entries) {
      if (!entry.hidden()) least = std::min(least, entry.customers());
    }
    // All of that size: which of two alike is hidden would tell something.
    for (auto& entry : entries) {
      if (!entry.hidden() && entry.customers() == least) hide(entry);
    }
  }
}

}  // namespace

BaseGroups BaseGroups::All() { return BaseGroups(kLookedUp | kDrifting); }

absl::StatusOr<BaseGroups> BaseGroups::Of(const v1::SummarizeBaseRequest& request) {
  if (request.groups().empty()) return All();
  uint32_t bits = 0;
  for (const int group : request.groups()) {
    if (group == v1::BASE_GROUP_UNSPECIFIED || !v1::BaseGroup_IsValid(group)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "FIELD_INVALID: groups: must be STAGE, FOLLOW_UP, FLAG, SCORE_BAND, TYPE or MODE, is ",
          group));
    }
    bits |= 1u << group;
  }
  return BaseGroups(bits);
}

bool BaseGroups::AreLookedUp() const { return (bits_ & kDrifting) == 0; }

void BaseCounts::Add(const v1::Standing& standing) {
  AddStage(standing.stage(), 1);
  for (const v1::FlagState& flag : standing.flags()) AddFlag(flag.flag(), 1);
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    AddFollowUps(follow_up.policy(), follow_up.status(), 1);
  }
  ++bands_[BandOf(standing.score())];
  ++types_[standing.primary_type()];
  ++modes_[standing.service_mode()];
}

void BaseCounts::AddStage(v1::Stage stage, int64_t count) {
  if (count == 0) return;
  stages_[stage] += count;
  customers_ += count;
}

void BaseCounts::AddFlag(v1::Flag flag, int64_t count) {
  if (count != 0 && flag != v1::FLAG_INCOMPLETE) flags_[flag] += count;
}

void BaseCounts::AddFollowUps(const std::string& policy, v1::FollowUpStatus status, int64_t count) {
  const bool overdue = status == v1::FOLLOW_UP_STATUS_OVERDUE;
  if (count == 0 || (!overdue && status != v1::FOLLOW_UP_STATUS_DUE)) return;
  v1::PolicyCount& owed = policies_[policy];
  owed.set_policy(policy);
  owed.set_due(owed.due() + count);
  if (overdue) owed.set_overdue(owed.overdue() + count);
}

void BaseCounts::Write(const BaseGroups& groups, v1::SummarizeBaseResponse& response) const {
  response.set_customers(customers_);
  if (groups.has(v1::BASE_GROUP_STAGE)) {
    for (const auto& [stage, n] : stages_) Counted(n, response.add_stages()).set_stage(stage);
  }
  if (groups.has(v1::BASE_GROUP_FOLLOW_UP)) {
    for (const auto& [name, policy] : policies_) *response.add_policies() = policy;
  }
  if (groups.has(v1::BASE_GROUP_FLAG)) {
    for (const auto& [flag, n] : flags_) Counted(n, response.add_flags()).set_flag(flag);
  }
  if (groups.has(v1::BASE_GROUP_SCORE_BAND)) {
    for (const auto& [from, n] : bands_) {
      Counted(n, response.add_score_bands()).set_from_points(from);
    }
  }
  if (groups.has(v1::BASE_GROUP_TYPE)) {
    for (const auto& [type, n] : types_) Counted(n, response.add_types()).set_type(type);
  }
  if (groups.has(v1::BASE_GROUP_MODE)) {
    for (const auto& [mode, n] : modes_) Counted(n, response.add_modes()).set_mode(mode);
  }
}

void HideSmallGroups(v1::SummarizeBaseResponse& response) {
  HideSmall(*response.mutable_stages(), /*add_up=*/true);
  HideSmall(*response.mutable_score_bands(), /*add_up=*/true);
  HideSmall(*response.mutable_types(), /*add_up=*/true);
  HideSmall(*response.mutable_modes(), /*add_up=*/true);
  HideSmall(*response.mutable_flags(), /*add_up=*/false);
}

}  // namespace rapport::support
