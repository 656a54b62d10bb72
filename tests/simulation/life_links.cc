// Merged customers in a simulated life: whoever of them is asked about, the answer is that of all.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/time.h"
#include "tests/simulation/life.h"

namespace rapport::simulation {
namespace {

// After every event, so that the present answers.
constexpr int64_t kLater = 19'000;

}  // namespace

std::vector<Offset> Life::Applied() const {
  std::vector<Offset> applied;
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    applied.push_back(world_.pipeline().progress(partition).applied);
  }
  return applied;
}

OracleGroup Life::GroupOf(const std::string& name, const std::vector<Offset>& nexts) const {
  if (plan_.linked == 0) return {name, {name}};
  return oracle_.GroupOf(name, nexts);
}

bool Life::MustWait(const OracleGroup& group) {
  return std::any_of(group.members.begin(), group.members.end(), [this](const auto& member) {
    const Partition partition = world_.pipeline().PartitionOfCustomer(member);
    return world_.archive().End(partition).next < world_.pipeline().progress(partition).applied;
  });
}

// What an answer rests on, by the present and by the past.
void Life::CheckTogether(const std::string& name) {
  const int64_t day = known_dice_.Chance(500) ? kLater : 15'000 + known_dice_.Roll(1'600);
  const std::vector<Offset> nexts = Applied();
  const OracleGroup group = GroupOf(name, nexts);
  const auto read = world_.ReadRelationship(name, {day * kMicrosPerDay, {}});
  if (!read.ok() && MustWait(group)) return;
  if (!read.ok()) return Fail(absl::StrCat(name, ", together: ", read.status().ToString()));
  const std::vector<std::string> members(group.members.begin(), group.members.end());
  if (read->group.members != members || read->group.survivor != group.survivor) {
    return Fail(absl::StrCat(name, " is one with ", absl::StrJoin(read->group.members, ", "),
                             " as ", read->group.survivor, ", and should be with ",
                             absl::StrJoin(members, ", "), " as ", group.survivor));
  }
  fold::EvaluateOptions options;
  options.quarantined = oracle_.Quarantined(group, nexts) > 0;
  for (const std::string& member : members) {
    const Partition partition = world_.pipeline().PartitionOfCustomer(member);
    options.lost = options.lost || world_.archive().End(partition).complete_from > 0;
  }
  result_.merged_reads += members.size() > 1;
  if (read->standing.SerializeAsString() ==
      oracle_.StandingAt(group, nexts, day * kMicrosPerDay, options)) {
    return;
  }
  Fail(absl::StrCat(name, " stands otherwise together with ", absl::StrJoin(members, ", ")));
}

}  // namespace rapport::simulation
