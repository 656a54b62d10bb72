#include "engine/model/links.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/coding.h"

namespace rapport {
namespace {

// In place of the first link: no customer's id has no bytes.
constexpr char kErased = 0;

bool IsBefore(const Link& link, absl::string_view other) { return link.other < other; }

bool TakeLink(absl::string_view& in, Link& link) {
  absl::string_view other, word;
  if (!TakeSized(in, other) || other.empty() || !TakeMoment(in, link.moment) ||
      !TakeBytes(in, 1, word) || static_cast<uint8_t>(word[0]) > 2) {
    return false;
  }
  link.other = std::string(other);
  link.word = static_cast<Link::Word>(word[0]);
  return true;
}

}  // namespace

Links& Links::operator=(const Links& other) {
  said_ = other.said_ == nullptr ? nullptr : std::make_unique<Said>(*other.said_);
  return *this;
}

const std::vector<Link>& Links::all() const {
  static const std::vector<Link>* const none = new std::vector<Link>;
  return said_ == nullptr ? *none : said_->links;
}

const Link* Links::Find(absl::string_view other) const {
  const auto link = std::lower_bound(all().begin(), all().end(), other, IsBefore);
  return link == all().end() || link->other != other ? nullptr : &*link;
}

void Links::Say(Link link) {
  RAPPORT_CHECK(!link.other.empty());
  if (erased()) return;
  if (said_ == nullptr) said_ = std::make_unique<Said>();
  std::vector<Link>& links = said_->links;
  const auto at = std::lower_bound(links.begin(), links.end(), link.other, IsBefore);
  if (at == links.end() || at->other != link.other) {
    links.insert(at, std::move(link));
    return;
  }
  // Of one moment, which one customer's events do not have, the greater word.
  if (std::tie(at->moment, at->word) < std::tie(link.moment, link.word)) *at = std::move(link);
}

void Links::Erase() {
  said_ = std::make_unique<Said>();
  said_->erased = true;
}

std::string Links::Encode() const {
  std::string out;
  if (erased()) out.push_back(kErased);
  for (const Link& link : all()) {
    AppendSized(out, link.other);
    AppendMoment(out, link.moment);
    out.push_back(static_cast<char>(link.word));
  }
  return out;
}

bool Links::Decode(absl::string_view bytes, Links& links) {
  links = {};
  if (bytes.empty()) return true;
  if (bytes == absl::string_view(&kErased, 1)) {
    links.Erase();
    return true;
  }
  links.said_ = std::make_unique<Said>();
  std::vector<Link>& all = links.said_->links;
  while (!bytes.empty()) {
    Link link;
    if (!TakeLink(bytes, link)) return false;
    if (!all.empty() && all.back().other >= link.other) return false;
    all.push_back(std::move(link));
  }
  return true;
}

size_t Links::HeapBytes() const {
  if (said_ == nullptr) return 0;
  size_t bytes = sizeof(Said) + said_->links.capacity() * sizeof(Link);
  for (const Link& link : said_->links) bytes += link.other.capacity();
  return bytes;
}

bool operator==(const Links& a, const Links& b) {
  if (a.said_ == nullptr || b.said_ == nullptr) return a.said_ == b.said_;
  return *a.said_ == *b.said_;
}

}  // namespace rapport
