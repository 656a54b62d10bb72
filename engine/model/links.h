// Links: with whom a customer is one, as the records under the customer's own id say.
//
// CustomerMerged and CustomerSplit name two customers; of each other customer the word of the
// greatest moment counts, so the order in which they come does not. A split is a word, too: it is
// kept, and undoes merges of lesser moments only. Both customers must say that they are one before
// they are (group.h).
//
//   Links links;
//   links.Say({"cust-2", event.moment(), Link::Word::kGoesInto});
//
// Whoever was erased is one with nobody, whatever is said before or later.
//
// Threads: as safe as a plain value. Memory: a pointer while nothing was said.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/model/ids.h"

namespace rapport {

// What was said last about one other customer. The numbers stand on disk.
struct Link {
  enum class Word : uint8_t {
    kSplit = 0,
    // The other goes on, this one is joined to it.
    kGoesInto = 1,
    // This one goes on, the other is joined to it.
    kTakesIn = 2,
  };
  std::string other;
  Moment moment;
  Word word = Word::kSplit;

  bool operator==(const Link&) const = default;
};

class Links {
 public:
  Links() = default;
  Links(const Links& other) { *this = other; }
  Links(Links&&) = default;
  Links& operator=(const Links& other);
  Links& operator=(Links&&) = default;

  // Nothing was ever said.
  bool empty() const { return said_ == nullptr; }
  bool erased() const { return said_ != nullptr && said_->erased; }
  // Ascending by the other's bytes; splits are among them.
  const std::vector<Link>& all() const;
  // What was said of one other; null when nothing was.
  const Link* Find(absl::string_view other) const;

  // Takes in one word; it counts unless one of a greater moment is known.
  // REQUIRES: `link.other` is not empty.
  void Say(Link link);
  // Forgets all, for good.
  void Erase();

  // As a row keeps them, see docs/format.md; empty while nothing was said.
  std::string Encode() const;
  // False when `bytes` are not links.
  static bool Decode(absl::string_view bytes, Links& links);

  // Bytes beside the object.
  size_t HeapBytes() const;

  friend bool operator==(const Links& a, const Links& b);

 private:
  struct Said {
    bool erased = false;
    std::vector<Link> links;
    bool operator==(const Said&) const = default;
  };
  std::unique_ptr<Said> said_;
};

}  // namespace rapport
