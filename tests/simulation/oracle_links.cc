// Who is one with whom, by looking at everybody and at all pairs.
#include "absl/strings/str_cat.h"
#include "tests/simulation/oracle.h"

namespace rapport::simulation {
namespace {

using Everyone = std::map<std::string, OracleCustomer>;
// Who goes into whom.
using Pairs = std::set<std::pair<std::string, std::string>>;

// What `one` says of the other when it says that they are one; null otherwise.
const Said* SaysOne(const Everyone& all, const std::string& one, const std::string& other) {
  const auto customer = all.find(one);
  if (customer == all.end() || customer->second.erased) return nullptr;
  const auto said = customer->second.links.find(other);
  if (said == customer->second.links.end() || said->second.says == Made::Says::kSplit) {
    return nullptr;
  }
  return &said->second;
}

// Where both say it, the later word says who goes; of words of one moment each does.
Pairs PairsOf(const Everyone& all) {
  Pairs pairs;
  for (const auto& [one, customer] : all) {
    for (const auto& [other, unused] : customer.links) {
      const Said* mine = SaysOne(all, one, other);
      const Said* theirs = SaysOne(all, other, one);
      if (mine == nullptr || theirs == nullptr || mine->moment < theirs->moment) continue;
      const bool goes = mine->says == Made::Says::kGoesInto;
      pairs.emplace(goes ? one : other, goes ? other : one);
    }
  }
  return pairs;
}

std::set<std::string> ReachedFrom(const std::string& name, const Pairs& pairs, bool both_ways) {
  std::set<std::string> reached = {name};
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto& [from, into] : pairs) {
      if (reached.contains(from)) grows |= reached.insert(into).second;
      if (both_ways && reached.contains(into)) grows |= reached.insert(from).second;
    }
  }
  return reached;
}

// Nobody goes further than where the way comes back.
bool IsEnd(const std::string& member, const Pairs& pairs) {
  for (const std::string& reached : ReachedFrom(member, pairs, false)) {
    if (!ReachedFrom(reached, pairs, false).contains(member)) return false;
  }
  return true;
}

}  // namespace

void Oracle::AddLink(Partition partition, Offset offset, OracleCustomer& customer) const {
  const Made& made = MadeAt(partition, offset);
  if (made.is_engines && made.valid.kind == v1::KIND_ERASURE_REQUESTED) customer.erased = true;
  if (made.other.empty()) return;
  const auto event = Counting(customer, partition, offset);
  // What was put right is a merge no more.
  if (!event.has_value() || event->kind != made.valid.kind) return;
  const auto [said, is_first] =
      customer.links.try_emplace(made.other, Said{event->moment(), made.says});
  if (!is_first && said->second.moment < event->moment()) {
    said->second = {event->moment(), made.says};
  }
}

std::string Oracle::LinksDifference(const OracleCustomer& wanted, const Links& links) {
  if (links.erased() != wanted.erased) {
    return wanted.erased ? "links though it was erased" : "been erased and was not";
  }
  if (wanted.erased) return "";
  if (links.all().size() != wanted.links.size()) {
    return absl::StrCat("links to ", links.all().size(), ", not ", wanted.links.size());
  }
  for (const Link& link : links.all()) {
    const auto said = wanted.links.find(link.other);
    if (said == wanted.links.end()) return absl::StrCat("a link to ", link.other);
    if (link.moment != said->second.moment ||
        static_cast<int>(link.word) != static_cast<int>(said->second.says)) {
      return absl::StrCat("another link to ", link.other);
    }
  }
  return "";
}

Everyone Oracle::Everybody(const std::vector<Offset>& nexts) const {
  Everyone all;
  for (size_t i = 0; i < nexts.size(); ++i) {
    const auto partition = static_cast<Partition>(i);
    OraclePartition state;
    for (const auto& [offset, known] : records_[i]) {
      if (offset >= nexts[i]) break;
      FoldRecord(partition, offset, known, state);
    }
    for (auto& [name, customer] : state.customers) {
      for (const Offset offset : customer.touches) AddLink(partition, offset, customer);
    }
    // What else there is stands under the key of records that are bad.
    std::erase_if(state.customers, [](const auto& entry) { return entry.second.touches.empty(); });
    all.merge(state.customers);
  }
  return all;
}

OracleGroup Oracle::GroupOf(const std::string& name, const std::vector<Offset>& nexts) const {
  const Pairs pairs = PairsOf(Everybody(nexts));
  OracleGroup group;
  group.members = ReachedFrom(name, pairs, true);
  for (const std::string& member : group.members) {
    if (!group.survivor.empty() || !IsEnd(member, pairs)) continue;
    group.survivor = member;
  }
  return group;
}

std::string Oracle::StandingAt(const OracleGroup& group, const std::vector<Offset>& nexts,
                               int64_t as_of_us, const fold::EvaluateOptions& options) const {
  Facts facts(projection_);
  for (size_t i = 0; i < nexts.size(); ++i) {
    const auto partition = static_cast<Partition>(i);
    for (const std::string& member : group.members) {
      const OraclePartition state = Fold(partition, nexts[i], member);
      const auto customer = state.customers.find(member);
      if (customer == state.customers.end()) continue;
      for (const Offset offset : customer->second.touches) {
        const auto event = Standing(customer->second, partition, offset);
        if (event.has_value() && event->occurred_at_us <= as_of_us) facts.Fold(*event);
      }
    }
  }
  v1::Standing standing;
  projection_->Evaluate(group.survivor, facts.get(), as_of_us, options, standing);
  return standing.SerializeAsString();
}

uint32_t Oracle::Quarantined(const OracleGroup& group, const std::vector<Offset>& nexts) const {
  uint32_t quarantined = 0;
  for (const auto& [name, customer] : Everybody(nexts)) {
    if (group.members.contains(name)) quarantined += customer.quarantined;
  }
  return quarantined;
}

}  // namespace rapport::simulation
