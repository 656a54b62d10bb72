#include "engine/model/group.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "engine/base/status_macros.h"

namespace rapport {
namespace {

bool Holds(const Link* link) { return link != nullptr && link->word != Link::Word::kSplit; }

// Finds the ends of arrows: parts of a graph whose nodes all lead to one another and to nothing
// else. Each node and arrow is looked at once (Tarjan's strongly connected components, without
// recursion).
class Ends {
 public:
  explicit Ends(std::vector<std::vector<size_t>> into)
      : into_(std::move(into)), order_(into_.size(), 0), low_(into_.size(), 0) {}

  // The least node of all ends. REQUIRES: there is a node.
  size_t Least() {
    for (size_t node = 0; node < into_.size(); ++node) {
      if (order_[node] == 0) Walk(node);
    }
    return least_;
  }

 private:
  struct Step {
    size_t node = 0;
    size_t next_arrow = 0;
  };

  void Enter(size_t node) {
    order_[node] = low_[node] = ++entered_;
    open_.push_back(node);
    path_.push_back({node, 0});
  }

  void Walk(size_t first) {
    Enter(first);
    while (!path_.empty()) {
      Step& step = path_.back();
      const size_t node = step.node;
      if (step.next_arrow < into_[node].size()) {
        const size_t next = into_[node][step.next_arrow++];
        if (order_[next] == 0) {
          Enter(next);
        } else {
          low_[node] = std::min(low_[node], low_[next]);
        }
        continue;
      }
      path_.pop_back();
      if (!path_.empty()) low_[path_.back().node] = std::min(low_[path_.back().node], low_[node]);
      if (low_[node] == order_[node]) Close(node);
    }
  }

  // Takes out the part that was entered by `node`. What it leads to was taken out before, and has
  // kClosed for its order.
  void Close(size_t node) {
    auto begin = open_.end() - 1;
    while (*begin != node) --begin;
    bool is_end = true;
    size_t least = node;
    for (auto member = begin; member != open_.end(); ++member) low_[*member] = order_[node];
    for (auto member = begin; member != open_.end(); ++member) {
      least = std::min(least, *member);
      for (const size_t next : into_[*member]) is_end = is_end && low_[next] == order_[node];
    }
    for (auto member = begin; member != open_.end(); ++member) low_[*member] = kClosed;
    open_.erase(begin, open_.end());
    if (is_end) least_ = std::min(least_, least);
  }

  static constexpr size_t kClosed = SIZE_MAX;

  const std::vector<std::vector<size_t>> into_;
  // When a node was entered, 0 before; the earliest that it leads back to, kClosed at last.
  std::vector<size_t> order_;
  std::vector<size_t> low_;
  size_t entered_ = 0;
  std::vector<size_t> open_;
  std::vector<Step> path_;
  size_t least_ = SIZE_MAX;
};

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
  bool AddMember(const std::string& member) { return into_.try_emplace(member).second; }

  absl::StatusOr<const Links*> LinksKnown(const std::string& customer) {
    const auto known = links_.find(customer);
    if (known != links_.end()) return &known->second;
    ASSIGN_OR_RETURN(Links links, links_of_(customer));
    return &links_.emplace(customer, std::move(links)).first->second;
  }

  void AddArrow(const std::string& from, const std::string& into) { into_[from].insert(into); }

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
    std::vector<const std::string*> names;
    std::map<absl::string_view, size_t> places;
    for (const auto& [member, into] : into_) {
      places.emplace(member, names.size());
      names.push_back(&member);
    }
    std::vector<std::vector<size_t>> arrows;
    for (const auto& [member, into] : into_) {
      std::vector<size_t>& own = arrows.emplace_back();
      for (const std::string& next : into) own.push_back(places.at(next));
    }
    return *names[Ends(std::move(arrows)).Least()];
  }

  const LinksOf links_of_;
  std::map<std::string, Links> links_;
  // Each member -> whom it goes into.
  std::map<std::string, std::set<std::string>> into_;
};

}  // namespace

absl::StatusOr<Group> FindGroup(absl::string_view customer_id, LinksOf links_of) {
  Web web(links_of);
  RETURN_IF_ERROR(web.Follow(std::string(customer_id)));
  return web.Take();
}

}  // namespace rapport
