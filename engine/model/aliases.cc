#include "engine/model/aliases.h"

#include <algorithm>
#include <tuple>

#include "engine/base/coding.h"

namespace rapport {
namespace {

// All that stands when the customer was erased; one byte is less than one alias.
constexpr char kErased = 0;

}  // namespace

Aliases& Aliases::operator=(const Aliases& other) {
  linked_ = other.linked_ == nullptr ? nullptr : std::make_unique<Linked>(*other.linked_);
  return *this;
}

Aliases::Linked& Aliases::Made() {
  if (linked_ == nullptr) linked_ = std::make_unique<Linked>();
  return *linked_;
}

const Moment* Aliases::Find(const Hash128& lookup) const {
  if (linked_ == nullptr) return nullptr;
  for (const Alias& alias : linked_->all) {
    if (alias.lookup == lookup) return &alias.moment;
  }
  return nullptr;
}

void Aliases::Link(const Hash128& lookup, const Moment& moment) {
  if (erased()) return;
  std::vector<Alias>& all = Made().all;
  const auto at =
      std::lower_bound(all.begin(), all.end(), lookup,
                       [](const Alias& alias, const Hash128& hash) { return alias.lookup < hash; });
  if (at != all.end() && at->lookup == lookup) {
    if (at->moment < moment) at->moment = moment;
    return;
  }
  all.insert(at, {lookup, moment});
  if (all.size() <= kMax) return;
  // One customer's events have moments of their own.
  all.erase(std::min_element(all.begin(), all.end(), [](const Alias& a, const Alias& b) {
    return std::tie(a.moment, a.lookup) < std::tie(b.moment, b.lookup);
  }));
}

void Aliases::Erase() {
  Made().erased = true;
  Made().all.clear();
}

std::string Aliases::Encode() const {
  std::string out;
  if (linked_ == nullptr) return out;
  if (erased()) out.push_back(kErased);
  for (const Alias& alias : linked_->all) {
    out.append(alias.lookup.begin(), alias.lookup.end());
    AppendMoment(out, alias.moment);
  }
  return out;
}

bool Aliases::Decode(absl::string_view bytes, Aliases& aliases) {
  aliases = {};
  if (bytes == absl::string_view(&kErased, 1)) {
    aliases.Erase();
    return true;
  }
  while (!bytes.empty()) {
    absl::string_view hash;
    Alias alias;
    if (!TakeBytes(bytes, alias.lookup.size(), hash) || !TakeMoment(bytes, alias.moment)) {
      return false;
    }
    std::copy(hash.begin(), hash.end(), alias.lookup.begin());
    std::vector<Alias>& all = aliases.Made().all;
    if (all.size() == kMax || (!all.empty() && !(all.back().lookup < alias.lookup))) return false;
    all.push_back(alias);
  }
  return true;
}

size_t Aliases::HeapBytes() const {
  return linked_ == nullptr ? 0 : sizeof(Linked) + linked_->all.capacity() * sizeof(Alias);
}

}  // namespace rapport
