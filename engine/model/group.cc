#include "engine/model/group.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport {
namespace {

using Names = std::set<std::string>;
// Each member -> its neighbours in one direction.
using Arrows = std::map<std::string, Names>;

bool Holds(const Link* link) { return link != nullptr && link->word != Link::Word::kSplit; }

// `from` and all that arrows lead to from there.
Names Reach(const Arrows& arrows, Names from) {
  std::vector<std::string> open(from.begin(), from.end());
  while (!open.empty()) {
    const std::string one = std::move(open.back());
    open.pop_back();
    for (const std::string& next : arrows.at(one)) {
      if (from.insert(next).second) open.push_back(next);
    }
  }
  return from;
}

// The members of a group and who goes into whom.
class Web {
 public:
  explicit Web(LinksOf links_of) : links_of_(links_of) {}

  absl::Status Follow(const std::string& first) {
    std::vector<std::string> open = {first};
    AddMember(first);
    while (!open.empty()) {
      const std::string one = std::move(open.back());
      open.pop_back();
      ASSIGN_OR_RETURN(const Links* links, LinksKnown(one));
      for (const Link& link : links->all()) {
        if (!Holds(&link)) continue;
        ASSIGN_OR_RETURN(const Links* others, LinksKnown(link.other));
        const Link* back = others->Find(one);
        if (!Holds(back)) continue;
        if (AddMember(link.other)) open.push_back(link.other);
        Direct(one, link, *back);
      }
    }
    return absl::OkStatus();
  }

  Group Take() const {
    Group group;
    for (const auto& [member, into] : into_) group.members.push_back(member);
    group.survivor = Survivor();
    return group;
  }

 private:
  bool AddMember(const std::string& member) {
    from_[member];
    return into_.try_emplace(member).second;
  }

  absl::StatusOr<const Links*> LinksKnown(const std::string& customer) {
    const auto known = links_.find(customer);
    if (known != links_.end()) return &known->second;
    ASSIGN_OR_RETURN(Links links, links_of_(customer));
    return &links_.emplace(customer, std::move(links)).first->second;
  }

  void AddArrow(const std::string& from, const std::string& into) {
    into_[from].insert(into);
    from_[into].insert(from);
  }

  // Notes the direction that `one` and the other give their link. Of one moment both count.
  void Direct(const std::string& one, const Link& link, const Link& back) {
    const bool own_counts = link.moment >= back.moment;
    const bool back_counts = back.moment >= link.moment;
    const bool goes = link.word == Link::Word::kGoesInto;
    const bool back_goes = back.word == Link::Word::kGoesInto;
    if ((own_counts && goes) || (back_counts && !back_goes)) AddArrow(one, link.other);
    if ((own_counts && !goes) || (back_counts && back_goes)) AddArrow(link.other, one);
  }

  // The least of those that all they go into comes back to.
  std::string Survivor() const {
    Names ends;
    for (const auto& [member, into] : into_) {
      if (into.empty()) ends.insert(member);
    }
    // What leads to a plain end, or to where there is no way back from, is none.
    Names passed = Reach(from_, ends);
    for (const std::string& end : ends) passed.erase(end);
    for (const auto& [member, into] : into_) {
      if (passed.contains(member)) continue;
      const Names onward = Reach(into_, {member}), back = Reach(from_, {member});
      if (std::includes(back.begin(), back.end(), onward.begin(), onward.end())) return member;
      passed.insert(back.begin(), back.end());
    }
    RAPPORT_CHECK(false) << "links that run on for ever";
    return "";
  }

  const LinksOf links_of_;
  std::map<std::string, Links> links_;
  Arrows into_;
  Arrows from_;
};

}  // namespace

absl::StatusOr<Group> FindGroup(absl::string_view customer_id, LinksOf links_of) {
  Web web(links_of);
  RETURN_IF_ERROR(web.Follow(std::string(customer_id)));
  return web.Take();
}

}  // namespace rapport
